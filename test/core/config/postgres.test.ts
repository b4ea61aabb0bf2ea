import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/core/config/index.ts'

const EXAMPLE = readFileSync(new URL('../../../config/examples/postgres.yaml', import.meta.url), 'utf8')
const problemsOf = (from: string, to: string) => {
  expect(EXAMPLE).toContain(from)
  return loadConfig(EXAMPLE.replace(from, to), 'f.yaml')
    .problems.map(({ message }) => message)
    .join('\n')
}

describe('a database as a target', () => {
  it('names where it is, or leaves that to the secret', () => {
    expect(problemsOf('      user: honua_gitops', '      # user: honua_gitops')).toContain(
      'spec.targets.0.user: it is missing',
    )
    expect(problemsOf('type: password', 'type: dsn')).toContain(
      'spec.targets.0.host: it stands in the secret; leave it out',
    )
  })

  it('is of one environment: two would share one record of migrations', () => {
    expect(problemsOf('gis_{environment}', 'gis')).toContain('two environments would share one database')
    expect(problemsOf('gis_{environment}', 'gis\n      environments: [production]')).toBe('')
  })

  it('is given checks that can be read', () => {
    expect(problemsOf('expected: "= 0"', 'expected: "about 0"')).not.toBe('')
    expect(problemsOf('sql: select count(*)', 'query: select count(*)')).not.toBe('')
  })
})
