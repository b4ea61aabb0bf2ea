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

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (code === '' ? String(error) : code)
}
