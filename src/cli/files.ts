import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cliErrors } from '../core/errors/cli.ts'

/** A file's text. Throws HONUA_FILE_UNREADABLE. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw cliErrors.fileUnreadable({ path, reason: reasonOf(error) })
  }
}

/** A file's lines, as many in memory as are asked for. Throws HONUA_FILE_UNREADABLE. */
export async function* fileLines(path: string): AsyncIterable<string> {
  let rest = ''
  try {
    for await (const part of createReadStream(path, { encoding: 'utf8' })) {
      // A record may hold any other end of a line that Unicode knows.
      const lines = (rest + String(part)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw cliErrors.fileUnreadable({ path, reason: reasonOf(error) })
  }
  if (rest !== '') yield rest
}

/** Writes a file that only we can read: journals name people and reasons. Throws HONUA_FILE_UNREADABLE. */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 })
  } catch (error) {
    throw cliErrors.fileUnreadable({ path, reason: reasonOf(error) })
  }
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ENOSPC: 'the disk is full',
}

/** Why a file cannot be used, for people. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (code === '' ? String(error) : code)
}
