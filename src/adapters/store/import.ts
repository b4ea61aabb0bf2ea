import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Level } from 'level'
import type { BackupPair } from '../../core/backup.ts'
import { storeErrors } from '../../core/errors/store.ts'
import { Anchor, anchorPath } from './anchor.ts'
import { codeOf, isDiskFull, reasonOf } from './failures.ts'
import { folder, replaceFile } from './files.ts'
import { Inspection, type Verified } from './inspection.ts'
import { compareKeys, keys, SCHEMA } from './keys.ts'
import { markStore } from './level-store.ts'
import { takeLock } from './lock.ts'

const WRITTEN_AT_ONCE = 1_000

/** A backup that can be read more than once: first to judge it, then to take it in. */
export interface Backup {
  /** Of the file, for messages. */
  readonly name: string
  pairs(): AsyncIterable<BackupPair>
}

/**
 * Takes a backup into a folder that is empty or not there yet. Nothing is written before all of it was read and found whole:
 * chains, snapshots, contents. Throws HONUA_BACKUP_PLACE, HONUA_BACKUP_INVALID, and what opening a store throws.
 */
export async function importLevelStore(dataDir: string, backup: Backup): Promise<Verified> {
  await assertEmpty(dataDir)
  const verified = await judged(backup)
  await folder(dataDir, 0o750)
  const lock = await takeLock(dataDir)
  const place = join(dataDir, 'store')
  try {
    await folder(place, 0o700)
    await written(place, backup)
    const { audit, batches } = verified
    await replaceFile(anchorPath(dataDir), Anchor.text({ audit, batches }))
    // The marker comes last: a folder without it holds no store.
    await markStore(dataDir)
    return verified
  } catch (error) {
    await rm(place, { recursive: true, force: true })
    await rm(anchorPath(dataDir), { force: true })
    if (isDiskFull(error)) throw storeErrors.diskFull({ dataDir, doing: 'the backup cannot be taken in' }, error)
    throw error
  } finally {
    await lock.release()
  }
}

async function assertEmpty(dataDir: string): Promise<void> {
  try {
    const [found] = await readdir(dataDir)
    if (found !== undefined) throw storeErrors.notEmpty({ dataDir, found })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw codeOf(error).startsWith('E') ? storeErrors.unusable({ path: dataDir, reason: codeOf(error) }, error) : error
  }
}

async function judged(backup: Backup): Promise<Verified> {
  let line = 1
  const invalid = (reason: string) => storeErrors.backupInvalid({ name: backup.name, line, reason })
  const inspection = new Inspection((fault) => {
    throw invalid(fault.message)
  })
  let last = ''
  let schema: string | undefined
  for await (const pair of backup.pairs()) {
    line += 1
    const [key, value] = pair
    if (compareKeys(last, key) >= 0) throw invalid('its keys are not in order')
    last = key
    if (key === keys.schema) schema = value
    inspection.take(pair)
  }
  if (schema !== String(SCHEMA))
    throw invalid(`it has schema ${schema ?? 'none'}; this program takes in schema ${SCHEMA}`)
  return inspection.finish()
}

async function written(place: string, backup: Backup): Promise<void> {
  const db = new Level<string, string>(place, { keyEncoding: 'utf8', valueEncoding: 'utf8', errorIfExists: true })
  try {
    await db.open()
    let batch = db.batch()
    for await (const [key, value] of backup.pairs()) {
      batch.put(key, value)
      if (batch.length < WRITTEN_AT_ONCE) continue
      await batch.write()
      batch = db.batch()
    }
    // What is synced last syncs all before it: LevelDB writes one log after the other.
    await batch.write({ sync: true })
  } catch (error) {
    if (isDiskFull(error)) throw error
    throw storeErrors.failed({ reason: reasonOf(error) }, error)
  } finally {
    await db.close()
  }
}
