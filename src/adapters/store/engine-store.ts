import { sha256 } from '../../core/canonical.ts'
import { auditHash, journalHash, ZERO_HASH } from '../../core/chain.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { Json } from '../../core/json.ts'
import type { Digest } from '../../core/vocabulary.ts'
import type {
  AuditEntry,
  Commit,
  DocumentQuery,
  JournalEntry,
  NewAuditEntry,
  Store,
  StoredSnapshot,
  StoreHealth,
} from '../../ports/store.ts'
import type { Engine, Operation } from './engine.ts'
import { checkedName, keys } from './keys.ts'
import { type ChainHead, parsed, type Verified, verifyHistory } from './verify.ts'
import { GroupWriter } from './writer.ts'

/** Digests known to be stored; forgetting some costs a look-up, never a mistake. */
const KNOWN_MAX = 200_000

/** What the owner of the engine is told. */
export interface StoreHooks {
  /** After each batch: where the audit log stands, and the number of the batch. */
  readonly audited: (head: ChainHead, batches: number) => void
  /** When the store is closed, after the last write. */
  readonly closed: () => Promise<void>
}

/** The store on any engine: numbers, chains, compare-and-set and content by digest are the same everywhere. */
export class EngineStore implements Store {
  readonly #engine: Engine
  readonly #writer: GroupWriter
  readonly #hooks: StoreHooks
  readonly #heads: Map<string, ChainHead>
  readonly #known = new Set<Digest>()
  readonly #puts = new Set<Promise<unknown>>()
  #batches: number
  #closing: Promise<void> | null = null
  #isClosed = false
  #audit: ChainHead
  #synced: ChainHead

  constructor(engine: Engine, verified: Verified, hooks: StoreHooks) {
    this.#engine = engine
    this.#hooks = hooks
    this.#heads = new Map(verified.streams)
    this.#audit = verified.audit
    this.#synced = verified.audit
    this.#batches = verified.batches
    this.#writer = new GroupWriter(engine, verified, (batches) => {
      this.#batches = batches
      this.#hooks.audited(this.#synced, batches)
    })
  }

  async append(commit: Commit): Promise<JournalEntry> {
    this.#assertWritable()
    const stream = checkedName('stream', commit.stream)
    const head = this.#heads.get(stream) ?? { sequence: 0, hash: ZERO_HASH }
    if (head.sequence !== commit.expectedSequence)
      throw storeErrors.conflict({ stream, expected: commit.expectedSequence, actual: head.sequence })
    const entry = chained(stream, head, commit.entry)
    const { operations, audit } = this.#operationsOf(commit, entry)
    // Heads move before the write is synced: the next append of the stream may follow in the same batch.
    this.#heads.set(stream, { sequence: entry.sequence, hash: entry.hash })
    this.#audit = audit
    await this.#writer.write(operations, charactersOf(operations))
    if (audit.sequence > this.#synced.sequence) this.#synced = audit
    return entry
  }

  async *journal(stream: string, from = 1, to = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalEntry> {
    for await (const page of this.#reading.pages(keys.journalRange(checkedName('stream', stream), from, to)))
      for (const [, value] of page) yield parsed<JournalEntry>(value, { in: 'journal', stream, sequence: 0 })
  }

  async snapshot(stream: string): Promise<StoredSnapshot | undefined> {
    const text = await this.#reading.get(keys.snapshot(checkedName('stream', stream)))
    return text === undefined ? undefined : parsed<StoredSnapshot>(text, { in: 'snapshot', stream, sequence: 0 })
  }

  async *snapshots(): AsyncIterable<StoredSnapshot> {
    for await (const page of this.#reading.pages(keys.snapshots))
      for (const [, value] of page) yield parsed<StoredSnapshot>(value, { in: 'database' })
  }

  async document(collection: string, id: string): Promise<Json | undefined> {
    const text = await this.#reading.get(
      keys.document(checkedName('collection', collection), checkedName('document id', id)),
    )
    return text === undefined ? undefined : parsed<Json>(text, { in: 'database' })
  }

  async *documents(
    collection: string,
    query: DocumentQuery = {},
  ): AsyncIterable<{ readonly id: string; readonly value: Json }> {
    const { prefix = '', reverse = false, limit = -1 } = query
    if (prefix !== '') checkedName('document id', prefix)
    const range = { ...keys.documents(checkedName('collection', collection), prefix), reverse, limit }
    for await (const page of this.#reading.pages(range))
      for (const [key, value] of page)
        yield { id: keys.documentId(collection, key), value: parsed<Json>(value, { in: 'database' }) }
  }

  async *audit(from = 1): AsyncIterable<AuditEntry> {
    for await (const page of this.#reading.pages(keys.auditFrom(from)))
      for (const [, value] of page) yield parsed<AuditEntry>(value, { in: 'audit', sequence: 0 })
  }

  async putContent(texts: readonly string[]): Promise<readonly Digest[]> {
    this.#assertWritable()
    const putting = this.#put(texts)
    this.#puts.add(putting)
    try {
      return await putting
    } finally {
      this.#puts.delete(putting)
    }
  }

  async #put(texts: readonly string[]): Promise<readonly Digest[]> {
    const digests = texts.map(sha256)
    const unknown = new Map(
      digests.map((digest, at) => [digest, texts[at] ?? ''] as const).filter(([digest]) => !this.#known.has(digest)),
    )
    const asked = [...unknown.keys()]
    const stored = await this.#engine.hasMany(asked.map(keys.content))
    const missing = asked.filter((_, at) => stored[at] !== true)
    const operations = missing.map(
      (digest): Operation => ({ type: 'put', key: keys.content(digest), value: unknown.get(digest) ?? '' }),
    )
    if (operations.length > 0) await this.#writer.write(operations, charactersOf(operations))
    if (this.#known.size + asked.length > KNOWN_MAX) this.#known.clear()
    for (const digest of asked) this.#known.add(digest)
    return digests
  }

  async content(digest: Digest): Promise<string | undefined> {
    const [text] = await this.contents([digest])
    return text
  }

  async contents(digests: readonly Digest[]): Promise<readonly (string | undefined)[]> {
    const texts = await this.#reading.getMany(digests.map(keys.content))
    for (const [at, text] of texts.entries()) {
      const digest = digests[at] ?? ''
      if (text !== undefined && sha256(text) !== digest)
        throw storeErrors.corrupt({ place: { in: 'content', digest }, problem: 'it was changed after it was written' })
    }
    return texts
  }

  async verify(): Promise<{ readonly entries: number; readonly audit: number }> {
    const { entries, audit } = await verifyHistory(this.#reading)
    return { entries, audit: audit.sequence }
  }

  health(): StoreHealth {
    return this.#engine.health()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#engine.stopWaiting()
    // A text may still be looked up before it is handed to the writer.
    await Promise.allSettled(this.#puts)
    await this.#writer.close()
    this.#hooks.audited(this.#synced, this.#batches)
    this.#isClosed = true
    await this.#engine.close()
    await this.#hooks.closed()
  }

  #assertWritable(): void {
    if (this.#closing !== null) throw storeErrors.closed()
    this.#writer.assertOpen()
  }

  /** The engine, for reading: as long as the store is open, also after a failed write. */
  get #reading(): Engine {
    if (this.#isClosed) throw storeErrors.closed()
    return this.#engine
  }

  #operationsOf(
    commit: Commit,
    entry: JournalEntry,
  ): { readonly operations: readonly Operation[]; readonly audit: ChainHead } {
    const { stream, machine, snapshot } = commit
    const stored: StoredSnapshot = { stream, sequence: entry.sequence, machine, snapshot, hash: entry.hash }
    const operations: Operation[] = [
      { type: 'put', key: keys.journal(stream, entry.sequence), value: JSON.stringify(entry) },
      { type: 'put', key: keys.snapshot(stream), value: JSON.stringify(stored) },
    ]
    for (const { collection, id, value } of commit.documents) {
      const key = keys.document(checkedName('collection', collection), checkedName('document id', id))
      operations.push(value === null ? { type: 'del', key } : { type: 'put', key, value: JSON.stringify(value) })
    }
    let audit = this.#audit
    for (const line of commit.audit) {
      const written = chainedAudit(stream, audit, line)
      operations.push({ type: 'put', key: keys.audit(written.sequence), value: JSON.stringify(written) })
      audit = { sequence: written.sequence, hash: written.hash }
    }
    return { operations, audit }
  }
}

function chained(stream: string, head: ChainHead, fresh: Commit['entry']): JournalEntry {
  const { at, event, state } = fresh
  const facts = { stream, sequence: head.sequence + 1, at, event, state, previous: head.hash }
  return { ...facts, hash: journalHash(facts) }
}

function chainedAudit(stream: string, head: ChainHead, fresh: NewAuditEntry): AuditEntry {
  const { at, actor, action, details } = fresh
  const facts = { sequence: head.sequence + 1, at, stream, actor, action, details, previous: head.hash }
  return { ...facts, hash: auditHash(facts) }
}

function charactersOf(operations: readonly Operation[]): number {
  return operations.reduce(
    (sum, operation) => sum + operation.key.length + (operation.type === 'put' ? operation.value.length : 0),
    0,
  )
}
