import { describe, expect, it } from 'vitest'
import { generate } from './generate.ts'
import { simulate } from './simulate.ts'
import { neverExamined, Tally } from './tally.ts'

/** Seeds that every change is held against; with their profile, as `npm run simulate` would name them. */
const SEEDS: readonly (readonly [profile: string, seeds: readonly number[]])[] = [
  ['calm', [1]],
  ['default', [1, 2, 3, 4]],
  ['git', [7, 8]],
  ['target', [9, 10, 11]],
  ['disk', [2, 12]],
  ['people', [14, 15]],
  ['clock', [16, 17]],
  ['crash', [18, 19]],
  ['topology', [23, 24]],
  ['drift', [25]],
  ['all', [21, 22]],
]
const HOURS = 4

describe('simulated hours in which everything goes wrong that can', () => {
  const tally = new Tally()

  it.each(SEEDS)('%s: every promise is kept, and each seed gives the same history again', async (profile, seeds) => {
    for (const seed of seeds) {
      const scenario = generate({ seed, profile, hours: HOURS })
      const outcome = await simulate(scenario)
      expect(outcome.broken, `seed ${seed}`).toBeNull()
      expect((await simulate(scenario)).hash, `seed ${seed}`).toBe(outcome.hash)
      tally.add(outcome)
    }
  })

  it('examine every promise that can be examined', () => {
    expect(neverExamined(tally.figures())).toEqual([])
  })

  it('reach every state of both charts', () => {
    expect(tally.figures().states).toEqual(
      expect.arrayContaining([
        'AwaitingApproval.asked',
        'Deploying.applying',
        'OutOfSync.blocked',
        'OutOfSync.held',
        'OutOfSync.waiting',
        'RollingBack.verifying',
        'Synced.quiet',
        'Unknown.unreachable',
        'source: Invalid',
        'source: Unreachable',
      ]),
    )
  })
})
