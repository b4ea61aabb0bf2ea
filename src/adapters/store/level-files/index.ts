/**
 * Checks the files of a database before LevelDB opens it. Behind each block of a table LevelDB writes a checksum, and does not look at
 * it again: a bit that turned on the disk leads to wrong keys, to contents that nobody finds, or to a failed assertion that ends the
 * process without a word that helps. In a log it takes what stands behind a damaged record for never written. The MANIFEST it checks.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { storeErrors } from '../../../core/errors/store.ts'
import { codeOf } from '../failures.ts'
import { damageIn } from './log-format.ts'
import { type FilesInUse, filesIn } from './manifest.ts'
import { faultOf } from './table.ts'

/**
 * Reads every file that the database is made of, one at a time. Throws HONUA_STORE_CORRUPT naming file and byte. What a broken-off
 * compaction left is no part of it, and LevelDB removes it. Call only while the database is closed.
 */
export async function checkLevelFiles(folder: string): Promise<void> {
  const inUse = await filesInUse(folder)
  if (inUse === null) return
  for (const [number, bytes] of inUse.tables) {
    const name = `${String(number).padStart(6, '0')}.ldb`
    const table = await readIfThere(join(folder, name))
    // A table that is gone is told by LevelDB.
    if (table === null) continue
    const fault = table.length === bytes ? faultOf(table) : `it has ${table.length} bytes, ${bytes} were written`
    if (fault !== null) throw damaged(name, fault)
  }
  for (const name of await readdir(folder)) {
    if (Number(/^(\d+)\.log$/.exec(name)?.[1] ?? -1) < inUse.oldestLog) continue
    const at = damageIn((await readIfThere(join(folder, name))) ?? Buffer.alloc(0))
    if (at !== null) throw damaged(name, `the record at byte ${at} is not what was written, and others stand behind it`)
  }
}

/** Null where CURRENT or MANIFEST are not there or not readable: LevelDB refuses to open that, and says why. */
async function filesInUse(folder: string): Promise<FilesInUse | null> {
  const current = (await readIfThere(join(folder, 'CURRENT')))?.toString('latin1').trimEnd() ?? ''
  if (!/^MANIFEST-\d+$/.test(current)) return null
  const manifest = await readIfThere(join(folder, current))
  if (manifest === null) return null
  try {
    return filesIn(manifest)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function damaged(name: string, problem: string) {
  return storeErrors.corrupt({ place: { in: 'file', name }, problem })
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw storeErrors.unusable({ path, reason: codeOf(error) }, error)
  }
}
