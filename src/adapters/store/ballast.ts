import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, isDiskFull } from './failures.ts'

const CHUNK_BYTES = 1024 * 1024
const STAT_BLOCK_BYTES = 512

/** Space that is given back when the disk is full, so that the database can be opened again (THREATS §0.8). */
export class Ballast {
  readonly #path: string
  readonly #bytes: number

  /** `bytes` 0 keeps none, and is always whole. */
  constructor(dataDir: string, bytes: number) {
    this.#path = join(dataDir, 'ballast')
    this.#bytes = bytes
  }

  /** Takes the space. True when it is there, false when the disk has no room for it. */
  async take(): Promise<boolean> {
    if (this.#bytes === 0 || (await this.#isWhole())) return true
    const part = `${this.#path}.new`
    try {
      const handle = await open(part, 'w', 0o600)
      try {
        await fill(handle, this.#bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(part, this.#path)
      return true
    } catch (error) {
      await rm(part, { force: true })
      if (isDiskFull(error)) return false
      throw error
    }
  }

  /** Gives the space back. */
  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }

  /** Bytes that are kept now. */
  async kept(): Promise<number> {
    return (await this.#isWhole()) ? this.#bytes : 0
  }

  /** A sparse file of the right length keeps no space. */
  async #isWhole(): Promise<boolean> {
    try {
      const { size, blocks } = await stat(this.#path)
      return size === this.#bytes && blocks * STAT_BLOCK_BYTES >= size
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    }
  }
}

/** Writes real bytes: a file system may leave out zeros. */
async function fill(handle: FileHandle, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES, 'honua ballast ')
  for (let left = bytes; left > 0; ) {
    const { bytesWritten } = await handle.write(chunk, 0, Math.min(left, chunk.length))
    left -= bytesWritten
  }
}
