/** The folder of one database's backups: each is a folder of its own that appears whole, or not at all. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256 } from '../../../../core/canonical.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import type { Instant } from '../../../../core/vocabulary.ts'

const MANIFEST = 'manifest.json'
/** `20261128T223300Z-1f3a…`: when it was made, and for which work. */
const ID = /^\d{8}T\d{6}Z-[0-9a-f]{12}$/
const PART = '.part'

const manifest = z.strictObject({
  version: z.literal(1),
  /** A dump of pg_dump, or rows of tables as PostgreSQL writes them, one JSON text a line. */
  form: z.enum(['pg_dump', 'rows']),
  database: z.string(),
  server: z.string(),
  /** Names of those that a dump holds; absent in older ones, and where rows alone are kept. */
  migrations: z.array(z.string()).optional(),
  files: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9.-]+$/),
      bytes: z.int(),
      sha256: z.string(),
      table: z.string().nullable(),
      rows: z.int().nullable(),
    }),
  ),
})
export type Manifest = z.infer<typeof manifest>
export type BackupFile = Manifest['files'][number]

/** Calls what the file system says by the target's name. */
export async function guarded<Value>(target: string, path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code))
      throw targetErrors.io({ target, path, reason: error.code })
    throw error
  }
}

/** The end of the id of every backup that is made for one piece of work. */
export function keyOf(idempotencyKey: string): string {
  return sha256(idempotencyKey).slice(0, 12)
}

export function isBackupId(text: string): boolean {
  return ID.test(text)
}

export function backupId(at: Instant, idempotencyKey: string): string {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  return `${stamp}-${keyOf(idempotencyKey)}`
}

/** When the backup of this id was made. */
export function madeAt(id: string): Instant {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(id) ?? []
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
}

/** Ids of the backups that are whole, oldest first. */
export async function listBackups(target: string, folder: string): Promise<readonly string[]> {
  const names = await guarded(target, folder, () =>
    readdir(folder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }),
  )
  return names.filter((name) => ID.test(name)).sort()
}

/** The backup that was made for this work already; undefined when none was. */
export function backupFor(ids: readonly string[], idempotencyKey: string): string | undefined {
  return ids.find((id) => id.endsWith(`-${keyOf(idempotencyKey)}`))
}

/**
 * Makes a backup: `fill` writes its files into an empty folder and says what they are. It appears under its id once everything is on the
 * disk; what an earlier attempt left unfinished is removed.
 */
export async function makeBackup(
  target: string,
  folder: string,
  id: string,
  fill: (into: string) => Promise<Omit<Manifest, 'version' | 'files'> & { readonly files: readonly Written[] }>,
): Promise<Manifest> {
  return guarded(target, folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder))
      if (name.endsWith(PART)) await rm(join(folder, name), { recursive: true, force: true })
    const part = join(folder, `.${id}${PART}`)
    await mkdir(part, { mode: 0o700 })
    try {
      const filled = await fill(part)
      const files: BackupFile[] = []
      for (const file of filled.files) files.push({ ...file, ...(await measured(join(part, file.name))) })
      const made: Manifest = { ...filled, version: 1, files }
      await writeFile(join(part, MANIFEST), `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
      for (const name of [...files.map((file) => file.name), MANIFEST]) await sync(join(part, name))
      await sync(part)
      await rename(part, join(folder, id))
      await sync(folder)
      return made
    } catch (error) {
      await rm(part, { recursive: true, force: true })
      throw error
    }
  })
}

export interface Written {
  readonly name: string
  readonly table: string | null
  readonly rows: number | null
}

/** Keeps the newest `keep`; gives the ids of those that went. */
export async function pruneBackups(target: string, folder: string, keep: number): Promise<readonly string[]> {
  const ids = await listBackups(target, folder)
  const old = ids.slice(0, Math.max(0, ids.length - keep))
  await guarded(target, folder, async () => {
    for (const id of old) await rm(join(folder, id), { recursive: true, force: true })
  })
  return old
}

/** Reads a backup's manifest. Throws HONUA_TARGET_REFUSED where it is none. */
export async function readManifest(target: string, folder: string, id: string): Promise<Manifest> {
  return guarded(target, join(folder, id), async () => {
    const parsed = manifest.safeParse(jsonOf(await readFile(join(folder, id, MANIFEST), 'utf8')))
    if (!parsed.success) throw broken(target, id, 'has no readable manifest')
    return parsed.data
  })
}

/** Reads a backup's manifest and compares every file with it. Throws HONUA_TARGET_REFUSED for one that is not as it was made. */
export async function verifiedManifest(target: string, folder: string, id: string): Promise<Manifest> {
  const found = await readManifest(target, folder, id)
  return guarded(target, join(folder, id), async () => {
    for (const file of found.files) {
      const now = await measured(join(folder, id, file.name))
      if (now.bytes !== file.bytes || now.sha256 !== file.sha256)
        throw broken(target, id, `has another ${file.name} than was written`)
    }
    return found
  })
}

function broken(target: string, id: string, problem: string) {
  return targetErrors.refused({
    target,
    reason: `the backup ${id} ${problem}`,
    remedy: 'make a new backup, and find out what changed the folder of the backups',
  })
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

async function measured(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
