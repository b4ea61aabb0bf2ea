/**
 * Tries every mutant of the machines against their tests: `npm run mutate`. `--sample` tries a fixed few, `-- <text>` those whose id
 * holds the text. Ends with 1 when a mutant survives without an explanation, when an explained one is noticed, or below the score.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Mutant } from './mutant.ts'
import { allMutants } from './mutants.ts'
import { survivors } from './survivors.ts'
import { tryAll } from './try-all.ts'

/** Part of the mutants that tests must notice. */
const SCORE_MIN = 0.95
/** One of so many is in the sample. */
const SAMPLE_STEP = 20

const { values, positionals } = parseArgs({
  options: { sample: { type: 'boolean', default: false }, killers: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const explained = new Map(survivors.map(({ id, reason }) => [id, reason]))
const chosen = allMutants().filter(
  ({ id }, index) => positionals.every((text) => id.includes(text)) && (!values.sample || isSampled(id, index)),
)
const from = performance.now()
let count = 0
const tried = await tryAll(chosen, {
  processes: Math.min(2, cpus().length),
  tried({ mutant, killer }) {
    count += 1
    if (killer === null && !explained.has(mutant.id)) print(`survives   ${placeOf(mutant)}`)
    if (killer !== null && explained.has(mutant.id))
      print(`noticed    ${placeOf(mutant)}\n           though explained; by ${killer}`)
    if (values.killers && killer !== null) print(`           ${placeOf(mutant)}\n           by ${killer}`)
    if (count % 100 === 0) print(`           ${count} of ${chosen.length} tried`)
  },
})
const noticed = tried.filter(({ killer }) => killer !== null)
const alive = tried.filter(({ killer }) => killer === null)
const score = tried.length === 0 ? 0 : noticed.length / tried.length
const wrong = tried.filter(({ mutant, killer }) => (killer === null) !== explained.has(mutant.id))
for (const { mutant } of alive) {
  const reason = explained.get(mutant.id)
  if (reason !== undefined) print(`explained  ${placeOf(mutant)}\n           ${reason}`)
}
print(
  `${noticed.length} of ${tried.length} mutants noticed (${(score * 100).toFixed(1)} %), ${alive.length} survive, ` +
    `${wrong.length} of them wrongly listed or not explained; ${((performance.now() - from) / 1_000).toFixed(0)} s`,
)
process.exitCode = wrong.length > 0 || score < SCORE_MIN ? 1 : 0

function isSampled(id: string, index: number): boolean {
  return index % SAMPLE_STEP === 0 && !explained.has(id)
}

function placeOf({ file, line, id }: Mutant): string {
  return `${file}:${line} ${id.slice(file.length + 3)}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
