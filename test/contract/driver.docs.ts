/** What docs/drivers.md says of each driver; the contract holds every driver to its row. */
import { readFileSync } from 'node:fs'
import type { Abilities } from '../../src/ports/driver.ts'

const PAGE = readFileSync(new URL('../../docs/drivers.md', import.meta.url), 'utf8')

/** Rows of the table below a heading, by their first cell: the cells after it. */
function table(heading: string): ReadonlyMap<string, readonly string[]> {
  const [, section = ''] = PAGE.split(`\n## ${heading}\n`)
  const [text = ''] = section.split('\n## ')
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  return new Map(
    rows.map((line) => {
      const [name = '', ...cells] = line.split('|').slice(1, -1)
      return [name.trim().replaceAll('`', ''), cells.map((cell) => cell.trim())]
    }),
  )
}

/** By driver: what becomes of what is deleted, conditional writes, one step, rehearsal, all is ours, steps of a topology. */
export const abilitiesTold = () => table('What each driver can do')

/** By driver: each trouble of the contract, in its order. */
export const troublesTold = () => table('What each driver is tested against')

/** Abilities as the table tells them. */
export function abilityWords(abilities: Abilities): readonly string[] {
  const { delete: removal, conditionalWrite, transactional, dryRun, exclusive, actions = [] } = abilities
  const doesSteps = actions.length > 0
  return [
    removal,
    ...[conditionalWrite, transactional, dryRun, exclusive, doesSteps].map((can) => (can ? 'yes' : 'no')),
  ]
}
