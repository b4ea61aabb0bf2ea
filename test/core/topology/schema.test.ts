import { describe, expect, it } from 'vitest'
import { Assembler, assembleDesired, placeFile, readFile } from '../../../src/core/desired.ts'
import { stepLibrary } from '../../../src/core/topology/index.ts'

/** What is wrong with a topology, by place. */
function told(spec: string): readonly string[] {
  const text = `apiVersion: honua.io/v1\nkind: Topology\nmetadata: {name: city}\nspec:\n${spec}`
  const own = [placeFile('environments/dev/topology.yaml', readFile(text))]
  const trees = { environment: null, common: null, gitops: null }
  const assembly = { environment: 'dev', commit: 'c'.repeat(40), trees, common: [], own }
  return assembleDesired(assembly, new Assembler()).problems.map(
    ({ message, location }) => `${location?.line}:${location?.column} ${message}`,
  )
}

describe('a topology', () => {
  it('in either way of writing phases, with sections that mean nothing here, is accepted', () => {
    expect(
      told(
        '  database: {target: db, extensions: [postgis]}\n  backups: {}\n  deploymentCoordination: {phases: {database: [run-migrations]}}\n',
      ),
    ).toEqual([])
    expect(
      told(
        '  deploymentCoordination:\n    phases:\n      - {name: database, steps: [{step: run-migrations, timeout: 5m}]}\n',
      ),
    ).toEqual([])
  })

  it('knows every step of its library in its phase', () => {
    for (const { name, phase } of stepLibrary)
      expect(told(`  deploymentCoordination: {phases: {${phase}: [${name}]}}\n`), name).toEqual([])
  })

  it.each([
    [
      'an unknown step, with what was meant',
      '[run-migration]',
      '6:25 Topology: spec.deploymentCoordination.phases.database.0 is not a step that is known; did you mean run-migrations?',
    ],
    [
      'a step in the wrong phase',
      '[flush-cdn-cache]',
      '6:25 Topology: spec.deploymentCoordination.phases.database.0 belongs in the phase edge',
    ],
    [
      'a component that is not there',
      '[{step: run-migrations, component: cdn}]',
      '6:48 Topology: spec.deploymentCoordination.phases.database.0.component is not a component of this topology',
    ],
  ])('is refused for %s, at its place', (_, steps, expected) => {
    const [problem = ''] = told(`  deploymentCoordination:\n    phases: {database: ${steps}}\n`)
    expect(problem).toContain(expected)
  })

  it('is refused for a reference that leads nowhere', () => {
    expect(told('  database: {target: "${cache.host}"}\n')[0]).toContain(
      'refers to ${cache.host}, which is not in this topology',
    )
  })
})
