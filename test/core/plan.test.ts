import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { makePlan, resultOf, summarizePlan } from '../../src/core/plan/index.ts'
import { makeResource, resourceKey } from '../../src/core/resource.ts'
import { someSettings } from '../support/builders/environment.ts'
import { actsOf as acts, aSeedLayer as aLayer, aTarget, declared, planned } from '../support/builders/plans.ts'

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

  it('the digest does not depend on the order of keys in which a target or a file gives its fields', () => {
    const one = planned(
      [aLayer('a', { spec: { x: 1, y: { b: 1, a: 1 } } })],
      [aLayer('a', { spec: { x: 2, y: { b: 2, a: 2 } } })],
    )
    const two = planned(
      [aLayer('a', { spec: { y: { a: 1, b: 1 }, x: 1 } })],
      [aLayer('a', { spec: { y: { a: 2, b: 2 }, x: 2 } })],
    )
    expect(two).toEqual(one)
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

  it('what goes with a larger part is breaking all the same', () => {
    const { storage: _, ...rest } = base
    const [change] = planned([aLayer('a', { spec: base })], [aLayer('a', { spec: rest })]).changes
    expect(change?.breaking).toEqual([
      'SRID changes from 4326 to nothing',
      'table changes from public.a to nothing',
      'geometry column changes from geom to nothing',
    ])
  })

  it('fields that are no longer declared are removed', () => {
    const { fields: _, ...rest } = base
    const [change] = planned([aLayer('a', { spec: base })], [aLayer('a', { spec: rest })]).changes
    expect(change?.breaking).toEqual(['field "id" is removed', 'field "note" is removed'])
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['what a target only now learns of', { title: 'a' }, { title: 'a', geometryType: 'Point', srid: 4326 }],
    [
      'a new field',
      { fields: [{ name: 'id', type: 'int' }] },
      {
        fields: [
          { name: 'id', type: 'int' },
          { name: 'b', type: 'int', nullable: false },
        ],
      },
    ],
    ['a type that is told for the first time', { fields: [{ name: 'id' }] }, { fields: [{ name: 'id', type: 'int' }] }],
    [
      'fields in another order',
      { fields: [{ name: 'id' }, { name: 'b' }] },
      { fields: [{ name: 'b' }, { name: 'id' }] },
    ],
    ['the same SRID in the other form', { storage: { srid: 4326, x: 1 } }, { srid: 4326, storage: { x: 1 } }],
    ['a field that may be empty again', { fields: [{ name: 'id', nullable: false }] }, { fields: [{ name: 'id' }] }],
  ])('%s is not breaking', (_, live, desired) => {
    const plan = planned([aLayer('a', { spec: live })], [aLayer('a', { spec: desired })])
    expect([plan.changes.length, plan.changes[0]?.breaking]).toEqual([1, []])
  })

  it('what is ignored breaks nothing', () => {
    const live = aLayer('a', { spec: { title: 'a', geometryType: 'Polygon', fields: [{ name: 'id', type: 'int' }] } })
    const desired = aLayer('a', { spec: { title: 'b', geometryType: 'Point', fields: [{ name: 'id', type: 'text' }] } })
    const ignore = ['/spec/geometryType', '/spec/fields/*/type'].map((pointer) => ({ kind: 'Layer', pointer }))
    expect(planned([live], [desired], { settings: { ignore } }).changes).toMatchObject([
      { fields: [{ pointer: '/spec/title' }], breaking: [] },
    ])
  })

  it('reasons stay short, whatever the values are', () => {
    const table = (letter: string) => aLayer('a', { spec: { tableName: letter.repeat(100_000) } })
    expect(planned([table('a')], [table('b')]).changes[0]?.breaking[0]?.length).toBeLessThan(200)
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

  it('deleting everything is critical, even where any share may be deleted', () => {
    const all = { settings: { maxDeletePercent: 100 } }
    expect([
      planned([aLayer('a')], [], all).risk,
      planned([aLayer('a'), aLayer('b')], [aLayer('a')], all).risk,
    ]).toEqual(['Critical', 'High'])
  })
})

describe('what a plan may do', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e']
  const some = fc.subarray(NAMES)
  const waves = fc.dictionary(fc.constantFrom(...NAMES), fc.integer({ min: -2, max: 2 }))
  const situation = fc.record({
    live: some,
    desired: some,
    ours: some,
    guarded: some,
    prune: fc.boolean(),
    canDelete: fc.boolean(),
    transactional: fc.boolean(),
    waves,
  })
  type Situation = typeof situation extends fc.Arbitrary<infer One> ? One : never
  const planOf = ({ live, desired, ours, guarded, prune, canDelete, transactional, waves: waveOf }: Situation) => {
    const one = (name: string, title: string) =>
      aLayer(name, {
        spec: { title },
        annotations: {
          'gitops.honua.io/wave': String(waveOf[name] ?? 0),
          ...(guarded.includes(name) ? { 'gitops.honua.io/prune': 'false' } : {}),
        },
      })
    return planned(
      live.map((name) => one(name, 'live')),
      desired.map((name) => one(name, 'desired')),
      { settings: { prune }, ours: ours.map((name) => aLayer(name)), abilities: { delete: canDelete, transactional } },
    )
  }
  const named = (key: string) => key.slice('Layer/default/'.length)

  it('only deletes what is ours, unprotected and no longer declared, with prune on, where the target can (I11)', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const gone = planOf(now)
          .changes.filter((change) => change.action === 'delete')
          .map((change) => named(change.key))
        const allowed = now.live.filter(
          (name) =>
            now.prune &&
            now.canDelete &&
            now.ours.includes(name) &&
            !now.desired.includes(name) &&
            !now.guarded.includes(name),
        )
        expect(gone.sort()).toEqual(allowed.sort())
      }),
    )
  })

  it('says of everything that is live and not declared whether it goes or stays', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const plan = planOf(now)
        const told = [...plan.retained, ...plan.changes.filter((change) => change.action === 'delete')].map((one) =>
          named(one.key),
        )
        expect(told.sort()).toEqual(now.live.filter((name) => !now.desired.includes(name)).sort())
      }),
    )
  })

  it('puts every change into one step, by wave, deletions last and mirrored; waves are numbered without a gap', () => {
    fc.assert(
      fc.property(situation, (now) => {
        const plan = planOf(now)
        const order = plan.steps.flatMap((step) => step.changes)
        expect([...order].sort()).toEqual(plan.changes.map((change) => `files/${change.key}`).sort())
        expect([...new Set(plan.steps.map((step) => step.wave))]).toEqual(
          Array.from({ length: summarizePlan(plan).waves }, (_, at) => at),
        )
        if (now.transactional) expect(plan.steps.length).toBe(plan.changes.length === 0 ? 0 : 1)
        const ranks = order.map((id) => {
          const change = plan.changes.find((one) => `files/${one.key}` === id)
          return change?.action === 'delete' ? 1_000 - change.wave : (change?.wave ?? 0)
        })
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
      }),
    )
  })
})

describe('several targets', () => {
  const onTwo = (files: Partial<Parameters<typeof aTarget>[1]> = {}) =>
    makePlan({
      desired: declared([aLayer('a'), aLayer('b', { annotations: { 'gitops.honua.io/wave': '1' } })]),
      reason: 'commit',
      targets: [aTarget([], {}, 'gis'), aTarget([], files, 'files')],
      inventory: [],
      settings: someSettings(),
    })

  it('each take all that is desired, side by side in each wave', () => {
    expect(onTwo().steps.map((step) => [step.wave, step.target, step.changes.length])).toEqual([
      [0, 'files', 1],
      [0, 'gis', 1],
      [1, 'files', 1],
      [1, 'gis', 1],
    ])
  })

  it('a transactional one joins in with the last wave in which it is written', () => {
    expect(onTwo({ transactional: true }).steps.map((step) => [step.wave, step.target, step.changes.length])).toEqual([
      [0, 'gis', 1],
      [1, 'files', 2],
      [1, 'gis', 1],
    ])
  })

  it('what they cannot do is said before anyone approves, of those that are written to', () => {
    const plan = makePlan({
      desired: declared([aLayer('a')]),
      reason: 'commit',
      targets: [
        aTarget([], { delete: false, conditionalWrite: false, dryRun: false, transactional: true }, 'weak'),
        aTarget([aLayer('a')], {}, 'quiet'),
      ],
      inventory: [],
      settings: someSettings(),
    })
    expect(plan.notes.map((note) => note.split(':')[0])).toEqual([
      'weak cannot refuse a write to what somebody else changed since',
      'weak cannot rehearse',
      'weak cannot delete',
    ])
    expect(plan.rollback).toBe('manual')
  })
})

describe('ten thousand resources', () => {
  it('of which one changed are planned faster than reading their digests again would take', () => {
    const live = Array.from({ length: 10_000 }, (_, at) => aLayer(`layer-${at}`))
    const desired = live.with(5_000, aLayer('layer-5000', { spec: { title: 'new' } }))
    const input = {
      desired: declared(desired),
      reason: 'commit' as const,
      targets: [aTarget(live)],
      inventory: live.map((one) => ({ target: 'files', key: one.key })),
      settings: someSettings(),
    }
    const timed = (task: () => unknown) => {
      const times = Array.from({ length: 5 }, () => {
        const start = process.hrtime.bigint()
        task()
        return Number(process.hrtime.bigint() - start)
      })
      return Math.min(...times)
    }
    expect(makePlan(input).changes).toHaveLength(1)
    const planning = timed(() => makePlan(input))
    const digesting = timed(() => desired.map(makeResource))
    expect(planning).toBeLessThan(digesting)
  })
})

describe('a resource key', () => {
  it('is Kind/namespace/name', () => {
    expect(resourceKey('Layer', 'default', 'parcels')).toBe('Layer/default/parcels')
  })
})
