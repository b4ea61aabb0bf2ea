import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergePatch } from '../../../src/core/desired/merge.ts'
import type { Json, JsonObject } from '../../../src/core/json.ts'

const jsonObject = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, 1, 'x', true),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value,
  { noNullPrototype: true },
)

describe('mergePatch', () => {
  // The examples of RFC 7396, appendix A, whose patch is an object.
  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j upon it is %j', (base, over, merged) => {
    expect(mergePatch(base, over)).toEqual(merged)
  })

  it('changes neither side, and twice is the same as once', () => {
    fc.assert(
      fc.property(jsonObject, jsonObject, (base, over) => {
        const before = JSON.stringify([base, over])
        const merged = mergePatch(base, over)
        expect(mergePatch(merged, over)).toEqual(merged)
        expect(JSON.stringify([base, over])).toBe(before)
      }),
    )
  })
})
