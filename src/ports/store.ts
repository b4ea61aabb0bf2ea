import type { BackupPair } from '../core/backup.ts'
import type { AuditFacts, JournalFacts } from '../core/chain.ts'
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
  /** Entries `from` … `to` inclusive, ascending. */
  journal(stream: string, from?: number, to?: number): AsyncIterable<JournalEntry>
  snapshot(stream: string): Promise<StoredSnapshot | undefined>
  /** Every stream's newest snapshot. */
  snapshots(): AsyncIterable<StoredSnapshot>
  document(collection: string, id: string): Promise<Json | undefined>
  documents(collection: string, query?: DocumentQuery): AsyncIterable<{ readonly id: string; readonly value: Json }>
  audit(from?: number): AsyncIterable<AuditEntry>
  /** Stores texts under their SHA-256; those already there cost nothing. Synced. */
  putContent(texts: readonly string[]): Promise<readonly Digest[]>
  /** The text with this digest, or undefined; checked against it (HONUA_STORE_CORRUPT when it differs). */
  content(digest: Digest): Promise<string | undefined>
  contents(digests: readonly Digest[]): Promise<readonly (string | undefined)[]>
  /** Recomputes every chain. Throws HONUA_STORE_CORRUPT naming stream and sequence of the first bad entry. */
  verify(): Promise<{ readonly entries: number; readonly audit: number }>
  /** Everything there is, of one moment, in the order of the keys; what a backup holds. Throws HONUA_STORE_INTERRUPTED. */
  everything(): AsyncIterable<readonly BackupPair[]>
  health(): StoreHealth
  close(): Promise<void>
}
