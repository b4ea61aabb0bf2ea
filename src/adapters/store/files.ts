import { chmod, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { codeOf } from './failures.ts'

const PERMISSIONS = 0o777

/** Makes a folder of this mode where there is none; takes away what an existing one grants beyond it. */
export async function folder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode })
    await restrict(path, mode)
  } catch (error) {
    throw storeErrors.unusable({ path, reason: codeOf(error) }, error)
  }
}

/**
 * Takes away what the files of a folder grant to others. By path alone: opening and closing one of LevelDB's files would drop its
 * lock (THREATS §0.7).
 */
export async function ownFiles(path: string): Promise<void> {
  try {
    for (const name of await readdir(path)) await restrict(join(path, name), 0o600)
  } catch (error) {
    throw storeErrors.unusable({ path, reason: codeOf(error) }, error)
  }
}

async function restrict(path: string, mode: number): Promise<void> {
  try {
    const found = (await stat(path)).mode & PERMISSIONS
    if ((found & ~mode) !== 0) await chmod(path, found & mode)
  } catch (error) {
    // LevelDB removes files of its own at any time.
    if (codeOf(error) !== 'ENOENT') throw error
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

async function syncFolder(path: string): Promise<void> {
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
