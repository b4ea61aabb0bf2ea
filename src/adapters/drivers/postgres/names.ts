import pg from 'pg'

/** The name of a table, `parcels` or `gis.parcels`, as SQL. */
export function tableSql(table: string): string {
  return table
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.')
}

/** Its schema, or null for whichever comes first on the search path, and its own name. */
export function partsOf(table: string): { readonly schema: string | null; readonly name: string } {
  const dot = table.indexOf('.')
  return dot === -1 ? { schema: null, name: table } : { schema: table.slice(0, dot), name: table.slice(dot + 1) }
}
