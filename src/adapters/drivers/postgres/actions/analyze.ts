import { tableSql } from '../names.ts'
import { withSession } from '../session.ts'
import { type Action, tablesOf } from './action.ts'

/** The planner learns what the tables hold. Inputs: `tables`; none, there or in the configuration: all that the role may. */
export const analyzeTables: Action = async (acting) => {
  const { target, deps, signal } = acting
  const tables = tablesOf(acting, 'tables', target.analyze)
  await withSession(target, deps, 'analyze-tables', signal, async (session) => {
    if (tables.length === 0) await session.run('analyze')
    for (const table of tables) await session.run(`analyze ${tableSql(table)}`)
  })
  return tables.length === 0 ? 'analysed the whole database' : `analysed ${tables.join(', ')}`
}
