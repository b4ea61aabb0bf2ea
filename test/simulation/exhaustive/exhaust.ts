import type { Outcome } from '../simulate.ts'
import { Tally } from '../tally.ts'
import { type Crashed, crash, crashesOf } from './crashes.ts'
import { scenarios } from './scenarios.ts'

/** What crashing all scenarios came to. */
export interface Exhausted {
  readonly scenarios: readonly {
    readonly name: string
    readonly steps: number
    readonly singles: number
    readonly pairs: number
  }[]
  readonly tally: Tally
  readonly broken: readonly { readonly crashed: Crashed; readonly outcome: Outcome }[]
}

/**
 * Crashes every scenario at each of its durable steps: all of them, or every n-th of all together (`stride`), beginning with the
 * `from`-th, so that few runs see something of each scenario.
 */
export async function exhaust(
  options: { readonly stride?: number; readonly from?: number; readonly withPairs?: boolean },
  tell: (line: string) => void = () => undefined,
): Promise<Exhausted> {
  const { stride = 1, from = 0, withPairs = true } = options
  const tally = new Tally()
  const done: Exhausted['scenarios'][number][] = []
  const broken: Exhausted['broken'][number][] = []
  let count = from
  for (const named of scenarios) {
    const { name, steps, singles, pairs } = await crashesOf(named)
    const chosen = [...singles, ...(withPairs ? pairs : [])].filter(() => {
      count += 1
      return count % stride === 0
    })
    for (const crashed of chosen) {
      const outcome = await crash(crashed)
      tally.add(outcome)
      if (outcome.broken !== null) broken.push({ crashed, outcome })
    }
    done.push({ name, steps, singles: singles.length, pairs: withPairs ? pairs.length : 0 })
    tell(
      `${String(steps).padStart(4)} steps, ${singles.length} crashes and ${withPairs ? pairs.length : 0} pairs: ${name}\n`,
    )
  }
  return { scenarios: done, tally, broken }
}
