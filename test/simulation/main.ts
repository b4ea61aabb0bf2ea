/**
 * `npm run simulate -- --seed 1 --seeds 100 --hours 6 --profile default --out figures.json`: histories of hours, in which everything
 * goes wrong that can, held against what the controller promises. Ends with 1 when a promise is broken.
 *
 * `--merge one.json other.json` puts together what several processes wrote with `--out`, as the tables of docs/reliability.md;
 * `--file scenario.json` simulates one history that was kept; `--exhaustive` crashes named scenarios at each of their durable steps;
 * `--bugs` plants bugs into copies of the sources and reports how long it takes to find them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bugs } from './bugs/list.ts'
import { foundText, huntAll } from './bugs/report.ts'
import { exhaust } from './exhaustive/exhaust.ts'
import { failureText, writeFailure } from './failure.ts'
import { generate } from './generate.ts'
import type { Scenario } from './script.ts'
import { shrink } from './shrink.ts'
import { type Outcome, simulate } from './simulate.ts'
import { examinedTable, happenedTable, merged, parseWritten, shown, type Written } from './tables.ts'
import { figuresText, neverExamined, Tally } from './tally.ts'

const SHRINK_TRIES = 400
const BUGS_AT_ONCE = 2
/** A run that has lasted that long should have examined everything. */
const HOURS_TO_EXAMINE_ALL = 500
/** What was done so far is written after so many seeds: a long run that is ended keeps its figures. */
const SEEDS_A_WRITE = 25

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    hours: { type: 'string', default: '6' },
    profile: { type: 'string', default: 'default' },
    out: { type: 'string' },
    file: { type: 'string' },
    failures: { type: 'string', default: 'simulation-failures' },
    /** Ends at the first broken promise, and tells nothing but its number and the seed: for the harness of planted bugs. */
    brief: { type: 'boolean', default: false },
    bugs: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    merge: { type: 'boolean', default: false },
    /** Words of the names of the bugs to plant. */
    only: { type: 'string', default: '' },
  },
})

// No error of a simulation is ever read by its stack, and there are many.
Error.stackTraceLimit = 0
process.exitCode = (await work()) ? 0 : 1

async function work(): Promise<boolean> {
  if (values.merge) return mergeAll()
  if (values.bugs) return huntBugs()
  return values.exhaustive ? exhaustAll() : simulateAll()
}

/** Whether every crash left every promise kept. */
async function exhaustAll(): Promise<boolean> {
  const begun = performance.now()
  const { scenarios: crashed, tally, broken } = await exhaust({}, (line) => process.stdout.write(line))
  for (const { crashed: how, outcome } of broken) {
    process.stdout.write(`${how.name} breaks ${outcome.broken?.promise}: ${outcome.broken?.message}\n`)
    writeFailure(`${values.failures}/${how.name.replaceAll(/[^a-z0-9]+/g, '-')}`, outcome)
  }
  process.stdout.write(figuresText(tally.figures(), (performance.now() - begun) / 1000))
  write({ scenarios: crashed, ...tally.figures() })
  return broken.length === 0
}

/** Whether every promise was kept. */
async function simulateAll(): Promise<boolean> {
  const begun = performance.now()
  const tally = new Tally()
  const broken: Written['broken'] = []
  const save = () => {
    const seconds = Math.round((performance.now() - begun) / 1000)
    write({ ...tally.figures(), broken, seconds, profile: values.profile, seed: Number(values.seed) })
  }
  for (const scenario of scenarios()) {
    const outcome = await simulate(scenario)
    tally.add(outcome)
    if (tally.seeds % SEEDS_A_WRITE === 0) save()
    if (outcome.broken === null) continue
    broken.push({ seed: scenario.seed, promise: outcome.broken.promise, message: outcome.broken.message })
    await tell(outcome)
    if (values.brief) return false
  }
  const seconds = (performance.now() - begun) / 1000
  const figures = tally.figures()
  process.stdout.write(figuresText(figures, seconds))
  const missed = tally.hours < HOURS_TO_EXAMINE_ALL || values.profile !== 'default' ? [] : neverExamined(figures)
  if (missed.length > 0) process.stdout.write(`never examined: ${missed.join(', ')}\n`)
  save()
  return broken.length + missed.length === 0
}

/** Whether every promise was examined and kept in all of them. */
function mergeAll(): boolean {
  const figures = merged(positionals.map((path) => parseWritten(readFileSync(path, 'utf8'))))
  const { seeds, hours, events, happened, states, broken } = figures
  const faults = Object.values(happened).reduce((total, count) => total + count, 0)
  const missed = neverExamined(figures)
  const lines = [
    `${shown(hours)} simulated hours, ${shown(seeds)} seeds, ${shown(events)} events, ${shown(faults)} faults, commits and orders; ${states.length} states.`,
    ...broken.map(({ seed, promise, message }) => `seed ${seed} breaks ${promise}: ${message}`),
    ...(missed.length === 0 ? [] : [`never examined: ${missed.join(', ')}`]),
    ...['', happenedTable(figures), '', examinedTable(figures)],
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return broken.length + missed.length === 0
}

/** Whether every bug was found. */
async function huntBugs(): Promise<boolean> {
  const chosen = bugs.filter(({ name }) => name.includes(values.only))
  const results = await huntAll(BUGS_AT_ONCE, (found) => process.stdout.write(foundText(found)), chosen)
  write(results.map(({ bug, found, seconds }) => ({ name: bug.name, found, seconds: Math.round(seconds) })))
  return results.every(({ found }) => found !== null)
}

function write(value: unknown): void {
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(value, null, 2)}\n`)
}

function* scenarios(): Iterable<Scenario> {
  if (values.file !== undefined) {
    const kept: { readonly scenario: Scenario } = JSON.parse(readFileSync(values.file, 'utf8'))
    yield kept.scenario
    return
  }
  const { profile } = values
  const [first, count, hours] = [Number(values.seed), Number(values.seeds), Number(values.hours)]
  for (let seed = first; seed < first + count; seed += 1) yield generate({ seed, profile, hours })
}

async function tell(outcome: Outcome): Promise<void> {
  if (values.brief) {
    process.stdout.write(`${JSON.stringify({ seed: outcome.scenario.seed, ...outcome.broken })}\n`)
    return
  }
  const shrunk = await shrink(outcome, SHRINK_TRIES)
  process.stdout.write(failureText(shrunk.outcome, shrunk.tries))
  const folder = `${values.failures}/${outcome.scenario.seed}`
  process.stdout.write(`  written to ${writeFailure(folder, shrunk.outcome).join(', ')}\n\n`)
}
