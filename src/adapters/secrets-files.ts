import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { configErrors } from '../core/errors/config.ts'
import type { Secrets } from '../ports/secrets.ts'

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,252}$/
/** No key or token is larger, in bytes. */
const SECRET_SIZE_MAX = 64 * 1024
/** A pipe must not make us wait for its writer, and a link that appears after the path was resolved is not followed. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Secrets as files in a folder, or as environment variables; read anew each time, so that a rotated one is taken at once. */
export interface FileSecrets extends Secrets {
  /**
   * The file or folder of that name in the secrets folder, links resolved; undefined where there is none. Throws HONUA_SECRET_MISSING
   * when it leads out of the folder or cannot be looked at.
   */
  path(name: string): Promise<string | undefined>
}

export interface FileSecretsOptions {
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told every value that is read, so that a log can keep it out of its lines. */
  readonly onRead?: (value: string) => void
}

/**
 * A file `name` in `dir` comes before the environment variable NAME (capitals, `-` as `_`). Names are `[A-Za-z][A-Za-z0-9_-]*`; others
 * are never looked up. An empty secret counts as none. One that is there and cannot be used (too large, no UTF-8, no permission, a link
 * out of the folder) throws HONUA_SECRET_MISSING rather than give way to the environment.
 */
export function fileSecrets({ dir, env, onRead }: FileSecretsOptions): FileSecrets {
  const path = async (name: string): Promise<string | undefined> => {
    if (!NAME.test(name)) return undefined
    const file = join(dir, name)
    return named(name, async () => {
      if (!(await exists(file))) return undefined
      const [real, root] = [await realpath(file), await realpath(dir)]
      if (!real.startsWith(root === sep ? sep : root + sep))
        throw new Unusable('its file leads out of the secrets folder')
      return real
    })
  }
  return {
    path,
    async read(name) {
      if (!NAME.test(name)) return undefined
      const file = await path(name)
      const text = file === undefined ? undefined : await named(name, () => readSmall(file))
      const value = text ?? env[name.toUpperCase().replaceAll('-', '_')]
      if (value === undefined || value === '') return undefined
      onRead?.(value)
      return value
    },
  }
}

class Unusable extends Error {}

/** Tells of the secret's name and the reason only: the system's own messages hold paths. */
async function named<T>(name: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    const reason = error instanceof Unusable ? error.message : codeOf(error)
    if (reason === undefined) throw error
    throw configErrors.secretUnusable({ name, reason: reason === 'ENOENT' ? 'its link leads nowhere' : reason })
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file)
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw error
  }
}

/** The file's text without its final newline; undefined for a folder, which holds more than one value. */
async function readSmall(file: string): Promise<string | undefined> {
  const handle = await open(file, OPEN_FLAGS)
  try {
    const found = await handle.stat()
    if (found.isDirectory()) return undefined
    if (!found.isFile()) throw new Unusable('it is no regular file')
    // One byte more than is allowed shows a file that grew since.
    const buffer = Buffer.alloc(SECRET_SIZE_MAX + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = (await handle.read(buffer, length, buffer.length - length, length)).bytesRead
    if (length > SECRET_SIZE_MAX) throw new Unusable(`it is larger than ${SECRET_SIZE_MAX} bytes`)
    return decoded(buffer.subarray(0, length)).replace(/\r?\n$/, '')
  } finally {
    await handle.close()
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) throw new Unusable('it is not UTF-8')
    throw error
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
