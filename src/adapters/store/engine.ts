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
   * given until then is good.
   */
  pages(range: KeyRange): AsyncIterable<readonly Pair[]>
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
