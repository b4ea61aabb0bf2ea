import { partsOf, tableSql } from '../names.ts'
import type { Row, Session } from '../session.ts'
import type { TableCheck } from '../settings.ts'

/** What of a table is not as it should be, for people; each with the table's name. */
export async function checkTable(session: Session, check: TableCheck): Promise<readonly string[]> {
  const { table, geometryColumn, minRows } = check
  const [found] = await session.run('select pg_catalog.to_regclass($1) is not null as there', [tableSql(table)])
  if (found?.['there'] !== true) return [`${table} is not there`]
  const faults = geometryColumn === undefined ? [] : [...(await geometryFaults(session, check, geometryColumn))]
  if (minRows !== undefined && minRows > 0) {
    // As many rows as are asked for are counted, not all that there are.
    const rows = await session.run(`select count(*)::text as n from (select from ${tableSql(table)} limit $1) as few`, [
      minRows,
    ])
    const count = Number(rows[0]?.['n'])
    if (count < minRows) faults.push(`${table} has ${count} rows, at least ${minRows} are expected`)
  }
  return faults
}

async function geometryFaults(session: Session, check: TableCheck, column: string): Promise<readonly string[]> {
  const { table, geometryType, srid } = check
  const [row] = await session.run(
    `select a.atttypid::regtype::text as type from pg_catalog.pg_attribute a
     where a.attrelid = pg_catalog.to_regclass($1) and a.attname = $2 and a.attnum > 0 and not a.attisdropped`,
    [tableSql(table), column],
  )
  if (row === undefined) return [`${table} has no column ${column}`]
  if (geometryType === undefined && srid === undefined)
    return isGeometry(row) ? [] : [`${table}.${column} is no geometry`]
  const [extension] = await session.run(
    `select pg_catalog.quote_ident(n.nspname::text) as schema from pg_catalog.pg_extension e
     join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname::text = 'postgis'`,
  )
  if (extension === undefined)
    return [`${table}.${column}: its type and SRID cannot be seen, as PostGIS is not installed`]
  const { schema, name } = partsOf(table)
  const [geometry] = await session.run(
    `select type, srid from ${String(extension['schema'])}.geometry_columns
     where f_table_name::text = $2 and f_geometry_column::text = $3
       and f_table_schema::text = coalesce($1, (select n.nspname::text from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = pg_catalog.to_regclass($4)))`,
    [schema, name, column, tableSql(table)],
  )
  if (geometry === undefined) return [`${table}.${column} is no geometry`]
  return [
    ...(geometryType === undefined || same(geometry['type'], geometryType)
      ? []
      : [`${table}.${column} is of type ${String(geometry['type'])}, ${geometryType} is expected`]),
    ...(srid === undefined || geometry['srid'] === srid
      ? []
      : [`${table}.${column} has SRID ${String(geometry['srid'])}, ${srid} is expected`]),
  ]
}

/** Without PostGIS, the types that PostgreSQL has of its own count. */
function isGeometry({ type }: Row): boolean {
  return /(?:^|\.|")(?:geometry|geography|raster|point|line|lseg|box|path|polygon|circle)"?$/.test(String(type))
}

function same(found: unknown, wanted: string): boolean {
  return String(found).toUpperCase() === wanted.toUpperCase()
}
