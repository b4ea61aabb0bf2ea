import { join } from 'node:path'
import { Level } from 'level'
import { openLevelStore } from '../../src/adapters/store/index.ts'
import type { Commit, Store } from '../../src/ports/store.ts'
import { aCommit } from '../contract/store.suite.ts'
import { atMost, type Bench, type Figure, inTurns, median, share, timed } from './figures.ts'
import { clock, inFolder, silent } from './support.ts'

const STREAMS = 100
const COMMITS = 60
const ROUNDS = 5
const VERIFIED = 50_000
const SNAPSHOT = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`field${at}`, `value of field ${at}`]))
const AUDIT = [
  { at: 1, actor: { name: 'anna', how: 'token' }, action: 'hold.placed', details: { reason: 'inventory' } },
]

interface Put {
  readonly type: 'put'
  readonly key: string
  readonly value: string
}

/**
 * Durable appends of a hundred streams: against the very same batches written raw, synced, by a hundred writers at once; against the
 * same gathered by hand, all streams' batches of one step in one synced batch; what one append costs; how fast opening verifies.
 */
export const store: Bench = {
  name: 'store',
  goal: 'durable appends reach at least half of what raw synced batches reach, and opening verifies 50 entries a ms',
  run: () => inFolder(async (folder) => [...(await throughput(folder)), await verification(folder)]),
}

async function throughput(folder: string): Promise<readonly Figure[]> {
  const ours = await openLevelStore({ dataDir: join(folder, 'ours'), clock, log: silent })
  const raw = new Level<string, string>(join(folder, 'raw'))
  const gathered = new Level<string, string>(join(folder, 'gathered'))
  let start = 0
  const cpuMicros: number[] = []
  const [oursMs = 0, rawMs = 0, gatheredMs = 0] = await inTurns(ROUNDS, [
    async () => {
      const before = process.cpuUsage()
      await Promise.all(streams((stream) => append(ours, stream, start)))
      const { user, system } = process.cpuUsage(before)
      cpuMicros.push((user + system) / (STREAMS * COMMITS))
      start += COMMITS
    },
    () => Promise.all(streams((stream) => writeRaw(raw, stream, start))),
    () => writeGathered(gathered, start),
  ])
  await Promise.all([raw.close(), gathered.close(), ours.close()])
  const perSecond = (ms: number) => (STREAMS * COMMITS * 1_000) / ms
  return [
    share('durable appends, 100 streams, against raw synced batches', perSecond(oursMs), perSecond(rawMs), 0.5, '/s'),
    share('durable appends, against batches gathered by hand', perSecond(oursMs), perSecond(gatheredMs), 0.5, '/s'),
    atMost('processor time of one append, all threads', median(cpuMicros), 250, 'µs'),
  ]
}

/** Opening verifies the history: the time of it per thousand entries of journal and audit log. */
async function verification(folder: string): Promise<Figure> {
  const dataDir = join(folder, 'verified')
  const filled = await openLevelStore({ dataDir, clock, log: silent })
  for (let from = 0; from < VERIFIED / 2; from += 1_000)
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => filled.append(commit('long', from + at))))
  await filled.close()
  const ms = await timed(async () => (await openLevelStore({ dataDir, clock, log: silent })).close())
  return atMost('opening and verifying, per 1,000 entries', ms / (VERIFIED / 1_000), 20, 'ms')
}

async function append(target: Store, stream: string, start: number): Promise<void> {
  for (let at = start; at < start + COMMITS; at += 1) await target.append(commit(stream, at))
}

async function writeRaw(target: Level<string, string>, stream: string, start: number): Promise<void> {
  for (let at = start; at < start + COMMITS; at += 1) await target.batch(rawOf(stream, at), { sync: true })
}

async function writeGathered(target: Level<string, string>, start: number): Promise<void> {
  for (let at = start; at < start + COMMITS; at += 1)
    await target.batch(streams((stream) => rawOf(stream, at)).flat(), { sync: true })
}

function streams<Value>(make: (stream: string) => Value): Value[] {
  return Array.from({ length: STREAMS }, (_, at) => make(`environment/env-${at}`))
}

function commit(stream: string, expectedSequence: number): Commit {
  const documents = [{ collection: 'deployments', id: stream, value: { state: 'Applying', number: expectedSequence } }]
  return aCommit(stream, expectedSequence, { snapshot: SNAPSHOT, documents, audit: AUDIT })
}

/** The texts our store writes for such a commit, made as plainly as can be: no number, no chain, no check. */
function rawOf(stream: string, at: number): Put[] {
  const { entry, machine, snapshot, documents, audit } = commit(stream, at)
  const hash = entry.state
  const put = (key: string, value: object): Put => ({ type: 'put', key, value: JSON.stringify(value) })
  return [
    put(`j/${stream}/${at}`, { stream, sequence: at, ...entry, previous: hash, hash }),
    put(`s/${stream}`, { stream, sequence: at, machine, snapshot, hash }),
    ...documents.map(({ collection, id, value }) => put(`d/${collection}/${id}`, { value })),
    ...audit.map((line) => put(`a/${stream}/${at}`, { sequence: at, stream, ...line, previous: hash, hash })),
  ]
}
