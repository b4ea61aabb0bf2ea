import { setTimeout as pause } from 'node:timers/promises'

/** Far more than any test needs; a bound, so that a fault ends as a failure. */
const TURNS_MAX = 2_000_000
/** After so many turns the disk and the other threads get a moment of the computer for themselves. */
const TURNS_A_BREATH = 50

/** Lets the event loop turn, and `step` run, until the condition holds. No virtual time passes but what `step` lets pass. */
export async function until(condition: () => boolean, step: () => Promise<void> = turn): Promise<void> {
  for (let turns = 1; !condition(); turns += 1) {
    if (turns === TURNS_MAX) throw new Error('what the test waits for does not come')
    await step()
    if (turns % TURNS_A_BREATH === 0) await pause(1)
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
