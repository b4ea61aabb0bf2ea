import fc from 'fast-check'
import { mutated } from './mutate.ts'
import type { FuzzTarget } from './targets.ts'

/** One input may take this long, in ms, on a busy machine: beyond it hangs. */
const HANG_MS = 60_000

/** Gives inputs to a target until one breaks a promise; then throws with the smallest that does, and its seed. */
export async function takes(
  target: FuzzTarget,
  parameters: fc.Parameters<[string]>,
  inputs: fc.Arbitrary<string> = mutated(target.samples),
): Promise<void> {
  const opened = await target.open()
  const before = prototypes()
  try {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        await opened.take(input)
        if (prototypes() !== before) throw new Error('broken: a prototype was changed')
      }),
      { ...parameters, timeout: HANG_MS },
    )
  } finally {
    await opened.close()
  }
}

/** What every object and list inherits. */
function prototypes(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((one) => Object.getOwnPropertyNames(one).join())
    .join('\n')
}
