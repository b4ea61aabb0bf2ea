import { join } from 'node:path'
import { Level } from 'level'
import { openLevelStore } from '../../src/adapters/store/index.ts'
import { EnvironmentHost } from '../../src/runtime/environment/host.ts'
import { ANNA, aHead, someSettings } from '../support/builders/environment.ts'
import { type Bench, median, share, shown, timed } from './figures.ts'
import { clock, inFolder, silent } from './support.ts'

const ACTORS = 100
const EVENTS = 60
const ROUNDS = 5

/** Durable events of a hundred active environments, against the same bytes written raw by a hundred writers, each batch synced. */
export const events: Bench = {
  name: 'events',
  goal: 'durable events reach at least half of what raw synced LevelDB batches reach',
  run: () =>
    inFolder(async (folder) => {
      const store = await openLevelStore({ dataDir: join(folder, 'ours'), clock, log: silent })
      const hosts = Array.from({ length: ACTORS }, (_, at) => hostOn(store, `env-${at}`))
      for (const host of hosts) {
        await host.actor.send({ type: 'settings.changed', settings: someSettings() })
        await host.actor.send({ type: 'head.moved', head: aHead() })
      }
      const raw = new Level<string, string>(join(folder, 'raw'))
      const samples = await sampleBatch(store)
      const ours: number[] = []
      const bare: number[] = []
      const coalesced: number[] = []
      const before = await written(store)
      for (let round = 0; round < ROUNDS; round += 1) {
        ours.push(await perSecond(() => Promise.all(hosts.map((host) => ourEvents(host)))))
        bare.push(await perSecond(() => Promise.all(hosts.map((_, at) => rawEvents(raw, at, round, samples)))))
        coalesced.push(await perSecond(() => coalescedEvents(raw, round, samples)))
      }
      const entries = (await written(store)) - before
      if (entries !== ROUNDS * ACTORS * EVENTS) throw new Error(`only ${entries} events became journal entries`)
      await raw.close()
      await store.close()
      return [
        share(
          'durable events, 100 environments, against raw synced LevelDB batches',
          median(ours),
          median(bare),
          0.5,
          '/s',
        ),
        shown('the same, against raw writes that are coalesced by hand', median(ours), median(coalesced), '/s'),
      ]
    }),
}

function hostOn(store: Awaited<ReturnType<typeof openLevelStore>>, name: string): EnvironmentHost {
  return new EnvironmentHost({
    name,
    store,
    clock,
    log: silent,
    carry: () => new Promise(() => undefined),
    stored: undefined,
    open: null,
  })
}

async function ourEvents(host: EnvironmentHost): Promise<void> {
  for (let at = 0; at < EVENTS; at += 2) {
    await host.actor.send({ type: 'hold.placed', by: ANNA, reason: 'bench', until: null })
    await host.actor.send({ type: 'hold.lifted', by: ANNA, reason: 'bench' })
  }
}

/** The texts of one of our own events: entry, snapshot and audit line. */
async function sampleBatch(store: Awaited<ReturnType<typeof openLevelStore>>): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const entry of store.journal('environment/env-0')) texts.push(JSON.stringify(entry))
  const snapshot = JSON.stringify(await store.snapshot('environment/env-0'))
  const audit = JSON.stringify({
    sequence: 1,
    at: 1,
    stream: 'environment/env-0',
    actor: ANNA,
    action: 'hold.placed',
    details: { reason: 'bench' },
    previous: 'x'.repeat(64),
    hash: 'x'.repeat(64),
  })
  return [texts[0] ?? '', snapshot, audit]
}

/** Journal entries of all environments. */
async function written(store: Awaited<ReturnType<typeof openLevelStore>>): Promise<number> {
  let entries = 0
  for await (const { sequence } of store.snapshots()) entries += sequence
  return entries
}

async function rawEvents(
  raw: Level<string, string>,
  writer: number,
  round: number,
  samples: readonly string[],
): Promise<void> {
  for (let at = 0; at < EVENTS; at += 1) await raw.batch(puts(`raw-${writer}`, round, at, samples), { sync: true })
}

/** The most that one database gives: everyone's event of one turn in a single synced batch. */
async function coalescedEvents(raw: Level<string, string>, round: number, samples: readonly string[]): Promise<void> {
  for (let at = 0; at < EVENTS; at += 1)
    await raw.batch(Array.from({ length: ACTORS }, (_, writer) => puts(`one-${writer}`, round, at, samples)).flat(), {
      sync: true,
    })
}

function puts(writer: string, round: number, at: number, [entry = '', snapshot = '', audit = '']: readonly string[]) {
  return [
    { type: 'put' as const, key: `j/${writer}/${round}/${at}`, value: entry },
    { type: 'put' as const, key: `s/${writer}`, value: snapshot },
    { type: 'put' as const, key: `a/${writer}/${round}/${at}`, value: audit },
  ]
}

async function perSecond(task: () => Promise<unknown>): Promise<number> {
  return (ACTORS * EVENTS * 1_000) / (await timed(task))
}
