import type { BackupPair } from '../../core/backup.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { Json } from '../../core/json.ts'
import type { Digest } from '../../core/vocabulary.ts'
import type {
  AuditEntry,
  Collected,
  Commit,
  Compaction,
  Cut,
  DocumentQuery,
  Extent,
  JournalBase,
  JournalEntry,
  NamedContent,
  Store,
  StoredSnapshot,
  StoreHealth,
  StoreRoom,
} from '../../ports/store.ts'
import type { Reach } from './anchor.ts'
import { baseOf, compacted } from './compaction.ts'
import { Contents } from './contents.ts'
import { parsedDocument } from './documents.ts'
import { type Engine, resumed } from './engine.ts'
import { type BaseHead, type ChainHead, START, type Verified } from './inspection.ts'
import { checkedName, keys } from './keys.ts'
import { parsedRecord } from './parse.ts'
import { recordsOf } from './records.ts'
import { verifyHistory } from './verify.ts'
import { GroupWriter } from './writer.ts'

/** What the owner of the engine is told. */
export interface StoreHooks {
  /** After each batch: how far the history on disk reaches. */
  readonly synced: (reach: Reach) => void
  /** When the store is closed, after the last write. */
  readonly closed: () => Promise<void>
  /** The space beside it; absent where nothing is on a disk. */
  readonly room?: () => Promise<StoreRoom>
}

/** The store on any engine: numbers, chains, compare-and-set and content by digest are the same everywhere. */
export class EngineStore implements Store {
  readonly #engine: Engine
  readonly #writer: GroupWriter
  readonly #contents: Contents
  readonly #hooks: StoreHooks
  readonly #heads: Map<string, ChainHead>
  #bases: ReadonlyMap<string, BaseHead>
  #audit: ChainHead
  #synced: ChainHead
  #closing: Promise<void> | null = null

  constructor(engine: Engine, verified: Verified, hooks: StoreHooks) {
    this.#engine = engine
    this.#hooks = hooks
    this.#heads = new Map(verified.streams)
    this.#bases = verified.bases
    this.#audit = verified.audit
    this.#synced = verified.audit
    this.#writer = new GroupWriter(engine, verified, (batches) => hooks.synced({ audit: this.#synced, batches }))
    this.#contents = new Contents(engine, this.#writer)
  }

  async append(commit: Commit): Promise<JournalEntry> {
    this.#assertOpen()
    const stream = checkedName('stream', commit.stream)
    const head = this.#heads.get(stream) ?? START
    if (head.sequence !== commit.expectedSequence)
      throw storeErrors.conflict({ stream, expected: commit.expectedSequence, actual: head.sequence })
    const { entry, audit, operations } = recordsOf(commit, head, this.#audit)
    // Heads move before the write is synced: the next append of the stream may follow in the same batch.
    this.#heads.set(stream, { sequence: entry.sequence, hash: entry.hash })
    this.#audit = audit
    await this.#writer.write(operations, () => {
      this.#synced = audit
    })
    return entry
  }

  async *journal(stream: string, from = 1, to = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalEntry> {
    for await (const page of resumed(this.#engine, keys.journalRange(checkedName('stream', stream), from, to)))
      for (const [key, value] of page)
        yield parsedRecord<JournalEntry>(value, { in: 'journal', stream, sequence: keys.sequence(key) })
  }

  async snapshot(stream: string): Promise<StoredSnapshot | undefined> {
    const text = await this.#engine.get(keys.snapshot(checkedName('stream', stream)))
    return text === undefined ? undefined : parsedRecord<StoredSnapshot>(text, { in: 'snapshot', stream, sequence: 0 })
  }

  async base(stream: string): Promise<JournalBase | undefined> {
    const text = await this.#engine.get(keys.base(checkedName('stream', stream)))
    return text === undefined ? undefined : parsedRecord<JournalBase>(text, { in: 'base', stream, sequence: 0 })
  }

  extents(): readonly Extent[] {
    return [...this.#heads].map(([stream, { sequence }]) => ({ stream, base: this.#baseOf(stream), head: sequence }))
  }

  async compact(step: Compaction): Promise<void> {
    this.#assertOpen()
    const fresh = await Promise.all(step.cuts.map((cut) => this.#base(cut)))
    this.#assertOpen()
    // Judged again: another compaction may have come between. From here to the writer nothing may wait.
    for (const cut of step.cuts) this.#assertInside(cut)
    const { bases, line, operations } = compacted(step, fresh, this.#bases, this.#audit)
    const audit = { sequence: line.sequence, hash: line.hash }
    this.#bases = bases
    this.#audit = audit
    await this.#writer.write(operations, () => {
      this.#synced = audit
    })
  }

  async *snapshots(): AsyncIterable<StoredSnapshot> {
    for await (const page of resumed(this.#engine, keys.snapshots))
      for (const [, value] of page) yield parsedRecord<StoredSnapshot>(value, { in: 'database' })
  }

  async document(collection: string, id: string): Promise<Json | undefined> {
    const text = await this.#engine.get(
      keys.document(checkedName('collection', collection), checkedName('document id', id)),
    )
    return text === undefined ? undefined : parsedDocument(collection, id, text)
  }

  async *documents(
    collection: string,
    query: DocumentQuery = {},
  ): AsyncIterable<{ readonly id: string; readonly value: Json }> {
    const { prefix = '', reverse = false, limit = -1 } = query
    if (prefix !== '') checkedName('document id', prefix)
    const range = { ...keys.documents(checkedName('collection', collection), prefix), reverse, limit }
    for await (const page of resumed(this.#engine, range))
      for (const [key, value] of page) {
        const id = keys.documentId(collection, key)
        yield { id, value: parsedDocument(collection, id, value) }
      }
  }

  async *audit(from = 1): AsyncIterable<AuditEntry> {
    for await (const page of resumed(this.#engine, keys.auditFrom(from)))
      for (const [key, value] of page)
        yield parsedRecord<AuditEntry>(value, { in: 'audit', sequence: keys.sequence(key) })
  }

  async putContent(contents: readonly (string | NamedContent)[]): Promise<readonly Digest[]> {
    this.#assertOpen()
    return this.#contents.put(contents)
  }

  async content(digest: Digest): Promise<string | undefined> {
    const [text] = await this.#contents.get([digest])
    return text
  }

  contents(digests: readonly Digest[]): Promise<readonly (string | undefined)[]> {
    return this.#contents.get(digests)
  }

  collect(mark: () => Promise<(digest: Digest) => boolean>): Promise<Collected> {
    this.#assertOpen()
    return this.#contents.collect(mark)
  }

  async verify(): Promise<{ readonly entries: number; readonly audit: number }> {
    const { entries, audit } = await verifyHistory(this.#engine)
    return { entries, audit: audit.sequence }
  }

  everything(): AsyncIterable<readonly BackupPair[]> {
    return this.#engine.pages(keys.everything)
  }

  health(): StoreHealth {
    return this.#engine.health()
  }

  async room(): Promise<StoreRoom | null> {
    return (await this.#hooks.room?.()) ?? null
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #base(cut: Cut): Promise<JournalBase> {
    const { stream, sequence } = cut
    this.#assertInside(cut)
    const text = await this.#engine.get(keys.journal(stream, sequence))
    const place = { in: 'journal', stream, sequence } as const
    if (text === undefined) throw storeErrors.corrupt({ place, problem: 'it is missing' })
    return baseOf(cut, parsedRecord<JournalEntry>(text, place))
  }

  #assertInside({ stream, sequence }: Cut): void {
    const head = this.#heads.get(stream)?.sequence ?? 0
    if (sequence <= this.#baseOf(stream) || sequence >= head)
      throw storeErrors.conflict({ stream, expected: sequence, actual: head })
  }

  #baseOf(stream: string): number {
    return this.#bases.get(stream)?.sequence ?? 0
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw storeErrors.closed()
    this.#writer.assertOpen()
  }

  async #close(): Promise<void> {
    this.#engine.stopWaiting()
    // A text may still be looked up before it is handed to the writer.
    await this.#contents.settled()
    await this.#writer.close()
    try {
      await this.#engine.close()
    } finally {
      await this.#hooks.closed()
    }
  }
}
