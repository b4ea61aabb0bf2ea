import type { BigIntStats } from 'node:fs'

/** What stands at a path, no link followed. Plain data, so that it may come from another thread. */
export interface Facts {
  readonly kind: 'file' | 'link' | 'folder' | 'special'
  readonly ino: bigint
  /** Bytes. */
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  readonly mode: bigint
}

/** What was found at a path, and the bytes of a regular file that is no longer than was asked for. */
export interface Opened {
  readonly facts: Facts
  readonly content: Buffer | null
}

/** Why nothing is known of a path: what `node:fs` names the failure, e.g. `EACCES`. */
export interface Unseen {
  readonly failed: string
}

export type Path = string | Buffer

/** Looks at many paths, each on its own: what fails at one says nothing of the others. Rejects with the signal's reason when aborted. */
export interface Looker {
  facts(paths: readonly Path[], signal: AbortSignal): Promise<readonly (Facts | Unseen)[]>
  /**
   * Reads regular files without following a link or waiting for a pipe's writer, and hands each over by its place among `paths`, in
   * any order; few are held at a time. Rejects with what `take` throws.
   */
  contents(
    paths: readonly Path[],
    bytesMax: number,
    signal: AbortSignal,
    take: (at: number, found: Opened | Unseen) => void,
  ): Promise<void>
}

export function factsOf(stats: BigIntStats): Facts {
  const { ino, size, mtimeNs, ctimeNs, mode } = stats
  const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'folder' : 'special'
  return { kind, ino, size, mtimeNs, ctimeNs, mode }
}
