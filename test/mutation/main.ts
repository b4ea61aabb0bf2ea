/**
 * Tries every mutant of the machines against their tests: `npm run mutate`; `npm run mutate -- <text>` those whose id holds the text.
 * Ends with 1 when a mutant survives without an explanation, when an explained one is noticed or gone, or below the score. A whole run
 * that ends well is recorded.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Mutant } from './mutant.ts'
import { allMutants } from './mutants.ts'
import { keepRecord, recordOf } from './record.ts'
import { survivors } from './survivors.ts'
import { tryAll } from './try-all.ts'

/** Percent of the mutants that tests must notice. */
const SCORE_MIN = 95

const { values, positionals } = parseArgs({
  options: { killers: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const explained = new Map(survivors.map(({ id, reason }) => [id, reason]))
const all = allMutants()
const chosen = all.filter(({ id }) => positionals.every((text) => id.includes(text)))
const known = new Set(all.map(({ id }) => id))
const gone = survivors.filter(({ id }) => !known.has(id))
for (const { id } of gone) print(`gone       ${id}`)

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
for (const { mutant, killer } of tried) {
  const reason = explained.get(mutant.id)
  if (killer === null && reason !== undefined) print(`explained  ${placeOf(mutant)}\n           ${reason}`)
}
const record = recordOf(tried)
const wrong = tried.filter(({ mutant, killer }) => (killer === null) !== explained.has(mutant.id)).length + gone.length
const seconds = ((performance.now() - from) / 1_000).toFixed(0)
print(
  `${record.noticed} of ${record.mutants} mutants noticed (${record.score} %), ${record.mutants - record.noticed} survive; ` +
    `${wrong} not or wrongly explained; ${seconds} s`,
)
const isGood = wrong === 0 && record.score >= SCORE_MIN
if (isGood && chosen.length === all.length) keepRecord(record)
process.exitCode = isGood ? 0 : 1

function placeOf({ file, line, id }: Mutant): string {
  return `${file}:${line} ${id.slice(file.length + 3)}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
