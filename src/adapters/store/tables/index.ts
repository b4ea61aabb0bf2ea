/**
 * Checks the tables of a database before LevelDB opens it. LevelDB writes a checksum behind each block and does not look at it again:
 * a bit that turned on the disk leads to wrong keys, to contents that nobody finds, or to a failed assertion that ends the process
 * without a word that helps. Logs and the MANIFEST it checks by itself.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { storeErrors } from '../../../core/errors/store.ts'
import { codeOf } from '../failures.ts'
import { tablesIn } from './manifest.ts'
import { faultOf } from './table.ts'

/**
 * Reads every table that the database is made of, one at a time. Throws HONUA_STORE_CORRUPT naming the file. What a broken-off
 * compaction left is no part of it, and LevelDB removes it. Call only while the database is closed.
 */
export async function checkTables(folder: string): Promise<void> {
  for (const [number, bytes] of await tablesOf(folder)) {
    const name = `${String(number).padStart(6, '0')}.ldb`
    const table = await readIfThere(join(folder, name))
    // A table that is gone is told by LevelDB.
    if (table === null) continue
    const fault = table.length === bytes ? faultOf(table) : `it has ${table.length} bytes, ${bytes} were written`
    if (fault !== null) throw storeErrors.corrupt({ place: { in: 'file', name }, problem: fault })
  }
}

/** None where CURRENT or MANIFEST are not there or not readable: LevelDB refuses to open that, and says why. */
async function tablesOf(folder: string): Promise<ReadonlyMap<number, number>> {
  const current = (await readIfThere(join(folder, 'CURRENT')))?.toString('latin1').trimEnd() ?? ''
  if (!/^MANIFEST-\d+$/.test(current)) return new Map()
  const manifest = await readIfThere(join(folder, current))
  if (manifest === null) return new Map()
  try {
    return tablesIn(manifest)
  } catch (error) {
    if (error instanceof RangeError) return new Map()
    throw error
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw storeErrors.unusable({ path, reason: codeOf(error) }, error)
  }
}
