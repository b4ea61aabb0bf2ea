import type { Facts, Path, Unseen } from './facts.ts'

/** What the thread is asked: the facts of these paths, or the contents of those that are regular files no longer than `bytesMax`. */
export interface LookRequest {
  readonly want: 'facts' | 'contents'
  readonly paths: readonly Path[]
  readonly bytesMax: number
}

/** Said once when the thread can be asked, then once for each request, in order. */
export type LookAnswer =
  | { readonly ready: true }
  | {
      readonly ready: false
      /** For the first of the paths asked for: all of them, unless their contents became too much for one answer. */
      readonly found: readonly (Facts | Unseen)[]
      /** Bytes of each content, one after the other; null where none was read. */
      readonly lengths: readonly (number | null)[]
      readonly bytes: Uint8Array<ArrayBuffer>
    }
