import { join } from 'node:path'
import { parseDuration } from '../../../../core/duration.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import { dumpPrograms, dumpTo, listDump } from '../backup/dump.ts'
import {
  backupFor,
  backupId,
  listBackups,
  madeAt,
  makeBackup,
  pruneBackups,
  verifiedManifest,
} from '../backup/folder.ts'
import { writeRows } from '../backup/rows.ts'
import { readLedger } from '../ledger.ts'
import { type Session, withSession } from '../session.ts'
import type { BackupSettings } from '../settings.ts'
import { type Acting, type Action, tablesOf } from './action.ts'

/** The dump in the folder of a backup. */
export const DUMP = 'database.dump'

/**
 * Makes a backup with pg_dump, or of the rows of named tables where that cannot be. The same work finds it made. Inputs: `tables`, else
 * those of the configuration. Older ones than are to be kept go, once the new one is there.
 */
export const createBackup: Action = async (acting) => {
  const { target, deps, request, signal } = acting
  const { folder, keep, tables: configured } = settingsOf(acting)
  const made = backupFor(await listBackups(target.name, folder), request.idempotencyKey)
  if (made !== undefined) return `backup ${made} was made already`
  const id = backupId(deps.clock.now(), request.idempotencyKey)
  const server = await serverOf(acting)
  const programs = await dumpPrograms(acting, server.major)
  const about = { database: server.database, server: server.version }
  const { form, files } = await makeBackup(target.name, folder, id, async (into) => {
    if (programs !== null) {
      const migrations = await withSession(target, deps, 'create-backup', signal, readLedger)
      await dumpTo(acting, programs, join(into, DUMP))
      return {
        ...about,
        migrations: migrations.map(({ name }) => name),
        form: 'pg_dump',
        files: [{ name: DUMP, table: null, rows: null }],
      }
    }
    const tables = tablesOf(acting, 'tables', configured)
    if (tables.length === 0) throw noTables(acting, server.major)
    const write = (session: Session) => writeRows(session, tables, into)
    return { ...about, form: 'rows', files: [...(await withSession(target, deps, 'create-backup', signal, write))] }
  })
  const gone = await pruneBackups(target.name, folder, keep)
  const what = form === 'pg_dump' ? 'the whole database' : `${files.map(({ table }) => table).join(', ')} (rows alone)`
  return `backup ${id} of ${what}${gone.length === 0 ? '' : `; ${gone.length} older removed`}`
}

/** The newest backup is as it was made, and can be read. Input: `maxAge`, a duration; an older one is not good enough. */
export const verifyBackups: Action = async (acting) => {
  const { target, deps, request } = acting
  const { folder } = settingsOf(acting)
  const id = (await listBackups(target.name, folder)).at(-1)
  if (id === undefined)
    throw targetErrors.refused({
      target: target.name,
      reason: `there is no backup in ${folder} yet`,
      remedy: 'take verify-backups out of the topology until create-backup has made the first one',
    })
  const { maxAge } = request.inputs
  const maxMs = typeof maxAge === 'string' ? parseDuration(maxAge) : undefined
  if (maxAge !== undefined && maxMs === undefined)
    throw targetErrors.refused({
      target: target.name,
      reason: 'the input maxAge of verify-backups is not a duration such as 24h',
    })
  if (maxMs !== undefined && deps.clock.now() - madeAt(id) > maxMs)
    throw targetErrors.refused({
      target: target.name,
      reason: `the newest backup, ${id}, is older than ${String(maxAge)}`,
    })
  const manifest = await verifiedManifest(target.name, folder, id)
  if (manifest.form === 'rows') return `backup ${id} is as it was made`
  const programs = await dumpPrograms(acting, Number.parseInt(manifest.server, 10))
  if (programs === null) return `backup ${id} is as it was made; pg_restore is not there to read it`
  await listDump(acting, programs, join(folder, id, DUMP))
  return `backup ${id} can be read`
}

export function settingsOf({ target, request }: Acting): BackupSettings {
  if (target.backup !== undefined) return target.backup
  throw targetErrors.refused({
    target: target.name,
    reason: `it cannot do the step ${request.action} without a folder for backups`,
    remedy: 'set backup.folder of the target',
  })
}

function noTables({ target }: Acting, major: number) {
  return targetErrors.refused({
    target: target.name,
    reason: `no pg_dump for PostgreSQL ${major} is there, and no tables are named`,
    remedy: 'install the client programs of the server’s version, or name the tables to copy in backup.tables',
  })
}

export async function serverOf({ target, deps, signal }: Acting) {
  return withSession(target, deps, 'backup', signal, async (session) => {
    const [row = {}] = await session.run(
      `select current_database() as database, current_setting('server_version') as version,
         current_setting('server_version_num')::int / 10000 as major`,
    )
    return { database: String(row['database']), version: String(row['version']), major: Number(row['major']) }
  })
}
