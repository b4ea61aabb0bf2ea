import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { makePlan } from '../../../src/core/plan/index.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Plan, Resource } from '../../../src/core/vocabulary.ts'
import { someSettings } from '../../support/builders/environment.ts'
import { aSeedLayer as aLayer, aTarget, declared } from '../../support/builders/plans.ts'

const SERVERS = [
  { name: 'one', target: 'gis-1' },
  { name: 'two', target: 'gis-2' },
  { name: 'three', target: 'gis-3' },
]

function aTopology(spec: JsonObject): Resource {
  return makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Topology',
    namespace: 'default',
    name: 'city',
    metadata: {},
    spec,
  })
}

/** The plan for layers on these targets, along a topology. */
function planned(
  spec: JsonObject,
  targets: readonly string[],
  over: {
    readonly live?: readonly Resource[]
    readonly actions?: readonly string[]
    readonly unseen?: readonly string[]
    readonly layers?: readonly Resource[]
  } = {},
): Plan {
  const { live = [], actions = [], unseen = [], layers = [aLayer('a')] } = over
  return makePlan({
    desired: declared([...layers, aTopology(spec)]),
    reason: 'commit',
    targets: targets.map((name) => ({
      ...aTarget(live, { actions, unseen }, name),
      takes: ({ kind }: Resource) => kind !== 'Topology',
    })),
    inventory: targets.flatMap((target) => live.map(({ key }) => ({ target, key }))),
    settings: someSettings(),
  })
}

/** What is done in each wave: `target` for its changes, `step target` for an action. */
function told(plan: Plan): readonly (readonly string[])[] {
  const waves = Math.max(-1, ...plan.steps.map(({ wave }) => wave)) + 1
  return Array.from({ length: waves }, (_, wave) =>
    plan.steps
      .filter((step) => step.wave === wave)
      .map(({ target, action }) => (action === undefined ? target : `${action.step} ${target}`)),
  )
}

describe('a plan along a topology', () => {
  const rolling = (deploymentStrategy: JsonObject) => ({
    applicationServers: { instances: SERVERS, deploymentStrategy },
    deploymentCoordination: { phases: { application: ['update-metadata'] } },
  })
  const names = SERVERS.map(({ target }) => target)

  it('changes servers one after the other, each well before the next', () => {
    expect(told(planned(rolling({}), names))).toEqual([
      ['gis-1'],
      ['health-check gis-1'],
      ['gis-2'],
      ['health-check gis-2'],
      ['gis-3'],
      ['health-check gis-3'],
    ])
  })

  it('changes as many at the same time as may be unavailable', () => {
    expect(told(planned(rolling({ maxUnavailable: 2 }), names))).toEqual([
      ['gis-1', 'gis-2'],
      ['health-check gis-1', 'health-check gis-2'],
      ['gis-3'],
      ['health-check gis-3'],
    ])
  })

  it('drains each server at the load balancer while it is changed, and uses none before it is well', () => {
    const spec = {
      ...rolling({ drain: true }),
      applicationServers: { instances: SERVERS.slice(0, 1), deploymentStrategy: { drain: true } },
      loadBalancer: { target: 'lb' },
    }
    const plan = planned(spec, ['gis-1', 'lb'], { actions: ['drain', 'undrain'] })
    expect(told(plan).slice(0, 4)).toEqual([['drain lb'], ['gis-1'], ['health-check gis-1'], ['undrain lb']])
    expect(plan.steps[0]?.action?.inputs).toEqual({ instance: 'one' })
  })

  it('drains each server while it is restarted too, and uses it again once it is well', () => {
    const spec = {
      applicationServers: { instances: SERVERS.slice(0, 2), deploymentStrategy: { drain: true } },
      loadBalancer: { target: 'lb' },
      deploymentCoordination: { phases: { application: ['rolling-restart', 'update-metadata'] } },
    }
    const plan = planned(spec, ['gis-1', 'gis-2', 'lb'], { actions: ['drain', 'undrain', 'rolling-restart'] })
    const restart = (name: string) => [
      ['drain lb'],
      [`rolling-restart ${name}`],
      [`health-check ${name}`],
      ['undrain lb'],
    ]
    expect(told(plan).slice(0, 8)).toEqual([...restart('gis-1'), ...restart('gis-2')])
    const drained = plan.steps.flatMap(({ action }) => (action?.step === 'drain' ? [action.inputs['instance']] : []))
    expect(drained).toEqual(['one', 'two', 'one', 'two'])
    // Drained twice, and used again once when everything goes back.
    const again = plan.steps.flatMap(({ action }) => (action?.undo === 'again' ? [action.inputs['instance']] : []))
    expect(again).toEqual(['one', 'two'])
  })

  it('drains no restarted thing that is no server', () => {
    const spec = {
      applicationServers: { target: 'gis-1', deploymentStrategy: { drain: true } },
      loadBalancer: { target: 'lb' },
      reverseProxy: { target: 'proxy' },
      deploymentCoordination: { phases: { application: [{ step: 'rolling-restart', component: 'reverseProxy' }] } },
    }
    const plan = planned(spec, ['gis-1', 'lb', 'proxy'], { actions: ['drain', 'undrain', 'rolling-restart'] })
    expect(told(plan).slice(0, 2)).toEqual([['rolling-restart proxy'], ['health-check proxy']])
  })

  it('uses drained servers again when the deployment is rolled back', () => {
    const spec = { ...rolling({ drain: true }), loadBalancer: { target: 'lb' } }
    const { steps } = planned(spec, ['gis-1', 'gis-2', 'gis-3', 'lb'], { actions: ['drain', 'undrain'] })
    const again = steps.flatMap(({ action }) => (action?.undo === 'again' ? [action] : []))
    expect(again.map(({ step, inputs }) => `${step} ${inputs['instance']}`)).toEqual([
      'undrain one',
      'undrain two',
      'undrain three',
    ])
  })

  it('says which of its steps may be done twice, and by whom', () => {
    const spec = {
      applicationServers: { target: 'gis-1' },
      cdn: { target: 'cdn' },
      deploymentCoordination: { phases: { edge: ['flush-cdn-cache'], validation: ['smoke-tests'] } },
    }
    const actions = ['flush-cdn-cache', 'smoke-tests']
    const notes = (unseen: readonly string[]) =>
      planned(spec, ['cdn', 'gis-1'], { actions, unseen }).notes.filter((note) => note.includes('again'))
    expect(notes(['flush-cdn-cache', 'update-dns'])).toEqual([
      'cdn may be asked for flush-cdn-cache again after a crash or without an answer: whether it was done cannot be seen there',
    ])
    expect(notes([])).toEqual([])
  })

  it('writes last what stands under a component without a phase of changes', () => {
    const spec = { applicationServers: { target: 'gis-1' }, monitoring: { target: 'pager' }, cdn: { target: 'cdn' } }
    expect(told(planned(spec, ['cdn', 'gis-1', 'pager']))).toEqual([['gis-1'], ['cdn'], ['pager']])
  })

  it('writes only the component that a step names', () => {
    const spec = {
      applicationServers: { target: 'gis-1' },
      metadataStore: { target: 'store' },
      deploymentCoordination: {
        phases: { application: [{ step: 'update-metadata', component: 'applicationServers' }, 'health-check'] },
      },
    }
    expect(told(planned(spec, ['gis-1', 'store']))).toEqual([['gis-1'], ['health-check gis-1'], ['store']])
  })

  it('goes through the phases in their order, whatever the order of the file', () => {
    const spec = {
      cdn: { target: 'cdn' },
      applicationServers: { target: 'gis-1' },
      database: { target: 'db' },
      deploymentCoordination: {
        phases: [
          { name: 'edge', steps: ['flush-cdn-cache'] },
          { name: 'application', steps: ['update-metadata', 'health-check'] },
          { name: 'database', steps: ['create-backup', 'run-migrations', 'analyze-tables'] },
        ],
      },
    }
    const actions = ['create-backup', 'analyze-tables', 'flush-cdn-cache']
    expect(told(planned(spec, ['cdn', 'db', 'gis-1'], { actions }))).toEqual([
      ['create-backup db'],
      ['db'],
      ['analyze-tables db'],
      ['gis-1'],
      ['health-check gis-1'],
      ['flush-cdn-cache cdn'],
      ['cdn'],
    ])
  })

  it('keeps waves, and deletions mirrored and last, inside a phase', () => {
    const wave = (value: number) => ({ annotations: { 'gitops.honua.io/wave': String(value) } })
    const plan = planned({ applicationServers: { target: 'gis-1' }, files: { target: 'files' } }, ['gis-1', 'files'], {
      live: [aLayer('old', wave(1)), aLayer('older', wave(2))],
      layers: [aLayer('late', wave(1)), aLayer('early')],
    })
    const keys = plan.steps.map(({ target, changes }) => `${target}: ${changes.map((id) => id.split('/').at(-1))}`)
    expect(keys).toEqual([
      ...['files: early', 'files: late', 'files: older', 'files: old'],
      ...['gis-1: early', 'gis-1: late', 'gis-1: older', 'gis-1: old'],
    ])
  })

  it('leaves out steps about what does not change', () => {
    const spec = {
      database: { target: 'db' },
      applicationServers: { target: 'gis-1' },
      deploymentCoordination: { phases: { database: ['create-backup'], application: ['update-metadata'] } },
    }
    const plan = makePlan({
      desired: declared([aLayer('a'), aTopology(spec)]),
      reason: 'commit',
      targets: [
        { ...aTarget([], {}, 'gis-1'), takes: ({ kind }: Resource) => kind === 'Layer' },
        { ...aTarget([], { actions: ['create-backup'] }, 'db'), takes: () => false },
      ],
      inventory: [],
      settings: someSettings(),
    })
    expect(told(plan)).toEqual([['gis-1']])
  })

  it('refuses what no target can do and components whose target is not there', () => {
    const spec = {
      cdn: { target: 'cdn' },
      dns: { target: 'gone' },
      deploymentCoordination: { phases: { edge: ['flush-cdn-cache'] } },
    }
    expect(planned(spec, ['cdn']).refused?.map(({ target, why }) => `${target} ${why}`)).toEqual([
      'gone is the target of dns, and not one of this environment',
      'cdn cannot do the step flush-cdn-cache',
    ])
  })

  it('tells for each component what it means', () => {
    const spec = { applicationServers: { instances: SERVERS.slice(0, 2) }, cdn: { target: 'cdn' } }
    const { coordination } = planned(spec, ['gis-1', 'gis-2', 'cdn'])
    expect(coordination?.impact.map(({ instance, creates }) => `${instance} ${creates}`)).toEqual([
      'one 1',
      'two 1',
      'cdn 1',
    ])
  })

  it('resolves references to other components', () => {
    const spec = {
      database: { target: 'db', host: 'db.example.org', port: 5432 },
      deploymentCoordination: {
        phases: {
          'pre-flight': [
            { step: 'verify-backups', with: { at: '${database.host}:${database.port}', port: '${database.port}' } },
          ],
        },
      },
    }
    const [action] = planned(spec, ['db'], { actions: ['verify-backups'] }).coordination?.preFlight ?? []
    expect(action?.inputs).toEqual({ at: 'db.example.org:5432', port: 5432 })
  })

  it('writes every change exactly once, whatever the topology', () => {
    const name = fc.constantFrom('gis-1', 'gis-2', 'gis-3', 'db', 'cdn', 'lb')
    const spec = fc.record(
      {
        database: fc.record({ target: name }),
        applicationServers: fc.record({ instances: fc.uniqueArray(fc.constantFrom(...SERVERS), { minLength: 1 }) }),
        cdn: fc.record({ target: name }),
        loadBalancer: fc.record({ target: name }),
        monitoring: fc.record({ target: name }),
        deploymentCoordination: fc.record({
          phases: fc.record(
            {
              database: fc.subarray(['run-migrations', 'run-migrations']),
              application: fc.subarray(['update-metadata', 'health-check', 'update-metadata']),
            },
            { requiredKeys: [] },
          ),
        }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(spec, fc.uniqueArray(name, { minLength: 1 }), (given, targets) => {
        const plan = planned(given, targets, { live: [aLayer('old')], layers: [aLayer('a'), aLayer('b')] })
        const written = plan.steps.flatMap(({ changes }) => changes)
        expect([...written].sort()).toEqual(plan.changes.map(({ target, key }) => `${target}/${key}`).sort())
        const waves = plan.steps.map(({ wave }) => wave)
        expect([...new Set(waves)]).toEqual(Array.from({ length: new Set(waves).size }, (_, at) => at))
      }),
    )
  })
})
