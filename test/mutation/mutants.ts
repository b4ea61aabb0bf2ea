/** Every mutant of the machines: made from their sources as they stand. */
import { readFileSync } from 'node:fs'
import { chartChanges, NEGATION } from './chart-changes.ts'
import { codeChanges } from './code-changes.ts'
import { type Mutant, mutantsFrom } from './mutant.ts'
import { bare, calleeOf, inside, keyOf, listed, type Node, parsed, under } from './syntax.ts'

export const ROOT = new URL('../../', import.meta.url)

/** The files that are changed, and the tests that must notice, the quickest first. */
export const subjects = [
  {
    files: [
      'machines/common.ts',
      'machines/environment/machine.ts',
      'machines/environment/vocabulary.ts',
      'machines/environment/memory.ts',
    ],
    tests: [
      ...['environment-looking', 'environment-approval', 'environment-deploying', 'environment-memory'],
      ...['environment-walk', 'environment-explored'],
    ],
  },
  { files: ['machines/source/machine.ts'], tests: ['source', 'source-explored'] },
  { files: ['machines/diagram.ts'], tests: ['diagram'] },
] as const

/** All mutants, in the order of the files and their lines. */
export function allMutants(): readonly Mutant[] {
  return subjects.flatMap(({ files }) =>
    files.flatMap((file) => mutantsOf(file, readFileSync(new URL(file, ROOT), 'utf8'))),
  )
}

/** The mutants of one file. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const program = parsed(source)
  const root = chartIn(program)
  const constants = new Map(
    listed(program, 'body')
      .flatMap((statement) => listed(statement, 'declarations'))
      .flatMap((one) => {
        const value = bare(under(one, 'init'))
        return value === undefined ? [] : [[keyOf(one), value] as const]
      }),
  )
  const chart = root === undefined ? [] : chartChanges({ source, root, constants })
  const changes = [...chart, ...codeChanges(source, program)].toSorted((a, b) => a.start - b.start)
  return mutantsFrom(file, source, changes).map((mutant) =>
    mutant.source.includes('negation(') ? { ...mutant, source: NEGATION + mutant.source } : mutant,
  )
}

/** The object given to `createMachine`, wherever it stands. */
function chartIn(node: Node): Node | undefined {
  if (calleeOf(node) === 'createMachine') return listed(node, 'arguments')[0]
  for (const inner of inside(node)) {
    const found = chartIn(inner)
    if (found !== undefined) return found
  }
  return undefined
}
