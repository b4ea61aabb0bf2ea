/** What was begun of putting backups back, and what was done: a file for each key, beside the backups. */
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { targetErrors } from '../../../../core/errors/target.ts'
import { guarded, jsonOf, keyOf, sync } from './folder.ts'

const FOLDER = 'restores'

const begun = z.strictObject({
  state: z.literal('begun'),
  backup: z.string(),
  /** The files of what was there before, as PostgreSQL counts them: what is put back has new ones. */
  relations: z.array(z.string()),
})
const mark = z.discriminatedUnion('state', [begun, z.strictObject({ state: z.literal('done'), message: z.string() })])

export type Begun = z.infer<typeof begun>
export type Mark = z.infer<typeof mark>

/** Undefined where nothing was begun by that key. Throws HONUA_TARGET_REFUSED for a file that cannot be read: then nobody knows. */
export async function readMark(target: string, folder: string, idempotencyKey: string): Promise<Mark | undefined> {
  const path = pathOf(folder, idempotencyKey)
  return guarded(target, path, async () => {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) return undefined
    const parsed = mark.safeParse(jsonOf(text))
    if (parsed.success) return parsed.data
    throw targetErrors.refused({
      target,
      reason: `${path} does not tell whether the backup was put back`,
      remedy: 'look at the database, and find out what changed the folder of the backups',
    })
  })
}

/** On the disk, whole, when it resolves. */
export async function writeMark(target: string, folder: string, idempotencyKey: string, written: Mark): Promise<void> {
  const path = pathOf(folder, idempotencyKey)
  await guarded(target, path, async () => {
    await mkdir(join(folder, FOLDER), { recursive: true, mode: 0o700 })
    const file = await open(`${path}.part`, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(written)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.part`, path)
    await sync(join(folder, FOLDER))
    await sync(folder)
  })
}

function pathOf(folder: string, idempotencyKey: string): string {
  return join(folder, FOLDER, `${keyOf(idempotencyKey)}.json`)
}
