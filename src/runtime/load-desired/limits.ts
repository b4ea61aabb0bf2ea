import { desiredErrors } from '../../core/errors/desired.ts'

/** Bounds on what one environment, and common, may hold; and on what is kept in memory between loads. */
export interface LoadLimits {
  /** Largest file that is read, bytes. */
  readonly fileBytesMax: number
  readonly filesMax: number
  readonly foldersMax: number
  readonly folderDepthMax: number
  /** All files together, bytes. */
  readonly bytesMax: number
  /** Blobs asked of Git at the same time. */
  readonly readsInFlight: number
  /** Content kept parsed, by size of its text; parsed it takes five to ten times as much memory. */
  readonly cacheBytesMax: number
}

const MIB = 1024 * 1024

export const defaultLoadLimits: LoadLimits = {
  fileBytesMax: MIB,
  filesMax: 50_000,
  foldersMax: 10_000,
  folderDepthMax: 32,
  bytesMax: 256 * MIB,
  readsInFlight: 64,
  cacheBytesMax: 32 * MIB,
}

/** What is left of the limits for one walk. Every method throws HONUA_TREE_TOO_LARGE when they are used up. */
export class Budget {
  readonly #limits: LoadLimits
  #files = 0
  #folders = 0
  #bytes = 0

  constructor(limits: LoadLimits) {
    this.#limits = limits
  }

  takeFolder(depth: number): void {
    const { foldersMax, folderDepthMax } = this.#limits
    this.#folders += 1
    if (this.#folders > foldersMax) throw desiredErrors.treeTooLarge({ what: `${foldersMax} folders` })
    if (depth > folderDepthMax)
      throw desiredErrors.treeTooLarge({ what: `${folderDepthMax} folders inside each other` })
  }

  takeFiles(count: number): void {
    const { filesMax } = this.#limits
    this.#files += count
    if (this.#files > filesMax) throw desiredErrors.treeTooLarge({ what: `${filesMax} files` })
  }

  takeBytes(count: number): void {
    const { bytesMax } = this.#limits
    this.#bytes += count
    if (this.#bytes > bytesMax) throw desiredErrors.treeTooLarge({ what: `${bytesMax} bytes` })
  }
}
