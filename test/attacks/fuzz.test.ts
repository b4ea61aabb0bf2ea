import fc from 'fast-check'
import { describe, it } from 'vitest'
import { regressions } from './fuzz/regressions.ts'
import { takes } from './fuzz/run.ts'
import { targets } from './fuzz/targets.ts'

/** Enough to meet what a change breaks; `npm run fuzz` goes on for as long as it is told. */
const RUNS = 150
const SEED = 20_261_123

describe('whatever comes from outside, nothing crashes, hangs, or reaches a prototype:', () => {
  it.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    await takes(target, { seed: SEED, numRuns: RUNS })
  })
})

describe('what was found by trying longer', () => {
  it.each(regressions)('$target: $why', async ({ target: name, input }) => {
    const target = targets.find((one) => one.name === name)
    if (target === undefined) throw new Error(`there is no target called ${name}`)
    await takes(target, { numRuns: 1 }, fc.constant(input))
  })
})
