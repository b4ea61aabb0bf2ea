import { join } from 'node:path'
import { Level } from 'level'

/** Changes a closed store behind its back. */
export async function tampered(dataDir: string, change: (db: Level<string, string>) => Promise<void>): Promise<void> {
  const db = new Level<string, string>(join(dataDir, 'store'))
  await change(db)
  await db.close()
}
