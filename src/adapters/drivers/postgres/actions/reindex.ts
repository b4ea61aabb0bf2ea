import { tableSql } from '../names.ts'
import { withSession } from '../session.ts'
import { type Action, tablesOf } from './action.ts'

/** Indexes of people's schemas that a build which broke off left unusable; those of TOAST tables are rebuilt with theirs. */
const BROKEN = `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where not i.indisvalid and c.relkind = 'i' and n.nspname::text !~ '^pg_' and n.nspname::text <> 'information_schema'
    and c.relname::text !~ '_cc(new|old)[0-9]*$'
  order by 1`

/**
 * Builds indexes anew beside the old ones, so that readers and writers go on. Inputs: `tables`, else those of the configuration; of
 * others, only indexes that are broken.
 */
export const rebuildIndexes: Action = async (acting) => {
  const { target, deps, signal } = acting
  const tables = tablesOf(acting, 'tables', target.reindex)
  return withSession(target, deps, 'rebuild-indexes', signal, async (session) => {
    for (const table of tables) await session.run(`reindex table concurrently ${tableSql(table)}`)
    const broken = (await session.run(BROKEN)).map((row) => String(row['name']))
    for (const index of broken) await session.run(`reindex index concurrently ${index}`)
    const done = [...tables.map((table) => `the indexes of ${table}`), ...broken]
    return done.length === 0 ? 'no index needed it' : `rebuilt ${done.join(', ')}`
  })
}
