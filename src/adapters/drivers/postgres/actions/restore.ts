import { join } from 'node:path'
import { sha256 } from '../../../../core/canonical.ts'
import type { HonuaError } from '../../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import type { Json } from '../../../../core/json.ts'
import type { DatabaseBackup, Digest } from '../../../../core/vocabulary.ts'
import { dumpPrograms, restoreFrom } from '../backup/dump.ts'
import { isBackupId, listBackups, type Manifest, madeAt, readManifest, verifiedManifest } from '../backup/folder.ts'
import { type Begun, readMark, writeMark } from '../backup/marks.ts'
import { readRows } from '../backup/rows.ts'
import { readLedger, takeLock } from '../ledger.ts'
import { type Session, withSession } from '../session.ts'
import type { Acting, Action } from './action.ts'
import { DUMP, serverOf, settingsOf } from './backup.ts'

/** So many relations, or migrations, are told by name. */
const NAMED_MAX = 20
/** So many backups are named to who names a wrong one. */
const OFFERED_MAX = 5

/**
 * Puts a backup back. Never part of a deployment or a rollback: a person asks for it and names the backup (input `backup`). A dump brings
 * back the schema and the record of migrations too; rows alone fill their tables again, which must still have the same columns. With the
 * input `digest`, only a backup of that digest. Begun once for a key: what was done by then is said, and nothing is begun anew.
 */
export const restoreBackup: Action = async (acting) => {
  const { target, deps, request, signal } = acting
  const { folder } = settingsOf(acting)
  const mark = await readMark(target.name, folder, request.idempotencyKey)
  if (mark?.state === 'done') return `${mark.message} (done before)`
  if (mark?.state === 'begun') throw await endUnknown(acting, mark)
  const id = await namedBackup(target.name, folder, request.inputs['backup'])
  const manifest = await verifiedManifest(target.name, folder, id)
  // Between the look at it and this, a controller may have been away for hours.
  if ((request.inputs['digest'] ?? digestOf(manifest)) !== digestOf(manifest))
    throw targetErrors.refused({
      target: target.name,
      reason: `the backup ${id} is another than was approved`,
      remedy: 'find out what changed the folder of the backups, then ask for the restore again',
    })
  const server = await serverOf(acting)
  if (manifest.database !== server.database)
    throw targetErrors.refused({
      target: target.name,
      reason: `the backup ${id} is of the database ${manifest.database}, not of ${server.database}`,
    })
  return withSession(target, deps, 'restore-backup', signal, async (session) => {
    await takeLock(session)
    const before = await relationsOf(session)
    const begin = () =>
      writeMark(target.name, folder, request.idempotencyKey, {
        ...{ state: 'begun', backup: id },
        relations: before.map(({ file }) => file),
      })
    const done = async (message: string) => {
      await writeMark(target.name, folder, request.idempotencyKey, { state: 'done', message })
      return message
    }
    if (manifest.form === 'rows') {
      await begin()
      const rows = await readRows(session, manifest.files, join(folder, id))
      return done(`restored ${rows} rows of backup ${id}; migrations stay applied`)
    }
    const programs = await dumpPrograms(acting, server.major)
    if (programs === null)
      throw targetErrors.refused({
        target: target.name,
        reason: `pg_restore for PostgreSQL ${server.major} is not there`,
        remedy: 'install the client programs of the server’s version, or name them in backup.pgDump',
      })
    await begin()
    await restoreFrom(acting, programs, join(folder, id, DUMP))
    // What a dump holds is made anew. What was there and still is was made after it, and a migration that makes it would fail.
    const old = new Set(before.map(({ oid }) => oid))
    const left = (await relationsOf(session)).filter(({ oid }) => old.has(oid)).map(({ name }) => name)
    const more = left.length === 0 ? '' : `; made after it and still there, to be looked at: ${listed(left)}`
    return done(`restored the database from backup ${id}${more}`)
  })
}

/** What is known of a backup, and what putting it back would lose now. Its files are compared with its manifest once it is put back. */
export async function backupFacts(acting: Acting, named: string): Promise<DatabaseBackup> {
  const { target, deps, signal } = acting
  const { folder } = settingsOf(acting)
  const id = await namedBackup(target.name, folder, named)
  const manifest = await readManifest(target.name, folder, id)
  const applied = await withSession(target, deps, 'backup', signal, readLedger)
  const names = applied.map(({ name }) => name)
  return { id, madeAt: madeAt(id), digest: digestOf(manifest), loses: lossesOf(manifest, names) }
}

/** Over all that it holds: the manifest names a digest of each file. */
function digestOf(manifest: Manifest): Digest {
  return sha256(JSON.stringify(manifest))
}

function lossesOf({ form, files, migrations }: Manifest, applied: readonly string[]): readonly string[] {
  if (form === 'rows') {
    const tables = files.flatMap(({ table }) => table ?? [])
    return [
      `only the rows of ${listed(tables)} come back; everything written to them since then is lost`,
      'migrations stay applied, and what they did to these rows since then is lost',
    ]
  }
  const gone = migrations === undefined ? null : applied.filter((name) => !migrations.includes(name))
  const since = gone === null ? 'those applied since then' : gone.length === 0 ? 'none' : listed(gone)
  return ['everything written to it since then is lost', `migrations that are gone afterwards: ${since}`]
}

/** Throws HONUA_TARGET_REFUSED, naming those that are there, for what is no backup's id. */
async function namedBackup(target: string, folder: string, id: Json | undefined): Promise<string> {
  const ids = await listBackups(target, folder)
  if (typeof id === 'string' && isBackupId(id) && ids.includes(id)) return id
  throw targetErrors.refused({
    target,
    reason: 'the input backup of restore-backup names no backup that is there',
    remedy: ids.length === 0 ? 'there is none' : `name one of ${ids.slice(-OFFERED_MAX).join(', ')}`,
  })
}

/** It was begun, and we were not there to see it end. Tells what can be seen; what is begun once is not begun again. */
async function endUnknown({ target, deps, signal }: Acting, { backup, relations }: Begun): Promise<HonuaError> {
  const [now, isRunning] = await withSession(
    target,
    deps,
    'restore-backup',
    signal,
    async (session) => [await relationsOf(session), await isRestoring(session)] as const,
  )
  const here = new Set(now.map(({ file }) => file))
  const gone = relations.filter((file) => !here.has(file)).length
  const seen =
    gone === 0
      ? 'its tables were neither emptied nor made anew'
      : `${gone} of ${relations.length} tables, views and sequences from before are gone, or were emptied or made anew`
  return targetErrors.refused({
    target: target.name,
    reason: `putting backup ${backup} back was begun, and how it ended is not known: ${seen}${isRunning ? '; a pg_restore is still at work' : ''}. It is not done again`,
    remedy: 'look at the database; where it was not put back, ask for it again',
  })
}

/** Whether a pg_restore is at this database: one may outlive the controller that began it. */
async function isRestoring(session: Session): Promise<boolean> {
  const [row] = await session.run(
    `select exists (select from pg_catalog.pg_stat_activity
       where datname = pg_catalog.current_database() and application_name = 'pg_restore') as running`,
  )
  return row?.['running'] === true
}

interface Relation {
  readonly oid: string
  /** Another one when it was emptied or written anew as a whole, in the very transaction that does so. */
  readonly file: string
  readonly name: string
}

/** Tables, views and sequences that are people's own. */
async function relationsOf(session: Session): Promise<readonly Relation[]> {
  const rows = await session.run(
    `select c.oid::text as oid, pg_catalog.concat(c.oid, '/', c.relfilenode) as file, pg_catalog.concat(n.nspname, '.', c.relname) as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and n.nspname::text !~ '^pg_' and n.nspname::text <> 'information_schema'
       and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by 3`,
  )
  return rows.map((row) => ({ oid: String(row['oid']), file: String(row['file']), name: String(row['name']) }))
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED_MAX
  return names.slice(0, NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
