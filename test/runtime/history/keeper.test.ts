import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryStore, openMemoryStore } from '../../../src/adapters/store/index.ts'
import { sha256 } from '../../../src/core/canonical.ts'
import { isJsonObject } from '../../../src/core/json.ts'
import type { Store } from '../../../src/ports/store.ts'
import { markContents } from '../../../src/runtime/history/mark.ts'
import { foldNamed, type ReplayBundle, replay } from '../../../src/runtime/replay.ts'
import { all } from '../../contract/store.suite.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../../support/memory-git.ts'
import type { MemoryTarget } from '../../support/memory-target.ts'
import { OTTO, type RuntimeOptions, type RuntimeWorld, startRuntime } from '../../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'

const HOUR = 3_600_000
const STREAM = 'environment/dev'
const LIMITS = { entries: 20, ageMs: HOUR, deployments: 10, releases: 3 }

let clock: VirtualClock
let git: MemoryGit
let pairs: Map<string, string>
let store: MemoryStore
let world: RuntimeWorld
let targets: Map<string, MemoryTarget>
beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  pairs = new Map()
  store = await openMemoryStore(pairs)
  targets = new Map()
})

async function started(over: Partial<RuntimeOptions> = {}): Promise<void> {
  world = await startRuntime({ clock, git, store, targets, history: LIMITS, collectEveryMs: 2 * HOUR, ...over })
  await clock.advance(1_000)
}

async function restarted(over: Partial<RuntimeOptions> = {}): Promise<void> {
  await world.stop()
  await store.close()
  store = await openMemoryStore(pairs)
  await started(over)
}

const declared = (title: string) => git.commit({ 'environments/dev/parcels.yaml': layerFile('parcels', { title }) })
const deployed = async (title: string): Promise<void> => {
  declared(title)
  await clock.advance(60_000)
  expect(world.controller.host('dev')?.actor.path).toBe('Synced.quiet')
}
const contents = () => [...pairs.keys()].filter((key) => key.startsWith('c')).length
const kept = () => store.extents().find(({ stream }) => stream === STREAM) ?? { base: 0, head: 0 }

async function bundleOf(from: Store): Promise<ReplayBundle> {
  const [stored, base] = [await from.snapshot(STREAM), await from.base(STREAM)]
  if (stored === undefined || !isJsonObject(stored.snapshot)) throw new Error('nothing is stored')
  return {
    format: 'honua-replay',
    version: 1,
    stream: STREAM,
    machine: stored.machine,
    input: { name: 'dev' },
    ...(base === undefined || !isJsonObject(base.snapshot)
      ? {}
      : { base: { sequence: base.sequence, state: base.state, snapshot: base.snapshot } }),
    entries: await all(from.journal(STREAM)),
    snapshot: stored.snapshot,
  }
}

describe('the history keeper', () => {
  it('shortens a journal to the entries and the age that the configuration names, and what is left replays', async () => {
    await started()
    await deployed('one')
    await clock.advance(10 * HOUR)
    const { base, head } = kept()
    expect(base).toBeGreaterThan(100)
    const entries = await all(store.journal(STREAM))
    expect(entries.length).toBe(head - base)
    // At most what an hour brings, and what is let go in one go.
    expect(entries.length).toBeLessThanOrEqual(2 * 12 + 10 + 4)
    expect(entries[0]?.at).toBeGreaterThan(clock.now() - 2 * HOUR)
    const bundle = await bundleOf(store)
    expect(replay(bundle).divergence).toBeNull()
    expect(replay({ ...bundle, entries: bundle.entries.slice(1) }).divergence?.message).toContain('missing')
    const forged = { ...bundle.base, snapshot: { value: 'Unknown', context: {} } } as NonNullable<ReplayBundle['base']>
    expect(replay({ ...bundle, base: forged }).divergence?.message).toContain('state to begin with')
    await store.verify()
  })

  it('keeps what is younger than the age, however many entries there are', async () => {
    await started({ history: { ...LIMITS, entries: 10, ageMs: 30 * HOUR } })
    await deployed('one')
    await clock.advance(20 * HOUR)
    expect(kept().base).toBe(0)
    await clock.advance(30 * HOUR)
    expect(kept().base).toBeGreaterThan(0)
  })

  it('goes on after a restart upon a shortened journal, and back to an older release', async () => {
    await started()
    await deployed('one')
    await deployed('two')
    await clock.advance(10 * HOUR)
    await restarted()
    await deployed('three')
    expect(await world.facade.rollback('dev', { reason: 'test', to: null, plan: null }, OTTO)).toMatchObject({
      ok: true,
    })
    await clock.advance(60_000)
    expect(JSON.stringify([...world.target('dev').resources.values()])).toContain('"two"')
  })

  it('keeps the newest deployments, and the newest completed ones whatever came after them', async () => {
    await started()
    for (const title of ['one', 'two', 'three', 'four', 'five']) await deployed(title)
    world.target('dev').refusal = 'no'
    for (let n = 0; n < 15; n += 1) {
      declared(`bad ${n}`)
      await clock.advance(60_000)
    }
    await clock.advance(HOUR)
    const records = await all(world.facade.deployments())
    const completed = records.filter(({ state }) => state === 'Completed').map(({ id }) => id)
    expect([records.length, completed.length]).toEqual([LIMITS.deployments + LIMITS.releases, LIMITS.releases])
    const audited = await all(store.audit())
    expect(audited.filter(({ action }) => action === 'deployment.completed')).toHaveLength(5)
  })

  it('collects what only old deployments referred to, and nothing else', async () => {
    await started({ history: { ...LIMITS, deployments: 10, releases: 1 } })
    for (let n = 0; n < 40; n += 1) await deployed(`title ${n}`)
    const before = contents()
    await clock.advance(14 * HOUR)
    expect(contents()).toBeLessThan(before / 2)
    for await (const { release, plan, backup } of world.facade.deployments())
      for (const digest of [release, plan.digest, backup ?? release]) {
        expect(await store.content(digest)).toBeDefined()
        await world.controller.parts.world.bundles.bundle(release)
      }
    const isKept = await markContents(store, new AbortController().signal)
    expect([...pairs.keys()].filter((key) => key.startsWith('c') && !isKept(key.slice(2)))).toEqual([])
  })

  it('takes nothing from a request that waits for days', async () => {
    await started({ settings: () => ({ autoSync: false, approvalTtlMs: 90 * HOUR }) })
    declared('asked')
    await clock.advance(60 * HOUR)
    const id = world.controller.host('dev')?.context.attempt?.id ?? ''
    expect(kept().base).toBeGreaterThan(100)
    await restarted({ settings: () => ({ autoSync: false, approvalTtlMs: 90 * HOUR }) })
    expect(await world.facade.approve(id, { reason: 'late', plan: null }, OTTO)).toMatchObject({ ok: true })
    await clock.advance(60_000)
    expect(world.controller.host('dev')?.actor.path).toBe('Synced.quiet')
  })

  it('keeps a journal whole that does not lead to the states it names', async () => {
    await started()
    await deployed('one')
    const fold = foldNamed('environment', { name: 'dev' })
    const wrong = JSON.parse(JSON.stringify(fold.initial({ name: 'dev' })))
    const { head } = kept()
    await world.stop()
    const machine = fold.name
    await store.append({
      stream: STREAM,
      expectedSequence: head,
      entry: { at: clock.now(), event: { type: 'timer.fired' }, state: sha256(JSON.stringify(wrong)) },
      machine,
      snapshot: wrong,
      documents: [],
      audit: [],
    })
    await restarted()
    await clock.advance(20 * HOUR)
    expect(kept().base).toBe(0)
  })
})
