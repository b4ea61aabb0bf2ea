/** Routes whose answer may be long: written piece by piece, as fast as the reader reads. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'
import { asJson } from '../core/json.ts'
import type { JournalEntry } from '../ports/store.ts'
import type { Facade } from '../runtime/facade.ts'
import type { AuditView, JournalView, ReplayEntry } from './contract.ts'
import type { EventHub } from './event-hub.ts'
import { countIn, wholeIn, wordIn } from './query.ts'
import { statusOf } from './reads.ts'

/** Events listed when nobody says how many, and at most. */
const EVENTS = { usual: 100, most: 1_000 }

interface Asked {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly [key: string]: unknown }
}

export function addStreams(app: FastifyInstance, parts: { readonly facade: Facade; readonly hub: EventHub }): void {
  const { facade, hub } = parts

  const journal = (stream: string, query: Asked['Querystring'], reply: FastifyReply) =>
    sendLines(reply, journalLines(facade, stream, { from: wholeIn(query, 'from') ?? 1, to: wholeIn(query, 'to') }))
  app.get<Asked>('/v1/journal/source', ({ query }, reply) => journal('source', query, reply))
  app.get<Asked>('/v1/journal/environment/:name', ({ params, query }, reply) =>
    journal(`environment/${statusOf(facade, params.name).name}`, query, reply),
  )
  app.get<Asked>('/v1/audit', ({ query }, reply) => sendLines(reply, auditLines(facade, wholeIn(query, 'from') ?? 1)))
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

async function* journalLines(
  facade: Facade,
  stream: string,
  range: { readonly from: number; readonly to: number | undefined },
): AsyncIterable<JournalView> {
  for await (const { sequence, at, event, state, previous, hash } of facade.journal(stream, range.from, range.to))
    yield { stream, sequence, at, event, state, previous, hash }
}

async function* auditLines(facade: Facade, from: number): AsyncIterable<AuditView> {
  for await (const entry of facade.audit(from)) yield entry
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
