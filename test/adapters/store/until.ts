/** Far more than any test needs; a bound, so that a fault ends as a failure. */
const TURNS_MAX = 2_000_000

/** Lets the event loop turn, and `step` run, until the condition holds. No time passes but what `step` lets pass. */
export async function until(condition: () => boolean, step: () => Promise<void> = turn): Promise<void> {
  for (let turns = 0; !condition(); turns += 1) {
    if (turns === TURNS_MAX) throw new Error('what the test waits for does not come')
    await step()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
