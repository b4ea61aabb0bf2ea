import { sha256 } from './canonical.ts'
import type { Json, JsonObject } from './json.ts'
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

/** Where a journal begins that is no longer kept whole: the state behind the newest entry that is gone. */
export interface BaseFacts {
  readonly stream: string
  /** Of that entry. */
  readonly sequence: number
  readonly at: Instant
  /** What the first entry that is kept names as the one before it. */
  readonly hash: Digest
  /** SHA-256 of `snapshot` as JSON text; what that entry named. */
  readonly state: Digest
  readonly machine: { readonly name: string; readonly version: number; readonly chart: Digest }
  readonly snapshot: Json
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

/** Hash of the begin of a journal. */
export function baseHash({ stream, sequence, at, hash, state, machine }: BaseFacts): Digest {
  const { name, version, chart } = machine
  return sha256(`honua-base-v1\n${JSON.stringify([stream, sequence, at, hash, state, name, version, chart])}`)
}

/** One digest over where all journals begin; the audit log names it, so that none can be moved unnoticed. */
export function basesHash(bases: Iterable<readonly [stream: string, base: Digest]>): Digest {
  const lines = [...bases].map((base) => JSON.stringify(base)).sort()
  return sha256(`honua-bases-v1\n${lines.join('\n')}`)
}

/** Hash of a document under its place and id: over the JSON text that is stored. */
export function documentHash(collection: string, id: string, text: string): Digest {
  return sha256(`honua-document-v1\n${JSON.stringify([collection, id])}\n${text}`)
}

function plainText(...parts: readonly JsonObject[]): string {
  return parts.map((part) => JSON.stringify(part)).join('\n')
}
