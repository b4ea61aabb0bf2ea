import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffResources, ignoringFor } from '../../../src/core/diff/index.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { breakingReasons, mayBreak } from '../../../src/core/plan/breaking.ts'
import { summarizePlan } from '../../../src/core/plan/index.ts'
import { aSeedLayer as aLayer, planned } from '../../support/builders/plans.ts'

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

  it('nothing breaks that is not among the changes: a look at them spares the closer one', () => {
    const value = fc.oneof(fc.constant(null), fc.constantFrom('a', 'b'), fc.constantFrom(1, 2), fc.constant({}))
    const part = fc.dictionary(fc.constantFrom('srid', 'table', 'schema', 'geometryColumn', 'primaryKey'), value)
    const field = fc.record({ name: fc.constantFrom('id', 'note'), type: value, nullable: fc.boolean() })
    const spec = fc.record(
      {
        ...{ title: value, geometryType: value, srid: value, tableName: value, schemaName: value, idField: value },
        ...{ geometryField: value, storage: fc.oneof(part, value), fields: fc.oneof(fc.array(field), value) },
      },
      { requiredKeys: [] },
    )
    let broken = 0
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        const [live, desired] = [aLayer('a', { spec: before }), aLayer('a', { spec: after })]
        const reasons = breakingReasons(live, desired, ignoringFor('Layer', []))
        if (reasons.length > 0) broken += 1
        expect(reasons.length === 0 || mayBreak(diffResources(live, desired))).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect(broken).toBeGreaterThan(100)
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
