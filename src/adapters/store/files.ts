import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** Makes a folder with exactly this mode, or corrects it. */
export async function folder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode })
    await chmod(path, mode)
  } catch (error) {
    throw storeErrors.unusable({ path, reason: codeOf(error) }, error)
  }
}

/** Replaces a small file whole, synced: after a crash it is the old one or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  await syncFolder(dirname(path))
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A small JSON object file; undefined where there is none. Throws HONUA_STORE_CORRUPT when it is no JSON object. */
export async function readObject(path: string): Promise<JsonObject | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw storeErrors.unusable({ path, reason: codeOf(error) }, error)
  }
  try {
    const value: Json = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw storeErrors.corrupt({ place: { in: 'database' }, problem: `${path} is not what the controller wrote` })
}

/** Space that is given back when the disk is full, so that the database can be opened again. */
export class Ballast {
  readonly #path: string
  readonly #bytes: number

  constructor(dataDir: string, bytes: number) {
    this.#path = join(dataDir, 'ballast')
    this.#bytes = bytes
  }

  /** Takes the space, with real bytes. True when it is there. */
  async take(): Promise<boolean> {
    if (this.#bytes === 0 || (await sizeOf(this.#path)) === this.#bytes) return true
    try {
      const handle = await open(this.#path, 'w', 0o600)
      try {
        // Bytes that no file system can leave out: zeros might not be stored at all.
        await handle.writeFile(Buffer.alloc(this.#bytes, 'honua ballast '))
        await handle.sync()
      } finally {
        await handle.close()
      }
      return true
    } catch (error) {
      await rm(this.#path, { force: true })
      if (isDiskFull(error)) return false
      throw error
    }
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return -1
    throw error
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

/** LevelDB says it in words; Node by a code. */
export function isDiskFull(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    const code = codeOf(one)
    if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota/i.test(one.message)) return true
  }
  return false
}
