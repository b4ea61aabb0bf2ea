import { sha256 } from '../../core/canonical.ts'
import { auditHash, baseHash, basesHash, journalHash, ZERO_HASH } from '../../core/chain.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { type Place, storeErrors } from '../../core/errors/store.ts'
import type { Json } from '../../core/json.ts'
import type { Digest } from '../../core/vocabulary.ts'
import type { AuditEntry, JournalBase, JournalEntry, StoredSnapshot } from '../../ports/store.ts'
import { parsedDocument } from './documents.ts'
import type { Pair } from './engine.ts'
import { type HistoryKey, parseContentKey, parseDocumentKey, parseHistoryKey } from './keys.ts'
import { parsedRecord } from './parse.ts'

/** Where a chain stands. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: Digest
}

/** Where a journal begins that is no longer whole: sequence and hash of its base. */
export interface BaseHead {
  readonly sequence: number
  readonly own: Digest
}

/** What verification found: how much, and both ends of every chain. */
export interface Verified {
  readonly entries: number
  readonly audit: ChainHead
  readonly streams: ReadonlyMap<string, ChainHead>
  readonly bases: ReadonlyMap<string, BaseHead>
  /** Number of the newest write batch, and of the newest that is no longer kept. */
  readonly batches: number
  readonly forgotten: number
}

/** Who is shown what is read: every document, then every audit line, damaged ones left out. */
export interface Observer {
  document(collection: string, id: string, value: Json): void
  audit(line: AuditEntry): void
}

/** The action of the audit lines that name where journals begin. */
export const COMPACTED = 'history.compacted'

/** A chain without entries. */
export const START: ChainHead = { sequence: 0, hash: ZERO_HASH }

/**
 * Judges what a store holds, pair by pair in the order of the keys: no gap, no change, no reordering, snapshots that are the state
 * behind their last entry, no write batch lost from the middle, documents and contents that are what their digests say. Each fault is reported as
 * a HONUA_STORE_CORRUPT that names its place; a report that returns lets the inspection go on with what comes after it.
 */
export class Inspection {
  readonly #report: (fault: HonuaError) => void
  readonly #observer: Observer | undefined
  readonly #streams = new Map<string, ChainHead>()
  /** The state that each stream's newest entry names. */
  readonly #states = new Map<string, Digest>()
  readonly #snapshots = new Map<string, ChainHead & { readonly state: Digest }>()
  readonly #bases = new Map<string, BaseHead>()
  /** What the newest audit line about it says where journals begin. */
  #namedBases = NO_BASES
  #audit = START
  #entries = 0
  #batches = 0
  #forgotten = 0

  constructor(report: (fault: HonuaError) => void, observer?: Observer) {
    this.#report = report
    this.#observer = observer
  }

  /** Takes the next pair. Throws what the report throws. */
  take([key, value]: Pair): void {
    const digest = parseContentKey(key)
    const document = parseDocumentKey(key)
    if (digest !== undefined) this.#content(digest, value)
    else if (document !== undefined) this.#document(document.collection, document.id, value)
    else this.#history(parseHistoryKey(key), value)
  }

  /** Call after the last pair: compares what stands at both ends. */
  finish(): Verified {
    if (rootOf(this.#bases) !== this.#namedBases)
      this.#fault({ in: 'bases' }, 'they are not those that the audit log names')
    for (const stream of new Set([...this.#streams.keys(), ...this.#snapshots.keys()])) this.#checkSnapshot(stream)
    return this.soFar()
  }

  /** What was taken until now. */
  soFar(): Verified {
    const [audit, entries, batches, forgotten] = [this.#audit, this.#entries, this.#batches, this.#forgotten]
    return { entries, audit, streams: this.#streams, bases: this.#bases, batches, forgotten }
  }

  #history(place: HistoryKey, value: string): void {
    switch (place.kind) {
      case 'audit':
        this.#auditLine(place.sequence, value)
        break
      case 'batches-forgotten':
        this.#forgotten = Number(value)
        this.#batches = this.#forgotten
        break
      case 'batch':
        this.#batch(place.sequence)
        break
      case 'base':
        this.#base(place.stream, value)
        break
      case 'journal':
        this.#entry(place.stream, place.sequence, value)
        break
      case 'snapshot':
        this.#snapshot(place.stream, value)
        break
      case 'elsewhere':
        break
      case 'unknown':
        this.#fault({ in: 'database' }, 'it holds a key that the controller never writes')
    }
  }

  #content(digest: Digest, value: string): void {
    if (sha256(value) !== digest) this.#fault({ in: 'content', digest }, CHANGED)
  }

  #document(collection: string, id: string, text: string): void {
    const value = this.#reported(() => parsedDocument(collection, id, text))
    if (value !== undefined) this.#observer?.document(collection, id, value)
  }

  #batch(sequence: number): void {
    if (sequence !== this.#batches + 1) this.#missing({ in: 'batches', sequence: this.#batches + 1 }, sequence)
    this.#batches = sequence
  }

  #auditLine(sequence: number, value: string): void {
    const head = this.#audit
    if (sequence !== head.sequence + 1) this.#missing({ in: 'audit', sequence: head.sequence + 1 }, sequence)
    const line = this.#parsed<AuditEntry>(value, { in: 'audit', sequence })
    this.#audit = { sequence, hash: line?.hash ?? '' }
    if (line === undefined) return
    const follows = sequence !== head.sequence + 1 || head.hash === '' || line.previous === head.hash
    if (line.sequence !== sequence || !follows || line.hash !== auditHash(line))
      this.#fault({ in: 'audit', sequence }, CHANGED)
    else {
      if (line.action === COMPACTED) this.#namedBases = String(line.details['bases'])
      this.#observer?.audit(line)
    }
  }

  #base(stream: string, value: string): void {
    const base = this.#parsed<JournalBase>(value, { in: 'base', stream, sequence: 0 })
    if (base === undefined) return
    const { sequence, hash, state, own } = base
    this.#bases.set(stream, { sequence, own })
    this.#streams.set(stream, { sequence, hash })
    this.#states.set(stream, state)
    if (base.stream !== stream || own !== baseHash(base) || state !== sha256(JSON.stringify(base.snapshot) ?? ''))
      this.#fault({ in: 'base', stream, sequence }, CHANGED)
  }

  #entry(stream: string, sequence: number, value: string): void {
    const head = this.#streams.get(stream) ?? START
    if (sequence !== head.sequence + 1) this.#missing({ in: 'journal', stream, sequence: head.sequence + 1 }, sequence)
    const entry = this.#parsed<JournalEntry>(value, { in: 'journal', stream, sequence })
    this.#streams.set(stream, { sequence, hash: entry?.hash ?? '' })
    this.#states.set(stream, entry?.state ?? '')
    this.#entries += 1
    if (entry === undefined) return
    const follows = sequence !== head.sequence + 1 || head.hash === '' || entry.previous === head.hash
    if (entry.sequence !== sequence || entry.stream !== stream || !follows || entry.hash !== journalHash(entry))
      this.#fault({ in: 'journal', stream, sequence }, CHANGED)
  }

  #snapshot(stream: string, value: string): void {
    const stored = this.#parsed<StoredSnapshot>(value, { in: 'snapshot', stream, sequence: 0 })
    if (stored === undefined) return
    const { sequence, hash, snapshot } = stored
    this.#snapshots.set(stream, { sequence, hash, state: sha256(JSON.stringify(snapshot) ?? '') })
  }

  #checkSnapshot(stream: string): void {
    const [snapshot, head] = [this.#snapshots.get(stream), this.#streams.get(stream)]
    const place = { in: 'snapshot', stream, sequence: head?.sequence ?? snapshot?.sequence ?? 0 } as const
    if (snapshot === undefined) this.#fault(place, 'it is missing')
    else if (head === undefined || snapshot.sequence !== head.sequence || snapshot.hash !== head.hash)
      this.#fault(place, `it stands at entry ${snapshot.sequence}, the journal ends at ${head?.sequence ?? 0}`)
    else if (snapshot.state !== this.#states.get(stream))
      this.#fault(place, 'it is not the state that its journal entry names')
  }

  #parsed<Value extends object>(text: string, place: Place): Value | undefined {
    return this.#reported(() => parsedRecord<Value>(text, place))
  }

  #reported<Value>(read: () => Value): Value | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof HonuaError)) throw error
      this.#report(error)
      return undefined
    }
  }

  #missing(place: Place & { readonly sequence: number }, found: number): void {
    const more = found - place.sequence - 1
    this.#fault(place, more > 0 ? `it is missing, and ${more} more behind it` : 'it is missing')
  }

  #fault(place: Place, problem: string): void {
    this.#report(storeErrors.corrupt({ place, problem }))
  }
}

/** Over where all journals begin. */
export function rootOf(bases: ReadonlyMap<string, BaseHead>): Digest {
  return basesHash([...bases].map(([stream, { own }]) => [stream, own] as const))
}

const NO_BASES = rootOf(new Map())
const CHANGED = 'it was changed after it was written'
