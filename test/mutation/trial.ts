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

/** What became of it. `killer` is the test that noticed, null when none did. */
export interface Verdict {
  readonly number: number
  readonly killer: string | null
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
    const killer = (await loaded(`../machines/${file}.test.ts?mutant=${number}`))
      ? await firstFailing(collect())
      : 'it cannot be loaded'
    if (killer !== null) return { number, killer: `${file}: ${killer}` }
  }
  return { number, killer: null }
}

/** A chart that contradicts itself throws when it is made. */
async function loaded(module: string): Promise<boolean> {
  return import(module).then(
    () => true,
    () => {
      collect()
      return false
    },
  )
}
