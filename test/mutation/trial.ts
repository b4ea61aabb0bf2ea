/** A child process that tries mutants: tells, for each, which test notices. */
import { register } from 'node:module'
import fc from 'fast-check'
import { collect, firstFailing } from './collector.ts'

/** One mutant to try; its changed file lies in the folder already. */
export interface Trial {
  readonly number: number
  /** Names of test files in `test/machines`. */
  readonly tests: readonly string[]
}

/** What became of it. `killer` is the test that noticed, null when none did; `broken` when the mutant cannot even be loaded. */
export interface Verdict {
  readonly number: number
  readonly killer: string | null
  readonly broken: string | null
}

// The same walks for every mutant, and no time spent on the shortest counterexample.
fc.configureGlobal({ seed: 20_260_105, endOnFailure: true })
register(new URL('./hooks.ts', import.meta.url), { data: process.argv[2] })

process.on('disconnect', () => process.exit())
process.on('message', (trial: Trial) => {
  void tried(trial).then((verdict) => process.send?.(verdict))
})

async function tried({ number, tests }: Trial): Promise<Verdict> {
  for (const file of tests) {
    try {
      await import(`../machines/${file}.test.ts?mutant=${number}`)
    } catch (error) {
      return { number, killer: null, broken: String(error) }
    }
    const killer = await firstFailing(collect())
    if (killer !== null) return { number, killer: `${file}: ${killer}`, broken: null }
  }
  return { number, killer: null, broken: null }
}
