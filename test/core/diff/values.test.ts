import { describe, expect, it } from 'vitest'
import { diffValues } from '../../../src/core/diff/index.ts'

describe('the differences between two values', () => {
  it('are told where they are, items of lists by their id', () => {
    const effect = (id: string, wave: number) => ({ id, kind: 'applyWave', wave })
    expect(
      diffValues(
        { hold: null, owed: [effect('dev/1/1', 0), effect('dev/2/1', 1)], misses: 0 },
        { hold: { by: 'anna' }, owed: [effect('dev/1/1', 0), effect('dev/2/1', 2)], plan: null },
      ),
    ).toEqual([
      { pointer: '/hold', before: null, after: { by: 'anna' } },
      { pointer: '/misses', before: 0 },
      { pointer: '/owed/dev~12~11/wave', before: 1, after: 2 },
      { pointer: '/plan', after: null },
    ])
    expect(diffValues({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toEqual([])
  })

  it('never show a secret in the clear', () => {
    expect(diffValues({ password: 'one' }, { password: 'two' })).toEqual([
      { pointer: '/password', before: '(hidden)', after: '(hidden)' },
    ])
  })
})
