import { storeErrors } from '../../core/errors/store.ts'
import type { Digest } from '../../core/vocabulary.ts'

/** Keys `gte` ≤ key < `lt`, in byte order of their UTF-8 (the order of code points). */
export interface KeyRange {
  readonly gte: string
  readonly lt: string
  readonly reverse?: boolean
  readonly limit?: number
}

/** Of the keys and values; raised when an older program could not read them. */
export const SCHEMA = 2

// The separator sorts below every character a name may hold, and AFTER directly above it: `env-7` never reaches into `env-70`.
const SEPARATOR = '\u0000'
const AFTER = '\u0001'
const LAST_CODE_POINT = 0x10ffff
const SEQUENCE_DIGITS = 16

// History stands together, so that one iterator, hence one consistent view, sees all that verification compares.
const HISTORY = `h${SEPARATOR}`
const AUDIT = `${HISTORY}a${SEPARATOR}`
const BATCHES = `${HISTORY}b${SEPARATOR}`
// Upper case: it sorts, and is read, before the batch numbers that go on from it.
const BATCHES_FORGOTTEN = `${HISTORY}B`
// It sorts, and is read, before the journals.
const BASES = `${HISTORY}c${SEPARATOR}`
const JOURNAL = `${HISTORY}j${SEPARATOR}`
const SNAPSHOTS = `${HISTORY}s${SEPARATOR}`
const CONTENT = `c${SEPARATOR}`
const DOCUMENTS = `d${SEPARATOR}`
const META = `m${SEPARATOR}`

/** What a key of the history stands for. */
export type HistoryKey =
  | { readonly kind: 'audit' | 'batch'; readonly sequence: number }
  | { readonly kind: 'journal'; readonly stream: string; readonly sequence: number }
  | { readonly kind: 'snapshot' | 'base'; readonly stream: string }
  | { readonly kind: 'batches-forgotten' }
  /** No part of the history. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'unknown' }

function padded(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0')
}

/** All keys that start with `prefix`, which ends with the separator. */
function below(prefix: string): KeyRange {
  return { gte: prefix, lt: prefix.slice(0, -1) + AFTER }
}

/** Sequences `from` … `to`, both included. */
function between(prefix: string, from: number, to: number): KeyRange {
  const { lt } = below(prefix)
  const gte = prefix + padded(Math.max(0, from))
  return { gte, lt: to < Number.MAX_SAFE_INTEGER ? prefix + padded(Math.max(0, to + 1)) : lt }
}

/** The smallest text above all that start with `prefix`. Names never hold the last code point, so there always is one. */
function afterPrefix(prefix: string): string {
  const last = prefix.codePointAt(prefix.length - 1) ?? 0
  const low = last >= 0xdc00 && last <= 0xdfff
  const point = low ? (prefix.codePointAt(prefix.length - 2) ?? 0) : last
  const next = point === 0xd7ff ? 0xe000 : point + 1
  return prefix.slice(0, low ? -2 : -1) + String.fromCodePoint(next)
}

/** Where everything stands. Functions that take names expect them checked by `checkedName`. */
export const keys = {
  schema: `${META}schema`,
  /** Every key there is: names hold no last code point. */
  everything: { gte: SEPARATOR, lt: String.fromCodePoint(LAST_CODE_POINT) },
  /** Holds the number up to which batch numbers were forgotten; part of the history, so that both are of one moment. */
  batchesForgotten: BATCHES_FORGOTTEN,
  history: below(HISTORY),
  snapshots: below(SNAPSHOTS),
  audit: (sequence: number) => AUDIT + padded(sequence),
  auditLog: below(AUDIT),
  auditFrom: (from: number): KeyRange => between(AUDIT, from, Number.MAX_SAFE_INTEGER),
  base: (stream: string) => BASES + stream,
  bases: below(BASES),
  batch: (sequence: number) => BATCHES + padded(sequence),
  batches: below(BATCHES),
  journal: (stream: string, sequence: number) => `${JOURNAL}${stream}${SEPARATOR}${padded(sequence)}`,
  journalRange: (stream: string, from: number, to: number): KeyRange =>
    between(`${JOURNAL}${stream}${SEPARATOR}`, from, to),
  /** The number at the end of a key of the journal, the audit log or the batches. */
  sequence: (key: string) => Number(key.slice(-SEQUENCE_DIGITS)),
  snapshot: (stream: string) => SNAPSHOTS + stream,
  document: (collection: string, id: string) => `${DOCUMENTS}${collection}${SEPARATOR}${id}`,
  documents: (collection: string, prefix: string): KeyRange => {
    const all = `${DOCUMENTS}${collection}${SEPARATOR}`
    return prefix === '' ? below(all) : { gte: all + prefix, lt: afterPrefix(all + prefix) }
  },
  documentId: (collection: string, key: string) => key.slice(DOCUMENTS.length + collection.length + 1),
  content: (digest: Digest) => CONTENT + digest,
  contents: below(CONTENT),
}

/** The digest in the key of a content; undefined for any other key. */
export function parseContentKey(key: string): Digest | undefined {
  return key.startsWith(CONTENT) ? key.slice(CONTENT.length) : undefined
}

/** Where a document stands, from its key; undefined for any other key. */
export function parseDocumentKey(key: string): { readonly collection: string; readonly id: string } | undefined {
  if (!key.startsWith(DOCUMENTS)) return undefined
  const [collection = '', id = ''] = key.slice(DOCUMENTS.length).split(SEPARATOR)
  return { collection, id }
}

/** Reads back a key of the history. */
export function parseHistoryKey(key: string): HistoryKey {
  if (key.startsWith(JOURNAL)) {
    const end = key.length - SEQUENCE_DIGITS
    if (key[end - 1] !== SEPARATOR) return { kind: 'unknown' }
    return { kind: 'journal', stream: key.slice(JOURNAL.length, end - 1), sequence: Number(key.slice(end)) }
  }
  if (key === BATCHES_FORGOTTEN) return { kind: 'batches-forgotten' }
  if (key.startsWith(AUDIT)) return { kind: 'audit', sequence: Number(key.slice(AUDIT.length)) }
  if (key.startsWith(BATCHES)) return { kind: 'batch', sequence: Number(key.slice(BATCHES.length)) }
  if (key.startsWith(BASES)) return { kind: 'base', stream: key.slice(BASES.length) }
  if (key.startsWith(SNAPSHOTS)) return { kind: 'snapshot', stream: key.slice(SNAPSHOTS.length) }
  if (key.startsWith(META)) return { kind: 'elsewhere' }
  return { kind: 'unknown' }
}

// Cc: control characters, among them the separator. Cs: a lone surrogate, which UTF-8 cannot hold.
const NAME_FORBIDS = /[\p{Cc}\p{Cs}\u{10ffff}]/u
const NAME_LENGTH_MAX = 512

/** The name itself. Throws HONUA_STORE_NAME when it cannot be part of a key. */
export function checkedName(what: 'stream' | 'collection' | 'document id', name: string): string {
  if (name === '' || name.length > NAME_LENGTH_MAX || NAME_FORBIDS.test(name)) throw storeErrors.name({ what })
  return name
}

/** Negative, zero or positive as `left` sorts before, with or after `right` in a database: by code point, not by UTF-16 unit. */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Surrogates stand for code points above every single unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + LAST_CODE_POINT : unit
}
