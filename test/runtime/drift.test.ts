import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { DriftSettings, IgnoreRule } from '../../src/core/vocabulary.ts'
import type { Store } from '../../src/ports/store.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { OTTO, type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000
const LAYER = 'Layer/default/a'

let clock: VirtualClock
let git: MemoryGit
let store: Store
let target: MemoryTarget
let world: RuntimeWorld

beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  store = await openMemoryStore()
  target = new MemoryTarget()
  git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'declared' }) })
})

/** An environment that looks every minute, deployed. */
async function running(mode: DriftSettings['mode'], ignore: readonly IgnoreRule[] = []): Promise<void> {
  const drift = { mode, initialDelayMs: 2 * MINUTE, maxDelayMs: 60 * MINUTE }
  const settings = () => ({ reconcileIntervalMs: MINUTE, drift, ignore })
  world = await startRuntime({ clock, git, store, settings, targets: new Map([['dev', target]]) })
  await clock.advance(MINUTE)
}

const path = () => world.facade.environment('dev')?.path
const title = () => target.resources.get(LAYER)?.spec['title']
const drifted = () => world.facade.drift('dev')

describe('drift that is only told', () => {
  beforeEach(async () => {
    await running('warn')
    target.drift(LAYER, 'by hand')
    await clock.advance(2 * MINUTE)
  })

  it('stays as it is, and the environment is not called Synced', async () => {
    expect([path(), title(), target.writes]).toEqual(['OutOfSync.waiting', 'by hand', 1])
    const { waiting } = world.facade.environment('dev')?.context ?? {}
    expect([waiting?.reason, waiting?.message]).toEqual(['drift', expect.stringContaining('drift: warn')])
  })

  it('is told by resource, with since when, however often it is looked at and across a restart', async () => {
    const [first] = await drifted()
    expect(first).toMatchObject({ target: 'memory', key: LAYER, action: 'update' })
    await clock.advance(10 * MINUTE)
    await world.stop()
    await running('warn')
    await clock.advance(10 * MINUTE)
    expect(await drifted()).toEqual([first])
  })

  it('of another resource has a since of its own', async () => {
    const [first] = await drifted()
    await clock.advance(5 * MINUTE)
    target.resources.delete(LAYER)
    await clock.advance(2 * MINUTE)
    const [later] = await drifted()
    expect([later?.since, later?.action]).toEqual([first?.since, 'create'])
  })

  it('that goes away by itself is forgotten', async () => {
    target.drift(LAYER, 'declared')
    await clock.advance(2 * MINUTE)
    expect([path(), await drifted()]).toEqual(['Synced.quiet', []])
  })

  it('is put back when a person asks', async () => {
    await world.facade.sync('dev', OTTO)
    await clock.advance(MINUTE)
    expect([path(), title(), await drifted()]).toEqual(['Synced.quiet', 'declared', []])
  })

  it('is overwritten by the next commit', async () => {
    git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'newer' }) })
    await clock.advance(2 * MINUTE)
    expect([path(), title()]).toEqual(['Synced.quiet', 'newer'])
  })
})

describe('a field that an ignore rule names', () => {
  const TITLES = [{ kind: 'Layer', pointer: '/spec/title' }]

  it('is no drift, whatever is written there by hand', async () => {
    await running('heal', TITLES)
    target.drift(LAYER, 'by hand')
    await clock.advance(10 * MINUTE)
    expect([path(), title(), target.writes, await drifted()]).toEqual(['Synced.quiet', 'by hand', 1, []])
  })

  it('hides nothing else: its resource that is taken away is drift', async () => {
    await running('warn', TITLES)
    target.resources.delete(LAYER)
    await clock.advance(2 * MINUTE)
    expect([path(), await drifted()]).toEqual([
      'OutOfSync.waiting',
      [expect.objectContaining({ key: LAYER, action: 'create' })],
    ])
  })
})

describe('drift that is ignored', () => {
  it('is not looked for between commits, and a person who asks for a sync puts it back', async () => {
    await running('ignore')
    target.drift(LAYER, 'by hand')
    await clock.advance(60 * MINUTE)
    expect([path(), title(), world.facade.environment('dev')?.context.nextLookAt]).toEqual([
      'Synced.quiet',
      'by hand',
      null,
    ])
    await world.facade.sync('dev', OTTO)
    await clock.advance(MINUTE)
    expect([path(), title()]).toEqual(['Synced.quiet', 'declared'])
  })
})

describe('drift that is healed', () => {
  /** Somebody who changes it back whenever it was healed; the moments at which it was healed, in minutes. */
  async function fought(minutes: number): Promise<readonly number[]> {
    const healed: number[] = []
    for (let minute = 0; minute < minutes; minute += 1) {
      if (title() === 'declared') {
        healed.push(minute)
        target.drift(LAYER, 'by hand')
      }
      await clock.advance(MINUTE)
    }
    return healed.slice(1)
  }

  it('is put back at once, and each further time after a pause twice as long', async () => {
    await running('heal')
    const healed = await fought(80)
    const pauses = healed.slice(1).map((at, index) => at - (healed[index] ?? 0))
    expect(healed[0]).toBeLessThanOrEqual(2)
    expect(pauses.every((pause, index) => pause >= 2 * 2 ** index && pause <= 2 * 2 ** index + 2)).toBe(true)
    expect(pauses.length).toBeGreaterThanOrEqual(4)
  })

  it('is put back at once again after it stayed away for its pause', async () => {
    await running('heal')
    await fought(20)
    await clock.advance(60 * MINUTE)
    expect([path(), title()]).toEqual(['Synced.quiet', 'declared'])
    expect((await fought(4))[0]).toBeLessThanOrEqual(2)
  })

  it('is healed towards what was deployed, never towards a commit that nobody approved', async () => {
    await running('heal')
    await world.facade.hold('dev', { reason: 'freeze', until: null }, OTTO)
    git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'not yet' }) })
    target.drift(LAYER, 'by hand')
    await clock.advance(30 * MINUTE)
    expect([path(), title()]).toEqual(['OutOfSync.held', 'by hand'])
  })
})
