import type { BackupPair } from '../core/backup.ts'
import type { AuditFacts, BaseFacts, JournalFacts } from '../core/chain.ts'
import type { Json } from '../core/json.ts'
import type { Digest, Instant } from '../core/vocabulary.ts'

/** One event of one actor, as it stands in the journal. */
export interface JournalEntry extends JournalFacts {
  /** Over the facts; the next entry names it as `previous`. */
  readonly hash: Digest
}

/** The newest state of one actor. `chart` names the machine that made it. */
export interface StoredSnapshot {
  readonly stream: string
  readonly sequence: number
  readonly machine: { readonly name: string; readonly version: number; readonly chart: Digest }
  readonly snapshot: Json
  /** Hash of the journal entry it stands behind. */
  readonly hash: Digest
}

/** Where a compacted journal begins. */
export interface JournalBase extends BaseFacts {
  /** Over the facts. */
  readonly own: Digest
}

/** How much of a journal is kept: entries after `base` up to `head`. */
export interface Extent {
  readonly stream: string
  /** Sequence of the newest entry that is no longer kept; 0 while all are. */
  readonly base: number
  readonly head: number
}

/** Lets go of a stream's entries up to `sequence`; what follows is replayed from `snapshot`, the state behind that entry. */
export interface Cut extends Pick<JournalBase, 'stream' | 'sequence' | 'machine' | 'snapshot'> {}

/** What one step of tidying removes, in one atomic, synced batch or not at all. */
export interface Compaction {
  readonly at: Instant
  readonly cuts: readonly Cut[]
  readonly documents: readonly { readonly collection: string; readonly id: string }[]
}

/** What a collection found. */
export interface Collected {
  readonly kept: number
  readonly removed: number
}

/** One line of the audit log; numbered and chained over all streams. */
export interface AuditEntry extends AuditFacts {
  readonly hash: Digest
}

/** Entries before the store has numbered and chained them. */
export type NewJournalEntry = Pick<JournalEntry, 'at' | 'event' | 'state'>
export type NewAuditEntry = Pick<AuditEntry, 'at' | 'actor' | 'action' | 'details'>

/** What one transition changes, made durable in one atomic, synced batch or not at all. */
export interface Commit {
  readonly stream: string
  /** Sequence of the stream's newest entry as the caller knows it; 0 for a new stream. Otherwise HONUA_STORE_CONFLICT. */
  readonly expectedSequence: number
  /** Its `state` is the SHA-256 of `snapshot` as JSON text: verification compares them. */
  readonly entry: NewJournalEntry
  readonly machine: StoredSnapshot['machine']
  readonly snapshot: Json
  /** Documents to write (value) or remove (null), by `collection/id`, e.g. `deployments/production-20261004-153344`. */
  readonly documents: readonly { readonly collection: string; readonly id: string; readonly value: Json | null }[]
  readonly audit: readonly NewAuditEntry[]
}

/** A page of documents, by id. */
export interface DocumentQuery {
  /** Ids that start with it only. */
  readonly prefix?: string
  readonly reverse?: boolean
  readonly limit?: number
}

/** `disk-full` ends by itself when there is room; after `failed` nothing more is written until the controller is started again. */
export type StoreHealth =
  | { readonly state: 'ok' }
  | { readonly state: 'disk-full'; readonly since: Instant; readonly message: string }
  | { readonly state: 'failed'; readonly since: Instant; readonly message: string }

/** The space beside a store. */
export interface StoreRoom {
  readonly freeBytes: number
  /** Space kept for the moment at which the disk is full; 0 while it is given back. */
  readonly keptBytes: number
}

/** A content whose digest is known; `text` is asked for only when it is not stored yet. */
export interface NamedContent {
  readonly digest: Digest
  text(): string
}

/**
 * Durable memory: journals, snapshots, documents, audit log and content by digest. A resolved promise means synced to disk.
 * Every adapter passes test/contract/store.suite.ts.
 */
export interface Store {
  /**
   * Appends one entry with all that belongs to it; resolves with the numbered, chained entry. Appends of different streams may
   * share one sync. While the disk is full it waits (see `health`) and acknowledges nothing.
   */
  append(commit: Commit): Promise<JournalEntry>
  /** Entries `from` … `to` inclusive, ascending, of those that are kept. */
  journal(stream: string, from?: number, to?: number): AsyncIterable<JournalEntry>
  snapshot(stream: string): Promise<StoredSnapshot | undefined>
  /** Where the journal of a stream begins; undefined while it is whole. */
  base(stream: string): Promise<JournalBase | undefined>
  /** How much of each journal is kept; from memory. */
  extents(): readonly Extent[]
  /**
   * Shortens journals and removes documents; the audit log keeps a line about it, and is never shortened. The newest entry of a stream
   * always stays. Throws HONUA_STORE_CONFLICT when a cut is not inside what is kept, HONUA_STORE_CORRUPT when its snapshot is not the
   * state that the entry names; then nothing is removed.
   */
  compact(step: Compaction): Promise<void>
  /** Every stream's newest snapshot. */
  snapshots(): AsyncIterable<StoredSnapshot>
  document(collection: string, id: string): Promise<Json | undefined>
  documents(collection: string, query?: DocumentQuery): AsyncIterable<{ readonly id: string; readonly value: Json }>
  audit(from?: number): AsyncIterable<AuditEntry>
  /**
   * Stores texts under their SHA-256; those already there cost nothing. Synced. Hand in whatever is about to be referred to, also when
   * it was stored before: that keeps it from being collected until the reference is on disk. Throws RangeError for a text that is not
   * what its name says.
   */
  putContent(contents: readonly (string | NamedContent)[]): Promise<readonly Digest[]>
  /** The text with this digest, or undefined; checked against it (HONUA_STORE_CORRUPT when it differs). */
  content(digest: Digest): Promise<string | undefined>
  contents(digests: readonly Digest[]): Promise<readonly (string | undefined)[]>
  /**
   * Removes contents that `mark` does not vouch for, a few at a time. `mark` reads the store and resolves with which digests are
   * still referred to. What was handed in since the collection before this one began is kept in any case: a reference to it
   * may not be on disk yet. One collection at a time; a crash amid it leaves contents that the next one removes.
   */
  collect(mark: () => Promise<(digest: Digest) => boolean>): Promise<Collected>
  /** Recomputes every chain. Throws HONUA_STORE_CORRUPT naming stream and sequence of the first bad entry. */
  verify(): Promise<{ readonly entries: number; readonly audit: number }>
  /** Everything there is, of one moment, in the order of the keys; what a backup holds. Throws HONUA_STORE_INTERRUPTED. */
  everything(): AsyncIterable<readonly BackupPair[]>
  health(): StoreHealth
  /** Null where nothing is on a disk. */
  room(): Promise<StoreRoom | null>
  close(): Promise<void>
}
