import type { Action, Scenario } from './script.ts'
import { type Outcome, simulate } from './simulate.ts'

/** A history that breaks a promise, and what it took to find it. */
export interface Shrunk {
  readonly outcome: Outcome
  readonly tries: number
}

/**
 * Looks for a shorter history that breaks the same promise: leaves out parts of the script, half of it first, then ever smaller parts,
 * until no single action can be spared or the tries are used up; then the hours after the failure.
 */
export async function shrink(failing: Outcome, triesMax: number): Promise<Shrunk> {
  let best = failing
  let tries = 0
  const promise = failing.broken?.promise
  const attempt = async (scenario: Scenario): Promise<boolean> => {
    tries += 1
    const outcome = await simulate(scenario)
    if (outcome.broken === null || outcome.broken.promise !== promise) return false
    best = outcome
    return true
  }
  const without = (script: readonly Action[]): Scenario => ({ ...best.scenario, script })
  // What came after the failure did not cause it.
  const until = failing.broken?.at ?? 0
  await attempt(without(failing.scenario.script.filter(({ at }) => at <= until)))
  for (let size = Math.ceil(best.scenario.script.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < best.scenario.script.length && tries < triesMax; ) {
      const { script } = best.scenario
      if (!(await attempt(without([...script.slice(0, from), ...script.slice(from + size)])))) from += size
    }
  const last = Math.max(0, ...best.scenario.script.map(({ at }) => at)) / 3_600_000
  for (const hours of [Math.ceil(last), best.scenario.hours / 2])
    if (hours < best.scenario.hours && hours >= last && tries < triesMax) await attempt({ ...best.scenario, hours })
  for (const { name } of best.scenario.environments)
    if (tries < triesMax)
      await attempt({ ...best.scenario, environments: best.scenario.environments.filter((one) => one.name !== name) })
  return { outcome: best, tries }
}
