import type { Scenario } from '../script.ts'
import { type Outcome, simulate } from '../simulate.ts'
import { ACTED } from '../world/acts.ts'
import { HALFWAY, SYNCED } from '../world/disk.ts'
import { LANDED } from '../world/target.ts'
import { HOUR_MS } from '../world/world.ts'
import { BEGIN_MS, type NamedScenario } from './scenarios.ts'

/** Up to so many durable steps, every pair of crashes is tried too: the second one meets the recovery from the first. */
export const PAIRS_UP_TO = 20

/** Places at which something has just come to stay. */
const DURABLE: ReadonlySet<string> = new Set([SYNCED, LANDED, ACTED])

/** One way to crash a scenario. */
export interface Crashed {
  readonly name: string
  readonly scenario: Scenario
}

/** What a scenario has to be crashed at, in all ways: `steps` durable steps, singly and (when they are few) in pairs. */
export interface Crashes {
  readonly name: string
  readonly steps: number
  readonly singles: readonly Crashed[]
  readonly pairs: readonly Crashed[]
}

/** Runs the scenario once to see where it may crash; what comes before it begins is left to the scenario of the first deployment. */
export async function crashesOf({ name, scenario }: NamedScenario): Promise<Crashes> {
  const { places } = await simulate(scenario)
  const begin = scenario.script.length === 0 ? 0 : BEGIN_MS
  const end = scenario.hours * HOUR_MS
  const passed = places.flatMap(({ at, place }, index) =>
    at >= begin && at <= end ? [{ place, number: index + 1 }] : [],
  )
  const crashed = (crashes: readonly number[], isKept: boolean): Crashed => ({
    name: `${name}, crashed at ${crashes.join(' and ')}${isKept ? ', the batch kept' : ''}`,
    scenario: { ...scenario, crashes, isKept },
  })
  // Halfway through a write either may be found at the next start; elsewhere nothing is open.
  const singles = passed.flatMap(({ place, number }) =>
    place === HALFWAY ? [crashed([number], false), crashed([number], true)] : [crashed([number], false)],
  )
  const steps = passed.filter(({ place }) => DURABLE.has(place)).map(({ number }) => number)
  const pairs =
    steps.length > PAIRS_UP_TO
      ? []
      : steps.flatMap((first) =>
          steps.filter((second) => second > first).map((second) => crashed([first, second], false)),
        )
  return { name, steps: steps.length, singles, pairs }
}

/** Lets the crash happen. */
export function crash({ scenario }: Crashed): Promise<Outcome> {
  return simulate(scenario)
}
