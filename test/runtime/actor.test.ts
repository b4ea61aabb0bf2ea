import { describe, expect, it } from 'vitest'
import { environmentMachine, environmentVersion } from '../../machines/environment/machine.ts'
import type {
  EnvironmentContext,
  EnvironmentEvent,
  EnvironmentFact,
  EnvironmentInput,
} from '../../machines/environment/types.ts'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import { isJsonObject } from '../../src/core/json.ts'
import type { Store } from '../../src/ports/store.ts'
import { DurableActor } from '../../src/runtime/actor.ts'
import { foldOf } from '../../src/runtime/fold.ts'
import { EnvironmentRecords } from '../../src/runtime/records.ts'
import { type ReplayBundle, replay } from '../../src/runtime/replay.ts'
import { ANNA, aDecision, aHead, aPlan, someSettings } from '../support/builders/environment.ts'
import { silentLog } from '../support/silent-log.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const fold = foldOf<EnvironmentContext, EnvironmentEvent, EnvironmentInput>(environmentMachine, environmentVersion, {
  name: '',
})
const STREAM = 'environment/production'

async function anActor(store: Store) {
  const records = new EnvironmentRecords(null)
  const actor = new DurableActor<EnvironmentContext, EnvironmentFact, EnvironmentInput>({
    stream: STREAM,
    fold,
    input: { name: 'production' },
    stored: await store.snapshot(STREAM),
    store,
    clock: virtualClock(),
    log: silentLog,
    project: (step) => records.project(step),
  })
  actor.committed$.subscribe((step) => records.settle(step))
  return actor
}

async function asked(store: Store) {
  const actor = await anActor(store)
  await actor.send({ type: 'settings.changed', settings: someSettings({ autoSync: false }) })
  await actor.send({ type: 'head.moved', head: aHead() })
  await actor.send({ type: 'look.planned', effect: actor.state.context.owed[0]?.id ?? '', plan: aPlan() })
  await actor.send({ type: 'decision.made', effect: actor.state.context.owed[0]?.id ?? '', decision: aDecision('ask') })
  return actor
}

async function bundleOf(store: Store): Promise<ReplayBundle> {
  const stored = await store.snapshot(STREAM)
  if (stored === undefined || !isJsonObject(stored.snapshot)) throw new Error('nothing is stored')
  const entries = []
  for await (const entry of store.journal(STREAM)) entries.push(entry)
  return {
    format: 'honua-replay',
    version: 1,
    stream: STREAM,
    machine: stored.machine,
    input: { name: 'production' },
    entries,
    snapshot: stored.snapshot,
  }
}

describe('a durable actor', () => {
  it('tells of an event only when the store has it', async () => {
    const store = await openMemoryStore()
    const actor = await anActor(store)
    const stored: number[] = []
    actor.committed$.subscribe(({ entry }) => stored.push(entry.sequence))
    await actor.send({ type: 'head.moved', head: aHead() })
    expect([stored, (await store.snapshot(STREAM))?.sequence]).toEqual([[1], 1])
  })

  it('goes on after a restart exactly where it was', async () => {
    const pairs = new Map<string, string>()
    const before = await asked(await openMemoryStore(pairs))
    const after = await anActor(await openMemoryStore(pairs))
    expect([after.state, after.sequence]).toEqual([before.state, before.sequence])
  })

  it('an event that its state does not expect is written nowhere', async () => {
    const store = await openMemoryStore()
    const actor = await anActor(store)
    const sent = await actor.send({ type: 'approval.granted', deployment: 'x', by: ANNA, reason: '' })
    expect([sent, await store.snapshot(STREAM)]).toEqual([{ taken: false, path: 'Unknown.waiting' }, undefined])
  })

  it('a store that refuses leaves it unchanged, and the next event is taken', async () => {
    const store = await openMemoryStore()
    const actor = await anActor(store)
    const append = store.append.bind(store)
    let refuse = true
    store.append = (commit) => (refuse ? Promise.reject(new Error('no')) : append(commit))
    await expect(actor.send({ type: 'head.moved', head: aHead() })).rejects.toThrow('no')
    refuse = false
    expect(await actor.send({ type: 'head.moved', head: aHead() })).toMatchObject({
      taken: true,
      entry: { sequence: 1 },
    })
  })

  it('events sent at once are taken one after the other', async () => {
    const store = await openMemoryStore()
    const actor = await anActor(store)
    const sent = await Promise.all(
      ['a', 'b', 'c'].map((letter) => actor.send({ type: 'head.moved', head: aHead(letter) })),
    )
    expect(sent.map((one) => one.taken && one.entry.sequence)).toEqual([1, 2, 3])
  })

  it('people’s acts and deployments are in the audit log, in their names', async () => {
    const store = await openMemoryStore()
    const actor = await asked(store)
    await actor.send({
      type: 'approval.granted',
      deployment: actor.state.context.attempt?.id ?? '',
      by: ANNA,
      reason: 'fine',
    })
    const lines: string[] = []
    for await (const { actor: who, action } of store.audit()) lines.push(`${String(who['name'])} ${action}`)
    expect(lines).toEqual(['controller settings.changed', 'controller deployment.started', 'anna approval.granted'])
  })
})

describe('replay', () => {
  it('leads to the stored state', async () => {
    const store = await openMemoryStore()
    await asked(store)
    const { divergence, steps } = replay(await bundleOf(store))
    expect([divergence, steps.at(-1)?.to]).toEqual([null, 'AwaitingApproval.asked'])
  })

  it('names the first event that was changed', async () => {
    const store = await openMemoryStore()
    await asked(store)
    const bundle = await bundleOf(store)
    const entries = bundle.entries.map((entry) =>
      entry.sequence === 2 ? { ...entry, event: { ...entry.event, head: { commit: 'b', trees: {} } } } : entry,
    )
    expect(replay({ ...bundle, entries }).divergence?.sequence).toBe(2)
  })

  it('tells a journal that leads elsewhere than the snapshot', async () => {
    const store = await openMemoryStore()
    await asked(store)
    const bundle = await bundleOf(store)
    expect(replay({ ...bundle, entries: bundle.entries.slice(0, -1) }).divergence?.message).toContain('another state')
  })

  it('shows what each event changed and what it owed', async () => {
    const store = await openMemoryStore()
    await asked(store)
    const step = replay(await bundleOf(store)).steps[1]
    expect(step).toMatchObject({
      type: 'head.moved',
      from: 'Unknown.waiting',
      to: 'Unknown.looking',
      owed: ['production/2/1 look'],
    })
    expect(step?.changed.map((field) => field.pointer)).toContain('/head')
  })
})
