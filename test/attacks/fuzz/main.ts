/** `npm run fuzz -- [--minutes M] [--seed S] [--target WORD]`: tries inputs for as long as it is told; ends with 1 at the first that breaks a promise. */
import { parseArgs } from 'node:util'
import { takes } from './run.ts'
import { targets } from './targets.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(performance.timeOrigin) % 2 ** 31) },
    target: { type: 'string', default: '' },
  },
})
const chosen = targets.filter(({ name }) => name.includes(values.target))
const shareMs = (Number(values.minutes) * 60_000) / Math.max(1, chosen.length)
const RUNS_A_ROUND = 500

for (const target of chosen) {
  const started = performance.now()
  let inputs = 0
  for (let seed = Number(values.seed); performance.now() - started < shareMs; seed += 1) {
    try {
      await takes(target, {
        seed,
        numRuns: RUNS_A_ROUND,
        interruptAfterTimeLimit: shareMs,
        markInterruptAsFailure: false,
      })
    } catch (error) {
      process.stdout.write(`${target.name}: seed ${seed}\n${error instanceof Error ? error.message : String(error)}\n`)
      process.exit(1)
    }
    inputs += RUNS_A_ROUND
  }
  process.stdout.write(`${target.name}: about ${inputs} inputs from seed ${values.seed} on, no promise broken\n`)
}
