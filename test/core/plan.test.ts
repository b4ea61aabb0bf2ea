import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePlan, resultOf, summarizePlan } from '../../src/core/plan/index.ts'
import { makeResource, resourceKey } from '../../src/core/resource.ts'
import type { Resource } from '../../src/core/vocabulary.ts'
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
    ['the target cannot delete', { abilities: { delete: 'none' } }, 'cannot-delete'],
  ] as const)('keeps what is no longer declared when %s, and says so', (_, over, why) => {
    const plan = planned([aLayer('old')], [], over)
    expect([acts(plan), plan.retained]).toEqual([[], [{ target: 'files', key: 'Layer/default/old', why }]])
  })

  describe('on a target that keeps a part of a resource for ever', () => {
    const fixed = (then: 'recreate' | 'refuse') => ({
      fixed: [{ kind: 'Layer', pointer: '/spec/geometryType', then, why: 'keeps the geometry type' }],
    })
    const [point, line] = ['Point', 'LineString'].map((geometryType) => aLayer('a', { spec: { geometryType } }))
    const change = (then: 'recreate' | 'refuse', desired = line, over = {}) =>
      planned(point === undefined ? [] : [point], desired === undefined ? [] : [desired], {
        abilities: { ...fixed(then), ...over },
      })

    it('a change of it is delete and create, and breaking', () => {
      const plan = change('recreate')
      expect(plan.changes).toMatchObject([{ action: 'update', means: 'recreate' }])
      expect(plan.changes[0]?.breaking).toContain('files keeps the geometry type: it is deleted and created anew')
    })

    it('or cannot be made: nobody may deploy the plan', () => {
      const plan = change('refuse')
      expect([plan.refused, summarizePlan(plan).refused]).toEqual([
        [{ target: 'files', key: 'Layer/default/a', why: 'keeps the geometry type' }],
        'Layer/default/a: files keeps the geometry type',
      ])
    })

    it('other changes are as everywhere', () => {
      const plan = change('refuse', aLayer('a', { spec: { geometryType: 'Point', title: 'new' } }))
      expect([plan.refused, plan.changes[0]?.means]).toEqual([undefined, undefined])
    })

    it('a rollback leaves what it cannot change back, and says so', () => {
      const plan = makePlan({
        desired: declared(line === undefined ? [] : [line]),
        reason: 'rollback',
        targets: [aTarget(point === undefined ? [] : [point], fixed('refuse'))],
        inventory: [],
        settings: someSettings(),
      })
      expect([acts(plan), plan.refused]).toEqual([[], undefined])
      expect(plan.notes).toContain('Layer/default/a stays as it is: files keeps the geometry type')
    })
  })

  it('a deletion on a target that can only switch off means that, and is noted', () => {
    const plan = planned([aLayer('old')], [], { abilities: { delete: 'disable' } })
    expect(plan.changes).toMatchObject([{ action: 'delete', means: 'disable' }])
    expect(plan.notes).toContain('files cannot delete: what is taken away there is switched off and stays')
  })

  describe('on a target that treats kinds differently', () => {
    const abilities = {
      delete: 'disable',
      deletes: { Connection: 'delete', Style: 'none' },
      sideEffects: [{ kind: 'Layer', action: 'create', says: 'runs migrations' }],
    } as const
    const style = makeResource({ ...aLayer('a'), kind: 'Style' })

    it('each kind is taken away as far as it can be', () => {
      const connection = makeResource({ ...aLayer('a'), kind: 'Connection' })
      const plan = planned([aLayer('a'), connection, style], [], { abilities })
      expect(plan.changes.map(({ key, means }) => [key, means])).toEqual([
        ['Connection/default/a', undefined],
        ['Layer/default/a', 'disable'],
      ])
      expect(plan.retained).toEqual([{ target: 'files', key: style.key, why: 'cannot-delete' }])
      expect(plan.notes).toContain('files cannot delete Layer: what is taken away there is switched off and stays')
    })

    it('what a change brings about is noted, and what cannot be taken back makes the rollback manual', () => {
      const plan = planned([], [aLayer('a'), style], { abilities })
      expect(plan.notes).toContain('files runs migrations')
      expect(plan.notes).toContain('files cannot delete Style: what this plan creates there stays after a rollback')
      expect(plan.rollback).toBe('manual')
      expect(planned([], [aLayer('a')], { abilities }).rollback).toBe('reapply')
    })

    it('what is switched off is as good as gone, until it is declared again', () => {
      const off = aLayer('a', { spec: { srid: 4326, enabled: false } })
      const on = aLayer('a', { spec: { srid: 4326, enabled: true } })
      const over = (desired: readonly Resource[]) =>
        makePlan({
          desired: declared(desired),
          reason: 'commit',
          targets: [
            {
              ...aTarget([], abilities),
              live: { target: 'files', resources: [{ ...off, version: null, isOff: true }] },
            },
          ],
          inventory: [{ target: 'files', key: off.key }],
          settings: someSettings(),
        })
      expect([acts(over([])), over([]).retained, over([]).deletePercent]).toEqual([[], [], 0])
      expect(acts(over([on]))).toEqual(['update Layer/default/a'])
    })
  })

  it('fields that a target has no place for are told, with how many resources have them', () => {
    const target = { ...aTarget([]), omits: () => ['ogc'] }
    const desired = declared([aLayer('a'), aLayer('b')])
    const plan = makePlan({ desired, reason: 'commit', targets: [target], inventory: [], settings: someSettings() })
    expect(plan.notes).toContain('files has no place for what is declared as ogc (2): it is left out there')
  })

  it('writes to a target only what it takes', () => {
    const desired = declared([aLayer('a'), aLayer('b')])
    const picky = { ...aTarget([], {}, 'picky'), takes: ({ name }: Resource) => name === 'a' }
    const input = { desired, reason: 'commit', inventory: [], settings: someSettings() } as const
    expect(makePlan({ ...input, targets: [picky] }).changes.map(({ key }) => key)).toEqual(['Layer/default/a'])
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

  it('a transactional one deletes with its last write, not after those of the others', () => {
    const plan = makePlan({
      desired: declared([aLayer('a')]),
      reason: 'commit',
      targets: [aTarget([aLayer('old')], { transactional: true }, 'files'), aTarget([aLayer('old')], {}, 'gis')],
      inventory: ['files', 'gis'].map((target) => ({ target, key: 'Layer/default/old' })),
      settings: someSettings(),
    })
    expect(plan.steps.map((step) => [step.wave, ...step.changes])).toEqual([
      [0, 'files/Layer/default/a', 'files/Layer/default/old'],
      [0, 'gis/Layer/default/a'],
      [1, 'gis/Layer/default/old'],
    ])
  })

  it('one that names a key twice loses nothing by it', () => {
    const plan = planned([aLayer('a'), aLayer('a'), aLayer('z'), aLayer('z')], [aLayer('a')], {
      settings: { prune: true },
    })
    expect(acts(plan)).toEqual(['delete Layer/default/z'])
  })

  it('what they cannot do is said before anyone approves, of those that are written to', () => {
    const plan = makePlan({
      desired: declared([aLayer('a')]),
      reason: 'commit',
      targets: [
        aTarget([], { delete: 'none', conditionalWrite: false, dryRun: false, transactional: true }, 'weak'),
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
  it('of which one changed cost no look into the others: their digests say enough', () => {
    const read: string[] = []
    const watched = <One extends Resource>(resource: One): One => ({
      ...resource,
      get metadata() {
        read.push(resource.key)
        return resource.metadata
      },
      get spec() {
        read.push(resource.key)
        return resource.spec
      },
    })
    const live = Array.from({ length: 10_000 }, (_, at) => aLayer(`layer-${at}`))
    const desired = live.with(5_000, aLayer('layer-5000', { spec: { title: 'new' } }))
    const [state, target] = [declared(desired), aTarget(live)]
    const plan = makePlan({
      desired: { ...state, resources: state.resources.map(watched) },
      reason: 'commit',
      targets: [{ ...target, live: { ...target.live, resources: target.live.resources.map(watched) } }],
      inventory: live.map((one) => ({ target: 'files', key: one.key })),
      settings: someSettings(),
    })
    expect([acts(plan), plan.unchanged]).toEqual([['update Layer/default/layer-5000'], 9_999])
    expect([...new Set(read)]).toEqual(['Layer/default/layer-5000'])
  })
})

describe('a resource key', () => {
  it('is Kind/namespace/name', () => {
    expect(resourceKey('Layer', 'default', 'parcels')).toBe('Layer/default/parcels')
  })
})
