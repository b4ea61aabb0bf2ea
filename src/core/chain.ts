import { sha256 } from './canonical.ts'
import type { JsonObject } from './json.ts'
import type { Digest, Instant } from './vocabulary.ts'

/** What a journal entry says and its hash covers. */
export interface JournalFacts {
  readonly stream: string
  /** 1, 2, 3 … without gaps, per stream. */
  readonly sequence: number
  readonly at: Instant
  readonly event: JsonObject
  /** Digest of the state after the event. */
  readonly state: Digest
  /** Hash of the entry before; `ZERO_HASH` before the first. */
  readonly previous: Digest
}

/** What an audit line says and its hash covers. */
export interface AuditFacts {
  /** 1, 2, 3 … without gaps, over all streams. */
  readonly sequence: number
  readonly at: Instant
  readonly stream: string
  readonly actor: JsonObject
  readonly action: string
  readonly details: JsonObject
  readonly previous: Digest
}

/** What the first entry of a chain names as the one before it. */
export const ZERO_HASH: Digest = '0'.repeat(64)

/**
 * Hash of a journal entry: over its fields in a fixed order, the event as the text that is stored. Key order of the event is kept by
 * JSON, so reading it back gives the same bytes. The prefix keeps hashes of different kinds apart.
 */
export function journalHash(entry: JournalFacts): Digest {
  const { stream, sequence, at, event, state, previous } = entry
  return sha256(
    `honua-journal-v1\n${JSON.stringify([stream, sequence, at, state, previous])}\n${JSON.stringify(event)}`,
  )
}

/** Hash of an audit entry, likewise. */
export function auditHash(entry: AuditFacts): Digest {
  const { sequence, at, stream, actor, action, details, previous } = entry
  return sha256(
    `honua-audit-v1\n${JSON.stringify([sequence, at, stream, action, previous])}\n${plainText(actor, details)}`,
  )
}

/** Hash of a document under its place and id: over the JSON text that is stored. */
export function documentHash(collection: string, id: string, text: string): Digest {
  return sha256(`honua-document-v1\n${JSON.stringify([collection, id])}\n${text}`)
}

function plainText(...parts: readonly JsonObject[]): string {
  return parts.map((part) => JSON.stringify(part)).join('\n')
}
