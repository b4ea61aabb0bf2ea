import { join } from 'node:path'
import { Level } from 'level'
import { openLevelStore } from '../../src/adapters/store/index.ts'
import { EnvironmentHost } from '../../src/runtime/environment/host.ts'
import { ANNA, aHead, someSettings } from '../support/builders/environment.ts'
import { type Bench, median, share, timed } from './figures.ts'
import { clock, inFolder, silent } from './support.ts'

const ACTORS = 100
const EVENTS = 60
const ROUNDS = 5

/** Durable events of a hundred active environments, against the same bytes written raw by a hundred writers, each batch synced. */
export const events: Bench = {
  name: 'events',
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
      for (let round = 0; round < ROUNDS; round += 1) {
        ours.push(await perSecond(() => Promise.all(hosts.map((host) => ourEvents(host)))))
        bare.push(await perSecond(() => Promise.all(hosts.map((_, at) => rawEvents(raw, at, round, samples)))))
      }
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

async function rawEvents(
  raw: Level<string, string>,
  writer: number,
  round: number,
  [entry = '', snapshot = '', audit = '']: readonly string[],
): Promise<void> {
  for (let at = 0; at < EVENTS; at += 1)
    await raw.batch(
      [
        { type: 'put', key: `j/${writer}/${round}/${at}`, value: entry },
        { type: 'put', key: `s/${writer}`, value: snapshot },
        { type: 'put', key: `a/${writer}/${round}/${at}`, value: audit },
      ],
      { sync: true },
    )
}

async function perSecond(task: () => Promise<unknown>): Promise<number> {
  return (ACTORS * EVENTS * 1_000) / (await timed(task))
}
