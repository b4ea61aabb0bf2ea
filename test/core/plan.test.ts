import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { makePlan, type PlanTarget, resultOf, summarizePlan } from '../../src/core/plan/index.ts'
import { makeResource, releaseDigest, resourceKey } from '../../src/core/resource.ts'
import type {
  DeclaredResource,
  DesiredState,
  EnvironmentSettings,
  LiveResource,
  Plan,
  Resource,
} from '../../src/core/vocabulary.ts'
import { someSettings } from '../support/builders/environment.ts'

function aLayer(
  name: string,
  over: { readonly spec?: JsonObject; readonly annotations?: Readonly<Record<string, string>> } = {},
): Resource {
  const { spec = { title: name, geometryType: 'Polygon', storage: { table: name, srid: 4326 } }, annotations } = over
  return makeResource({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    namespace: 'default',
    name,
    metadata: annotations === undefined ? {} : { annotations },
    spec,
  })
}

function declared(resources: readonly Resource[]): DesiredState {
  const sorted: DeclaredResource[] = resources.map((one) => ({
    ...one,
    location: { path: `environments/dev/${one.name}.yaml`, line: 1, column: 1 },
  }))
  return {
    environment: 'dev',
    commit: 'a'.repeat(40),
    trees: { environment: 't', common: null, gitops: null },
    resources: sorted,
    release: releaseDigest(sorted),
  }
}

function aTarget(
  live: readonly Resource[],
  abilities: Partial<PlanTarget['abilities']> = {},
  name = 'files',
): PlanTarget {
  const resources: LiveResource[] = live.map((one) => ({ ...one, version: '1' }))
  return {
    name,
    description: 'a target',
    abilities: { delete: true, transactional: false, exclusive: false, ...abilities },
    represent: (resource) => resource,
    live: { target: name, resources },
  }
}

function planned(
  live: readonly Resource[],
  desired: readonly Resource[],
  over: {
    readonly settings?: Partial<EnvironmentSettings>
    readonly ours?: readonly Resource[]
    readonly abilities?: Partial<PlanTarget['abilities']>
  } = {},
): Plan {
  return makePlan({
    desired: declared(desired),
    reason: 'commit',
    targets: [aTarget(live, over.abilities)],
    inventory: (over.ours ?? live).map((one) => ({ target: 'files', key: one.key })),
    settings: someSettings(over.settings),
  })
}

const acts = (plan: Plan) => plan.changes.map((change) => `${change.action} ${change.key}`)

describe('a plan', () => {
  it('creates what is missing, updates what differs, deletes what is ours and no longer declared', () => {
    const plan = planned([aLayer('a'), aLayer('b')], [aLayer('a', { spec: { title: 'A' } }), aLayer('c')])
    expect(acts(plan)).toEqual(['update Layer/default/a', 'create Layer/default/c', 'delete Layer/default/b'])
  })

  it('is empty when live means the same: numbers by value, key order ignored', () => {
    const live = aLayer('a', { spec: { srid: 4326.0, nested: { b: 1, a: 2 } } })
    expect(acts(planned([live], [aLayer('a', { spec: { nested: { a: 2, b: 1 }, srid: 4326 } })]))).toEqual([])
  })

  it.each([
    ['prune is off', { settings: { prune: false } }, 'prune-off'],
    ['it is not ours', { ours: [] }, 'not-ours'],
    ['the target cannot delete', { abilities: { delete: false } }, 'cannot-delete'],
  ] as const)('keeps what is no longer declared when %s, and says so', (_, over, why) => {
    const plan = planned([aLayer('old')], [], over)
    expect([acts(plan), plan.retained]).toEqual([[], [{ target: 'files', key: 'Layer/default/old', why }]])
  })

  it('keeps a protected resource', () => {
    const plan = planned([aLayer('old', { annotations: { 'gitops.honua.io/prune': 'false' } })], [])
    expect(plan.retained[0]?.why).toBe('protected')
  })

  it('takes foreign things away from a target that is wholly ours', () => {
    expect(acts(planned([aLayer('stranger')], [], { ours: [], abilities: { exclusive: true } }))).toEqual([
      'delete Layer/default/stranger',
    ])
  })

  it('a rollback deletes what the failed deployment created, though prune is off', () => {
    const plan = makePlan({
      desired: declared([]),
      reason: 'rollback',
      targets: [aTarget([aLayer('new'), aLayer('old')])],
      inventory: [],
      settings: someSettings({ prune: false }),
      created: [{ target: 'files', key: 'Layer/default/new' }],
    })
    expect(acts(plan)).toEqual(['delete Layer/default/new'])
  })

  it('writes by ascending wave, deletes by descending wave after all writes', () => {
    const wave = (value: number) => ({ annotations: { 'gitops.honua.io/wave': String(value) } })
    const plan = planned(
      [aLayer('x', wave(1)), aLayer('y', wave(5))],
      [aLayer('late', wave(2)), aLayer('early', wave(-1))],
    )
    expect(plan.steps.map((step) => [step.wave, step.changes])).toEqual([
      [0, ['files/Layer/default/early']],
      [1, ['files/Layer/default/late']],
      [2, ['files/Layer/default/y']],
      [3, ['files/Layer/default/x']],
    ])
  })

  it('a transactional target takes everything in one step', () => {
    const wave = { annotations: { 'gitops.honua.io/wave': '3' } }
    const plan = planned([aLayer('gone')], [aLayer('a'), aLayer('b', wave)], { abilities: { transactional: true } })
    expect(plan.steps).toHaveLength(1)
    expect(plan.steps[0]?.changes).toHaveLength(3)
  })

  it('ignores what the rules ignore, for that kind and below that path only', () => {
    const live = aLayer('a', { spec: { title: 'a', statistics: { rows: 1 } } })
    const desired = aLayer('a', { spec: { title: 'a', statistics: { rows: 2 } } })
    const ignore = (kind: string) => ({ settings: { ignore: [{ kind, pointer: '/spec/statistics' }] } })
    expect([
      acts(planned([live], [desired], ignore('Layer'))),
      acts(planned([live], [desired], ignore('Style'))).length,
    ]).toEqual([[], 1])
  })

  it('lists of named things are compared by name, and fields are named by pointer', () => {
    const fields = (type: string) => ({
      spec: {
        fields: [
          { name: 'id', type: 'int' },
          { name: 'a/b', type },
        ],
      },
    })
    const plan = planned([aLayer('a', fields('text'))], [aLayer('a', fields('int'))])
    expect(plan.changes[0]?.fields).toEqual([{ pointer: '/spec/fields/a~1b/type', before: 'text', after: 'int' }])
  })

  it('the digest does not depend on the order in which things come', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 8 })
    fc.assert(
      fc.property(names, names, fc.integer(), (live, desired, seed) => {
        const turn = <One>(list: readonly One[]) => (seed % 2 === 0 ? [...list].reverse() : list)
        const one = planned(
          live.map((name) => aLayer(name)),
          desired.map((name) => aLayer(name, { spec: { title: 'new' } })),
        )
        const two = planned(
          turn(live).map((name) => aLayer(name)),
          turn(desired).map((name) => aLayer(name, { spec: { title: 'new' } })),
        )
        expect(two.digest).toBe(one.digest)
      }),
    )
  })

  it('any difference in live, desired, commit or settings changes the digest', () => {
    const base = planned([aLayer('a')], [aLayer('b')])
    const others = [
      planned([aLayer('a', { spec: { title: 'x' } })], [aLayer('b')]),
      planned([aLayer('a')], [aLayer('b', { spec: { title: 'x' } })]),
      planned([aLayer('a')], [aLayer('b')], { settings: { maxDeletePercent: 10 } }),
    ]
    for (const other of others) expect(other.digest).not.toBe(base.digest)
  })

  it('once carried out, nothing is left to plan', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 8 })
    fc.assert(
      fc.property(names, names, fc.boolean(), (live, desired, prune) => {
        const wanted = desired.map((name) => aLayer(name, { spec: { title: 'new' } }))
        const before = live.map((name) => aLayer(name))
        const plan = planned(before, wanted, { settings: { prune } })
        const held = new Map([...before, ...wanted].map((one) => [`${one.key} ${one.digest}`, one]))
        const state = declared(wanted)
        const after = resultOf(plan, 'files', state.resources, aTarget(before).live).map((pair) =>
          held.get(`${pair.key} ${pair.digest}`),
        )
        expect(after).not.toContain(undefined)
        expect(
          acts(
            planned(
              after.filter((one) => one !== undefined),
              wanted,
              { settings: { prune }, ours: before },
            ),
          ),
        ).toEqual([])
      }),
    )
  })
})

describe('breaking changes', () => {
  const storage = { table: 'public.a', srid: 4326, geometryColumn: 'geom' }
  const fields = [
    { name: 'id', type: 'int', nullable: true },
    { name: 'note', type: 'text' },
  ]
  const base: JsonObject = {
    geometryType: 'Polygon',
    tableName: 'a',
    schemaName: 'public',
    srid: 4326,
    storage,
    fields,
  }

  it.each<[string, JsonObject]>([
    ['geometry type', { geometryType: 'Point' }],
    ['SRID', { storage: { ...storage, srid: 3857 } }],
    ['SRID', { srid: 3857 }],
    ['table', { storage: { ...storage, table: 'public.b' } }],
    ['table', { tableName: 'b' }],
    ['schema', { schemaName: 'other' }],
    ['geometry column', { storage: { ...storage, geometryColumn: 'shape' } }],
    ['field "note" is removed', { fields: [fields[0] ?? null] }],
    ['field "note" changes its type', { fields: [fields[0] ?? null, { name: 'note', type: 'int' }] }],
    [
      'field "id" may no longer be empty',
      { fields: [{ name: 'id', type: 'int', nullable: false }, fields[1] ?? null] },
    ],
  ])('a change of %s is breaking and makes the plan of high risk', (reason, over) => {
    const plan = planned([aLayer('a', { spec: base })], [aLayer('a', { spec: { ...base, ...over } })])
    expect(plan.changes[0]?.breaking.join(' ')).toContain(reason)
    expect([plan.breaking, plan.risk]).toEqual([true, 'High'])
  })

  it('a removed layer makes the plan breaking', () => {
    expect(planned([aLayer('a'), aLayer('b'), aLayer('c')], [aLayer('b'), aLayer('c')])).toMatchObject({
      breaking: true,
      risk: 'High',
    })
  })

  it('a changed title is not breaking; only metadata changed can be undone as metadata', () => {
    const titled = planned(
      [aLayer('a')],
      [aLayer('a', { spec: { title: 'A', geometryType: 'Polygon', storage: { table: 'a', srid: 4326 } } })],
    )
    const labelled = planned([aLayer('a')], [aLayer('a', { annotations: { note: 'x' } })])
    expect([titled.breaking, titled.risk, titled.rollback]).toEqual([false, 'Medium', 'reapply'])
    expect([labelled.risk, labelled.rollback]).toEqual(['Low', 'metadata-only'])
  })

  it('deleting more than allowed is critical, and the summary says how much', () => {
    const plan = planned([aLayer('a'), aLayer('b'), aLayer('c')], [aLayer('a')])
    expect([plan.risk, summarizePlan(plan).deletePercent, summarizePlan(plan).deletes]).toEqual(['Critical', 67, 2])
  })
})

describe('a resource key', () => {
  it('is Kind/namespace/name', () => {
    expect(resourceKey('Layer', 'default', 'parcels')).toBe('Layer/default/parcels')
  })
})
