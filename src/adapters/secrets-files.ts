import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Secrets } from '../ports/secrets.ts'

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/
/** No key or token is larger, in bytes. */
const SECRET_SIZE_MAX = 64 * 1024

/** Secrets as files in a folder, or as environment variables; read anew each time, so that a rotated one is taken at once. */
export interface FileSecrets extends Secrets {
  /** The file or folder of that name in the secrets folder; undefined where there is none. */
  path(name: string): Promise<string | undefined>
}

/** `dir` comes before the environment. Names are `[A-Za-z][A-Za-z0-9_-]*`; others are never looked up. */
export function fileSecrets({
  dir,
  env,
}: {
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
}): FileSecrets {
  const path = async (name: string): Promise<string | undefined> => {
    if (!NAME.test(name)) return undefined
    const file = join(dir, name)
    if (!(await exists(file))) return undefined
    const [real, root] = [await realpath(file), await realpath(dir)]
    return real.startsWith(root + sep) ? real : undefined
  }
  return {
    path,
    async read(name) {
      if (!NAME.test(name)) return undefined
      const file = await path(name)
      const text = file === undefined ? undefined : await readSmall(file)
      return text ?? env[name.toUpperCase().replaceAll('-', '_')]
    },
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false
    throw error
  }
}

async function readSmall(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    const isFile = (await handle.stat()).isFile()
    if (!isFile || size > SECRET_SIZE_MAX) return undefined
    return (await handle.readFile('utf8')).replace(/\r?\n$/, '')
  } finally {
    await handle.close()
  }
}
