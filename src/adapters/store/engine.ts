import { HonuaError } from '../../core/errors/index.ts'
import type { StoreHealth } from '../../ports/store.ts'
import type { KeyRange } from './keys.ts'

/** One key set to a text, or removed. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string }

/** Key and text. */
export type Pair = readonly [key: string, value: string]

/** An ordered map of texts that survives: what the store is built on. Failures are HonuaErrors. */
export interface Engine {
  get(key: string): Promise<string | undefined>
  /** In the order asked for. */
  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]>
  hasMany(keys: readonly string[]): Promise<readonly boolean[]>
  /**
   * Pages of pairs, all of one moment. Throws HONUA_STORE_INTERRUPTED when the database was reopened meanwhile; what was
   * given until then is good, and `resumed` goes on from there.
   */
  pages(range: KeyRange): AsyncIterable<readonly Pair[]>
  /** The first `limit` keys of a range. */
  keys(range: KeyRange, limit: number): Promise<readonly string[]>
  /**
   * All operations or none, synced when it resolves. Waits while the disk is full. A rejection is final: the outcome is unknown,
   * and the caller writes no more. Never called again before it has settled.
   */
  write(operations: readonly Operation[]): Promise<void>
  /** Lets callers that were just answered ask again before the next group is closed. */
  turn(): Promise<void>
  health(): StoreHealth
  /** From now on a full disk is not waited out: the write that meets it, or waits already, is rejected with HONUA_STORE_CLOSED. */
  stopWaiting(): void
  /** Called after the last write has settled. */
  close(): Promise<void>
}

/** All pages of a range, also over a reopening in between; then what comes after it may be of a later moment. */
export async function* resumed(engine: Engine, range: KeyRange): AsyncIterable<readonly Pair[]> {
  for (let rest: KeyRange | null = range; rest !== null; ) {
    let next: KeyRange = rest
    try {
      for await (const page of engine.pages(rest)) {
        next = beyond(next, page)
        yield page
      }
      rest = null
    } catch (error) {
      if (!(error instanceof HonuaError) || error.code !== 'HONUA_STORE_INTERRUPTED') throw error
      rest = next.limit === 0 ? null : next
    }
  }
}

/** What is left of a range behind a page of it. */
function beyond(range: KeyRange, page: readonly Pair[]): KeyRange {
  const last = page.at(-1)
  if (last === undefined) return range
  const [key] = last
  // Directly above a key stands the same key with the lowest character behind it.
  const narrower = range.reverse === true ? { ...range, lt: key } : { ...range, gte: `${key}\u0000` }
  return range.limit === undefined || range.limit < 0 ? narrower : { ...narrower, limit: range.limit - page.length }
}
