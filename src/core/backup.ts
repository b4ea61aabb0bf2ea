/** The file of a backup: JSON lines, the first what it is, then a pair of key and text each, the last a digest over all before it. */
import { createHash } from 'node:crypto'
import { storeErrors } from './errors/store.ts'
import type { Json } from './json.ts'
import type { Instant } from './vocabulary.ts'

/** Key and text as a store keeps them; in a backup they stand in the order of the keys. */
export type BackupPair = readonly [key: string, value: string]

/** What a backup says of itself before anything else. */
export interface BackupHeader {
  readonly format: 'honua-export'
  readonly version: 1
  /** Version of the program that wrote it. */
  readonly by: string
  readonly at: Instant
}

/** What a whole backup holds. */
export interface BackupEnd {
  readonly pairs: number
  /** SHA-256 over every byte before the last line. */
  readonly digest: string
}

/** The text of a backup, piece by piece; a reader who does not see the last line has not got all of it. */
export async function* backupText(
  about: Pick<BackupHeader, 'by' | 'at'>,
  pages: AsyncIterable<readonly BackupPair[]>,
): AsyncIterable<string> {
  const header: BackupHeader = { format: 'honua-export', version: 1, ...about }
  const hash = createHash('sha256')
  let pairs = 0
  const hashed = (text: string) => {
    hash.update(text, 'utf8')
    return text
  }
  yield hashed(`${JSON.stringify(header)}\n`)
  for await (const page of pages) {
    pairs += page.length
    yield hashed(page.map((pair) => `${JSON.stringify(pair)}\n`).join(''))
  }
  yield `${JSON.stringify({ end: true, pairs, digest: hash.digest('hex') })}\n`
}

/**
 * Reads a backup line by line and checks that it is whole. Give it every line, then ask for the end. Throws HONUA_BACKUP_INVALID
 * naming the line.
 */
export class BackupReader {
  readonly #name: string
  readonly #hash = createHash('sha256')
  #lines = 0
  #pairs = 0
  #end: BackupEnd | null = null

  /** `name` is the file, for messages. */
  constructor(name: string) {
    this.#name = name
  }

  /** The pair on this line; null for the first and the last line. */
  take(line: string): BackupPair | null {
    this.#lines += 1
    if (this.#end !== null) throw this.#invalid('something follows the last line')
    const value = this.#parsed(line)
    if (this.#lines === 1) this.#header(value)
    else if (isPair(value)) this.#pairs += 1
    else {
      this.#finish(value)
      return null
    }
    this.#hash.update(line, 'utf8').update('\n')
    return isPair(value) ? value : null
  }

  /** Throws when the last line has not come. */
  end(): BackupEnd {
    if (this.#end === null) throw this.#invalid('it breaks off here')
    return this.#end
  }

  #header(value: Json): void {
    const { format, version }: Partial<BackupHeader> = asObject(value)
    if (format !== 'honua-export') throw this.#invalid('it is not in the format honua-export')
    if (version !== 1)
      throw this.#invalid(`it has version ${String(version)} of the format; this program reads version 1`)
  }

  #finish(value: Json): void {
    const { pairs, digest }: Partial<BackupEnd> = asObject(value)
    if (pairs !== this.#pairs || digest !== this.#hash.digest('hex'))
      throw this.#invalid('what stands before this line is not what was written')
    this.#end = { pairs, digest }
  }

  #parsed(line: string): Json {
    try {
      return JSON.parse(line)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw this.#invalid('it is damaged')
    }
  }

  #invalid(reason: string) {
    return storeErrors.backupInvalid({ name: this.#name, line: this.#lines, reason })
  }
}

function isPair(value: Json): value is BackupPair {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string')
}

function asObject(value: Json): object {
  return typeof value === 'object' && value !== null ? value : {}
}
