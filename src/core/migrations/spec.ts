import { sha256 } from '../canonical.ts'
import type { JsonObject } from '../json.ts'

/** What became of a migration that was begun and never confirmed, as far as it can be seen. */
export type Outcome =
  /** Another connection holds the lock: it may be being applied at this moment. */
  | 'running'
  /** What it makes is there. */
  | 'done'
  /** What it makes is not there: nothing was done. */
  | 'not-done'
  | 'unknown'

/** The spec of a resource of kind Migration. The last two are of live ones that are not known to be applied. */
export interface MigrationSpec {
  readonly number: number
  /** SHA-256 over the text. */
  readonly checksum: string
  readonly sql: string
  readonly state?: 'started'
  readonly outcome?: Outcome
}

/** What a file with this text declares. */
export function specOf(number: number, sql: string): JsonObject {
  return { number, checksum: sha256(sql), sql }
}

const OUTCOMES: readonly Outcome[] = ['running', 'done', 'not-done', 'unknown']

/** A spec read back from a resource; null when it is none of a migration. */
export function readSpec({ number, checksum, sql, state, outcome }: JsonObject): MigrationSpec | null {
  if (typeof number !== 'number' || typeof checksum !== 'string' || typeof sql !== 'string') return null
  if (state !== 'started') return { number, checksum, sql }
  return { number, checksum, sql, state, outcome: OUTCOMES.find((one) => one === outcome) ?? 'unknown' }
}
