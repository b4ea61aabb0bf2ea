import { describe, expect, it } from 'vitest'
import { generate } from './generate.ts'
import { simulate } from './simulate.ts'

describe('the simulated controller', () => {
  it.each(['calm', 'default'])(
    'keeps its promises in a %s hour, and the same seed gives the same history',
    async (profile) => {
      const scenario = generate({ seed: 1, profile, hours: 1 })
      const [first, second] = [await simulate(scenario), await simulate(scenario)]
      expect(first.broken).toBeNull()
      expect(second.hash).toBe(first.hash)
      expect(first.hours).toBeGreaterThan(1)
    },
  )

  it('another seed gives another history', async () => {
    const hashOf = async (seed: number) => (await simulate(generate({ seed, profile: 'calm', hours: 1 }))).hash
    expect(await hashOf(1)).not.toBe(await hashOf(2))
  })
})
