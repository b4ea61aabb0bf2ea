/** Rows of named tables as text, where pg_dump cannot be used: lossless, as the types' own output is read back by their own input. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tableSql } from '../names.ts'
import type { Session } from '../session.ts'
import type { Manifest, Written } from './folder.ts'

/** Rows that are in memory at once. */
const BATCH = 500

/** Writes the tables, all as they are at one moment, each to a file of its own: one JSON text a line. */
export async function writeRows(
  session: Session,
  tables: readonly string[],
  into: string,
): Promise<readonly Written[]> {
  await session.command('begin isolation level repeatable read read only')
  await plainly(session)
  const files: Written[] = []
  for (const [at, table] of tables.entries()) {
    const name = `${at}.rows`
    files.push({ name, table, rows: await writeTable(session, table, join(into, name)) })
  }
  await session.command('commit')
  return files
}

async function writeTable(session: Session, table: string, path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    await session.run(`declare honua_rows no scroll cursor for select one::text as row from ${tableSql(table)} as one`)
    let count = 0
    for (;;) {
      const rows = await session.run(`fetch ${BATCH} from honua_rows`)
      if (rows.length === 0) break
      await file.write(rows.map((row) => `${JSON.stringify(row['row'])}\n`).join(''))
      count += rows.length
    }
    await session.run('close honua_rows')
    return count
  } finally {
    await file.close()
  }
}

/** Empties the tables and fills them again, in one transaction: everything comes back, or nothing changes. */
export async function readRows(session: Session, files: Manifest['files'], from: string): Promise<number> {
  const tables = files.flatMap(({ table }) => table ?? [])
  await session.command('begin')
  await plainly(session)
  await session.run(`truncate ${tables.map(tableSql).join(', ')}`)
  let count = 0
  for (const { name, table } of files) if (table !== null) count += await readTable(session, table, join(from, name))
  await session.command('commit')
  return count
}

async function readTable(session: Session, table: string, path: string): Promise<number> {
  const columns = await session.run(
    `select pg_catalog.quote_ident(attname::text) as name from pg_catalog.pg_attribute
     where attrelid = pg_catalog.to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [tableSql(table)],
  )
  const names = columns.map((column) => String(column['name']))
  const insert = `insert into ${tableSql(table)} (${names.join(', ')}) overriding system value
    select ${names.map((name) => `(whole.one).${name}`).join(', ')}
    from (select text::${tableSql(table)} as one from unnest($1::text[]) as text offset 0) as whole`
  let batch: unknown[] = []
  let count = 0
  const flush = async () => {
    if (batch.length > 0) await session.run(insert, [batch])
    count += batch.length
    batch = []
  }
  for await (const line of createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    batch.push(JSON.parse(line))
    if (batch.length >= BATCH) await flush()
  }
  await flush()
  return count
}

/** Dates and intervals are written in a form that every server reads in the same way. */
async function plainly(session: Session): Promise<void> {
  await session.run(`set local datestyle to 'ISO, YMD'`)
  await session.run(`set local intervalstyle to 'postgres'`)
}
