import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffResources, valueAt } from '../../src/core/diff/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts'
import type { IgnoreRule } from '../../src/core/vocabulary.ts'
import { aSeedLayer } from '../support/builders/plans.ts'
import { cpuMs } from '../support/cpu-time.ts'

const layer = (spec: JsonObject) => aSeedLayer('parcels', { spec })
const diff = (live: JsonObject, desired: JsonObject, ignore: readonly IgnoreRule[] = []) =>
  diffResources(layer(live), layer(desired), ignore)
const ignoring = (...pointers: string[]) => pointers.map((pointer) => ({ kind: 'Layer', pointer }))

/** Specs as people write them: few names, so that both sides meet; lists of named things among them. */
const { spec } = fc.letrec<{ value: Json; spec: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 0, -0, 1, 1.5, '', 'a', '1', '${NAME}'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'a/b', '~', ''), type: tie('value') }), { maxLength: 3 }),
    tie('spec'),
  ),
  spec: fc.dictionary(fc.constantFrom('a', 'b', 'name', '__proto__', 'x/y', '~z'), tie('value'), { maxKeys: 3 }),
}))

const turned = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(turned)
  return isJsonObject(value) ? turnedKeys(value) : value
}
const turnedKeys = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  )

describe('a diff', () => {
  it('is empty exactly when the two mean the same', () => {
    fc.assert(
      fc.property(spec, spec, (live, desired) => {
        expect(diff(live, desired).length === 0).toBe(layer(live).digest === layer(desired).digest)
      }),
      { numRuns: 500 },
    )
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(spec, spec, (live, desired) => {
        expect(diff(turnedKeys(live), turnedKeys(desired))).toEqual(diff(live, desired))
      }),
    )
  })

  it('names places whose values are those of the two sides', () => {
    fc.assert(
      fc.property(spec, spec, (live, desired) => {
        for (const change of diff(live, desired)) {
          const isOrder = Array.isArray(change.before) && change.before.every((name) => typeof name === 'string')
          if (isOrder) continue
          expect([valueAt(layer(live), change.pointer), valueAt(layer(desired), change.pointer)]).toEqual([
            change.before,
            change.after,
          ])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('tells a text from a number that looks the same', () => {
    expect(diff({ srid: '4326' }, { srid: 4326 })).toEqual([{ pointer: '/spec/srid', before: '4326', after: 4326 }])
  })

  it('matches lists of named things by name: one more in front is one change', () => {
    const [id, geom, note] = ['id', 'geom', 'note'].map((name) => ({ name, type: 'text' }))
    expect(diff({ fields: [id ?? null, geom ?? null] }, { fields: [note ?? null, id ?? null, geom ?? null] })).toEqual([
      { pointer: '/spec/fields/note', after: { name: 'note', type: 'text' } },
    ])
  })

  it('matches lists by place where a name could be taken for one', () => {
    expect(diff({ a: [{ name: '1' }] }, { a: [{ name: 'x' }, { name: 'x' }] }).map(({ pointer }) => pointer)).toEqual([
      '/spec/a/0/name',
      '/spec/a/1',
    ])
    const [live, desired] = [{ a: [{ name: '1', b: 1 }] }, { a: [{ name: '1', b: 2 }] }]
    expect(diff(live, desired)).toEqual([{ pointer: '/spec/a/0/b', before: 1, after: 2 }])
  })

  it('tells another order of named things, by their names', () => {
    expect(diff({ fields: [{ name: 'a' }, { name: 'b' }] }, { fields: [{ name: 'b' }, { name: 'a' }] })).toEqual([
      { pointer: '/spec/fields', before: ['a', 'b'], after: ['b', 'a'] },
    ])
  })

  it('compares lists by place where a name comes twice', () => {
    const twice = (type: string) => ({
      fields: [
        { name: 'a', type: 'int' },
        { name: 'a', type },
      ],
    })
    expect(diff(twice('int'), twice('text')).map((change) => change.pointer)).toEqual(['/spec/fields/1/type'])
  })

  it('a list of ten thousand named things in reverse is compared in no time to speak of', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => ({ name: `field-${at}` }))
    const spent = cpuMs(() => expect(diff({ fields: names }, { fields: [...names].reverse() })).toHaveLength(1))
    expect(spent).toBeLessThan(2_000)
  })
})

describe('ignore rules', () => {
  it('cover a path and what is below it, and nothing beside it', () => {
    const changes = diff({ a: { x: 1, y: 1 }, ab: 1 }, { a: { x: 2, y: 2 }, ab: 2 }, ignoring('/spec/a'))
    expect(changes.map((change) => change.pointer)).toEqual(['/spec/ab'])
  })

  it('a * stands for one segment, names of lists included', () => {
    const fields = (alias: string, type: string) => ({ fields: [{ name: 'id', alias, type }] })
    expect(diff(fields('a', 'int'), fields('b', 'int'), ignoring('/spec/fields/*/alias'))).toEqual([])
    expect(diff(fields('a', 'int'), fields('b', 'text'), ignoring('/spec/fields/*/alias'))).toHaveLength(1)
  })

  it('a path holds escapes as RFC 6901 has them', () => {
    expect(diff({ 'a/b': 1 }, { 'a/b': 2 }, ignoring('/spec/a~1b'))).toEqual([])
  })

  it('also hold inside what is there on one side only', () => {
    const server = { statistics: { rows: 5 } }
    expect(diff(server, {}, ignoring('/spec/statistics/rows'))).toEqual([])
    expect(diff({ statistics: { rows: 5, by: 'server' } }, {}, ignoring('/spec/statistics/rows'))).toEqual([
      { pointer: '/spec/statistics', before: { by: 'server' } },
    ])
  })

  it('of another kind do nothing; those of every kind do', () => {
    const ignore = (kind: string) => [{ kind, pointer: '/spec/a' }]
    expect([diff({ a: 1 }, { a: 2 }, ignore('Style')).length, diff({ a: 1 }, { a: 2 }, ignore('*')).length]).toEqual([
      1, 0,
    ])
  })

  it('never add a change', () => {
    const rule = fc.constantFrom('/spec/a', '/spec/a/b', '/spec/*', '/spec/*/a', '/spec/x~1y/*', '/spec/a/*/type')
    fc.assert(
      fc.property(spec, spec, fc.array(rule, { maxLength: 3 }), (live, desired, rules) => {
        const all = new Set(diff(live, desired).map((change) => change.pointer))
        for (const change of diff(live, desired, ignoring(...rules))) expect(all).toContain(change.pointer)
      }),
    )
  })
})
