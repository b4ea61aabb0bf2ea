/** Routes whose answer may be long: written piece by piece, as fast as the reader reads. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'
import { asJson } from '../core/json.ts'
import type { JournalEntry } from '../ports/store.ts'
import type { Facade } from '../runtime/facade.ts'
import type { AuditView, JournalView, ReplayEntry } from './contract.ts'
import { deploymentEvents } from './deployment-events.ts'
import type { EventHub } from './event-hub.ts'
import { countIn, wholeIn, wordIn } from './query.ts'
import { deploymentOf, statusOf } from './reads.ts'

/** Events listed when nobody says how many, and at most. */
const EVENTS = { usual: 100, most: 1_000 }

interface Asked {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly [key: string]: unknown }
}

export function addStreams(app: FastifyInstance, parts: { readonly facade: Facade; readonly hub: EventHub }): void {
  const { facade, hub } = parts

  const journal = (stream: string, query: Asked['Querystring'], reply: FastifyReply) =>
    sendLines(reply, journalLines(facade, stream, query))
  app.get<Asked>('/v1/journal/source', ({ query }, reply) => journal('source', query, reply))
  app.get<Asked>('/v1/journal/environment/:name', ({ params, query }, reply) =>
    journal(`environment/${statusOf(facade, params.name).name}`, query, reply),
  )
  app.get<Asked>('/v1/deployments/:name/events', async ({ params }, reply) =>
    sendLines(reply, deploymentEvents(facade, await deploymentOf(facade, params.name))),
  )
  app.get<Asked>('/v1/audit', ({ query }, reply) => sendLines(reply, auditLines(facade, query)))
  app.get<Asked>('/v1/replay/:name', async ({ params }, reply) => {
    const { name } = statusOf(facade, params.name)
    const pieces = await bundlePieces(facade, name)
    return reply.type('application/json; charset=utf-8').send(Readable.from(pieces))
  })
  app.get('/v1/backup', (_, reply) =>
    reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(facade.backup())),
  )
  app.get<Asked>('/v1/events', async ({ query, headers }, reply) => {
    const environment = wordIn(query, 'environment')
    const stream = environment === null ? null : `environment/${statusOf(facade, environment).name}`
    if (query['follow'] === undefined) return sendLines(reply, hub.newest(stream, countIn(query, 'limit', EVENTS)))
    const after = headers['last-event-id']
    hub.follow(reply.raw, { stream, after: typeof after === 'string' ? after : null })
    return reply.hijack()
  })
}

function sendLines(reply: FastifyReply, lines: Iterable<object> | AsyncIterable<object>): FastifyReply {
  return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(asLines(lines)))
}

async function* asLines(values: Iterable<object> | AsyncIterable<object>): AsyncIterable<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`
}

/** Entries `from` … `to`, or the `last` ones. */
async function* journalLines(facade: Facade, stream: string, query: Asked['Querystring']): AsyncIterable<JournalView> {
  const last = wholeIn(query, 'last')
  const head = last === undefined ? 0 : ((await facade.snapshot(stream))?.sequence ?? 0)
  const from = last === undefined ? (wholeIn(query, 'from') ?? 1) : Math.max(1, head - last + 1)
  for await (const { sequence, at, event, state, previous, hash } of facade.journal(stream, from, wholeIn(query, 'to')))
    yield { stream, sequence, at, event, state, previous, hash }
}

/** Entries `from` … `to`, or the `last` ones. */
async function* auditLines(facade: Facade, query: Asked['Querystring']): AsyncIterable<AuditView> {
  const last = wholeIn(query, 'last')
  const to = wholeIn(query, 'to') ?? Number.POSITIVE_INFINITY
  const from = last === undefined ? (wholeIn(query, 'from') ?? 1) : Math.max(1, (await newestAudit(facade)) - last + 1)
  for await (const entry of facade.audit(from)) {
    if (entry.sequence > to) return
    yield entry
  }
}

/** Sequence of the newest audit entry, 0 where there is none. They are numbered without gaps, so a few looks find it among any number. */
async function newestAudit(facade: Facade): Promise<number> {
  const isThere = async (sequence: number) => {
    for await (const _ of facade.audit(sequence)) return true
    return false
  }
  let [there, beyond] = [0, 1]
  while (await isThere(beyond)) [there, beyond] = [beyond, beyond * 2]
  while (beyond - there > 1) {
    const middle = Math.floor((there + beyond) / 2)
    if (await isThere(middle)) there = middle
    else beyond = middle
  }
  return there
}

/** A replay bundle as text. The snapshot is read first: the journal is then taken as far as that snapshot goes and no further. */
async function bundlePieces(facade: Facade, environment: string): Promise<AsyncIterable<string>> {
  const stream = `environment/${environment}`
  const stored = await facade.snapshot(stream)
  if (stored === undefined) throw apiErrors.notFound({ what: 'stream', name: stream })
  const { machine, snapshot, sequence } = stored
  const entries = facade.journal(stream, 1, sequence)[Symbol.asyncIterator]()
  // The journal is of the moment of the first reading: where it begins is asked afterwards, and may only have moved on.
  const first = await entries.next()
  const base = await facade.base(stream)
  const head = JSON.stringify({
    format: 'honua-replay',
    version: 1,
    stream,
    machine,
    input: { name: environment },
    snapshot,
    ...(base === undefined ? {} : { base: { sequence: base.sequence, state: base.state, snapshot: base.snapshot } }),
  })
  return join(head, behind(base?.sequence ?? 0, first, entries))
}

/** The entries after one, of an iteration that has begun. */
async function* behind(
  sequence: number,
  first: IteratorResult<JournalEntry>,
  rest: AsyncIterator<JournalEntry>,
): AsyncIterable<JournalEntry> {
  try {
    for (let next = first; next.done !== true; next = await rest.next())
      if (next.value.sequence > sequence) yield next.value
  } finally {
    await rest.return?.()
  }
}

async function* join(head: string, entries: AsyncIterable<JournalEntry>): AsyncIterable<string> {
  yield `${head.slice(0, -1)},"entries":[`
  let separator = ''
  for await (const { sequence, at, event, state } of entries) {
    const entry: ReplayEntry = { sequence, at, event, state }
    yield `${separator}${JSON.stringify(asJson(entry))}`
    separator = ',\n'
  }
  yield ']}\n'
}
