import { describe, expect, it } from 'vitest'
import { exhaust } from './exhaust.ts'
import { scenarios } from './scenarios.ts'

/** One crash of so many is tried here; `npm run simulate -- --exhaustive` tries all. */
const STRIDE = 37

describe('named scenarios, crashed at their durable steps', () => {
  it('keep every promise after each crash', async () => {
    const { scenarios: crashed, broken, tally } = await exhaust({ stride: STRIDE })
    expect(broken.map(({ crashed: { name }, outcome }) => `${name}: ${outcome.broken?.message}`)).toEqual([])
    expect(crashed.length).toBeGreaterThanOrEqual(30)
    expect(tally.figures().seeds).toBeGreaterThan(100)
  })

  it('have names of their own', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length)
  })
})
