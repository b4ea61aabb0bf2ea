import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lru } from '../../src/core/lru.ts'

describe('Lru', () => {
  it('drops what was used longest ago', () => {
    const lru = new Lru<number>(2)
    lru.set('a', 1, 1)
    lru.set('b', 2, 1)
    lru.get('a')
    lru.set('c', 3, 1)
    expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3])
  })

  it('keeps nothing that costs more than everything', () => {
    const lru = new Lru<number>(2)
    lru.set('a', 1, 1)
    lru.set('big', 2, 3)
    expect([lru.get('a'), lru.get('big')]).toEqual([1, undefined])
  })

  it('never holds more than its cost, and always what was set last', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 10 })))
    fc.assert(
      fc.property(steps, (sets) => {
        const lru = new Lru<number>(10)
        const costs = new Map<string, number>()
        for (const [key, cost] of sets) {
          lru.set(key, cost, cost)
          costs.set(key, cost)
          const held = [...costs.keys()].filter((each) => lru.get(each) !== undefined)
          expect(held.reduce((sum, each) => sum + (costs.get(each) ?? 0), 0)).toBeLessThanOrEqual(10)
          expect(lru.get(key)).toBe(cost)
        }
      }),
    )
  })
})
