import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import { storeErrors } from '../../core/errors/store.ts'
import { codeOf, hasCode, isDiskFull, isWantOfHandles, reasonOf } from './failures.ts'

/** Where LevelDB's files stand. */
export interface LevelFolder {
  readonly folder: string
  /** True until the store was initialised once: later a missing database is a loss, never a fresh start (THREATS §0.6). */
  readonly createIfMissing: boolean
}

/**
 * Opens the database. Throws HONUA_STORE_MISSING, _CORRUPT, _LOCKED (by a process that our own lock does not see, in another
 * container), _UNUSABLE, _HANDLES, and LevelDB's own error when the disk is full.
 */
export async function openLevel({ folder, createIfMissing }: LevelFolder): Promise<Level<string, string>> {
  const reason = createIfMissing ? await remainsOf(folder) : null
  if (reason !== null) throw storeErrors.missing({ dataDir: folder, reason })
  const db = new Level<string, string>(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8', createIfMissing })
  try {
    await db.open()
    return db
  } catch (error) {
    throw isDiskFull(error) ? error : openError(folder, error)
  }
}

function openError(folder: string, error: unknown): Error {
  const reason = reasonOf(error)
  if (hasCode(error, 'LEVEL_LOCKED')) return storeErrors.locked({ dataDir: folder, pid: null }, error)
  if (reason.includes('does not exist (create_if_missing is false)'))
    return storeErrors.missing(
      { dataDir: folder, reason: 'the database is not there, or its CURRENT file is gone' },
      error,
    )
  if (isWantOfHandles(error)) return storeErrors.handles({ folder }, error)
  if (/permission denied|read-only file system/i.test(reason))
    return storeErrors.unusable({ path: folder, reason }, error)
  return storeErrors.corrupt({ place: { in: 'database' }, problem: reason }, error)
}

/** Why a new database must not be made here: data without the CURRENT file that would lead to it. */
async function remainsOf(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch((error: unknown): readonly string[] => {
    if (codeOf(error) === 'ENOENT') return []
    throw storeErrors.unusable({ path: folder, reason: codeOf(error) }, error)
  })
  if (names.includes('CURRENT')) return null
  for (const name of names)
    if (name.endsWith('.ldb') || (name.endsWith('.log') && (await stat(join(folder, name))).size > 0))
      return `${name} is there, the CURRENT file is not`
  return null
}
