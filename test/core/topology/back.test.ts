import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { makePlan } from '../../../src/core/plan/index.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Plan, Resource } from '../../../src/core/vocabulary.ts'
import { someSettings } from '../../support/builders/environment.ts'
import { aSeedLayer as aLayer, aTarget, declared } from '../../support/builders/plans.ts'

const NAMES = ['files', 'gis-1', 'gis-2', 'lb']
const SERVERS: JsonObject = {
  instances: [
    { name: 'one', target: 'gis-1' },
    { name: 'two', target: 'gis-2' },
  ],
  deploymentStrategy: { maxUnavailable: 2, drain: true },
}
const SPEC: JsonObject = { applicationServers: SERVERS, files: { target: 'files' }, loadBalancer: { target: 'lb' } }
const withSteps = (...edge: readonly (string | JsonObject)[]): JsonObject => ({
  ...SPEC,
  deploymentCoordination: {
    phases: {
      'pre-flight': ['check-dependencies'],
      application: ['rolling-restart'],
      edge,
      validation: ['smoke-tests'],
    },
  },
})

function aTopology(spec: JsonObject): Resource {
  const names = { apiVersion: 'honua.io/v1', kind: 'Topology', namespace: 'default', name: 'city' }
  return makeResource({ ...names, metadata: {}, spec })
}

/** The plan back from a release with one topology to layers, and maybe another topology. */
function back(from: JsonObject | null, to: JsonObject | null, live: readonly Resource[] = []): Plan {
  return makePlan({
    desired: declared([aLayer('a'), ...(to === null ? [] : [aTopology(to)])]),
    reason: 'rollback',
    ...(from === null ? {} : { from: [aTopology(from)] }),
    targets: NAMES.map((name) => ({
      ...aTarget(name === 'lb' ? [] : live, {}, name),
      takes: ({ kind }: Resource) => kind !== 'Topology' && name !== 'lb',
    })),
    inventory: NAMES.flatMap((target) => live.map(({ key }) => ({ target, key }))),
    settings: someSettings({ prune: true }),
  })
}

/** `wave target`, or `wave step target inputs`. */
const told = ({ steps }: Plan) =>
  steps.map(({ wave, target, action }) =>
    action === undefined ? `${wave} ${target}` : `${wave} ${action.step} ${target} ${JSON.stringify(action.inputs)}`,
  )

describe('a plan back along a topology', () => {
  it('goes from the last target to the first, one at a time, and does nothing but what is done again', () => {
    const plan = back(withSteps('update-load-balancer'), null)
    expect(told(plan)).toEqual([
      ...['0 gis-2', '1 gis-1', '2 files'],
      ...['3 undrain lb {"instance":"one"}', '4 undrain lb {"instance":"two"}', '5 update-load-balancer lb {}'],
    ])
    expect(plan.coordination).toMatchObject({ preFlight: [], validation: [], postDeployment: [] })
    expect(plan.coordination?.impact.map(({ target, steps }) => [target, steps])).toEqual([
      ...[
        ['gis-1', []],
        ['gis-2', []],
        ['files', []],
      ],
      ['lb', ['undrain', 'update-load-balancer']],
    ])
  })

  it('writes on each target before it takes away', () => {
    const plan = back(SPEC, null, [aLayer('gone')])
    expect(plan.steps.filter(({ target }) => target === 'gis-2').map(({ changes }) => changes)).toEqual([
      ['gis-2/Layer/default/a'],
      ['gis-2/Layer/default/gone'],
    ])
  })

  it('gives a step the inputs of the release that is put back, where that lists it for the component', () => {
    const set = (pool: string, component = 'loadBalancer') => ({
      ...{ step: 'update-load-balancer', component },
      with: { pool },
    })
    const inputs = (from: JsonObject, to: JsonObject | null) =>
      back(from, to).steps.flatMap(({ action }) =>
        action?.step === 'update-load-balancer' ? [action.inputs['pool']] : [],
      )
    expect(inputs(withSteps(set('new')), withSteps(set('old')))).toEqual(['old'])
  })

  it('never gives settings that only the release has that is left', () => {
    const set = { step: 'update-load-balancer', with: { pool: 'new' } }
    const other = { step: 'update-load-balancer', component: 'reverseProxy', with: { pool: 'old' } }
    for (const to of [withSteps(), withSteps(other), null])
      expect(told(back(withSteps(set), to)).filter((step) => step.includes('update-load-balancer'))).toEqual([])
  })

  it('is refused by nothing: what a target cannot do again is told afterwards', () => {
    expect(back(withSteps('update-load-balancer'), null).refused).toBeUndefined()
  })

  it('is none where the release that is left has no topology', () => {
    const plan = back(null, withSteps('update-load-balancer'))
    expect([plan.coordination, told(plan)]).toEqual([undefined, ['0 files', '0 gis-1', '0 gis-2']])
  })
})
