import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Store } from '../../src/ports/store.ts'
import { layerFile } from '../support/builders/layers.ts'
import { memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000

/** A target that makes two writes at once and the third only when it is told to. */
let target: MemoryTarget
let goOn: () => void
let world: RuntimeWorld
let clock: VirtualClock
let store: Store

beforeEach(async () => {
  clock = virtualClock()
  store = await openMemoryStore()
  target = new MemoryTarget()
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  target.beforeWrite = async () => (target.writes === 2 ? gate : undefined)
  const git = memoryGit()
  const files = ['a', 'b', 'c', 'd'].map((name) => [`environments/dev/${name}.yaml`, layerFile(name)] as const)
  git.commit(Object.fromEntries(files))
  world = await startRuntime({ clock, git, store, targets: new Map([['dev', target]]) })
  await clock.advance(MINUTE)
})
afterEach(() => world.stop())

const path = () => world.facade.environment('dev')?.path
const progress = () => world.facade.progress('dev')

describe('the progress of a deployment', () => {
  it('is told while it is written, and forgotten when that has ended', async () => {
    expect([path(), progress()]).toEqual(['Deploying.applying', [{ target: 'memory', done: 2, total: 4 }]])
    goOn()
    await clock.advance(MINUTE)
    expect([path(), progress()]).toEqual(['Synced.quiet', []])
  })

  it('leaves nothing in the journal: it has an entry for the wave, and none for a write', async () => {
    goOn()
    await clock.advance(MINUTE)
    const types: unknown[] = []
    for await (const { event } of store.journal('environment/dev')) types.push(event['type'])
    expect(types.filter((type) => type === 'wave.applied')).toHaveLength(1)
    expect(types.length).toBeLessThan(12)
  })

  it('is forgotten when the target refuses in the middle', async () => {
    target.beforeWrite = () => Promise.reject(new Error('the target breaks'))
    goOn()
    await clock.advance(10 * MINUTE)
    expect([target.writes, progress()]).toEqual([3, []])
  })
})
