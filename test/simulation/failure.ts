import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlesOf } from './oracle/journals.ts'
import { promises } from './oracle/promises.ts'
import type { Action } from './script.ts'
import type { Outcome } from './simulate.ts'

/** A broken promise as people read it: what, when, and the shortest history that leads there. */
export function failureText({ scenario, broken }: Outcome, tries: number): string {
  if (broken === null) return 'every promise was kept\n'
  const { seed, profile, environments, script } = scenario
  const lines = [
    `seed ${seed}${profile === null ? '' : ` (${profile})`} breaks ${broken.promise}: ${promises[broken.promise]}`,
    `  ${broken.message}`,
    `  after ${timeOf(broken.at)}; the shortest history found in ${tries} tries:`,
    ...environments.map(({ name, settings }) => `    ${name}: ${JSON.stringify(settings)}`),
    ...script.map((action) => `    ${timeOf(action.at)}  ${actionText(action)}`),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * Writes what is needed to look into a failure: `scenario.json` (to simulate it again, or to keep it as a regression) and a bundle for
 * each journal, which `honua replay --file` opens. Gives the paths.
 */
export function writeFailure(folder: string, outcome: Outcome): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const files: readonly (readonly [string, unknown])[] = [
    ['scenario.json', { title: outcome.broken?.message ?? '', scenario: outcome.scenario }],
    ...bundlesOf(outcome.pairs).map((bundle) => [`${bundle.stream.replaceAll('/', '-')}.bundle.json`, bundle] as const),
  ]
  return files.map(([name, value]) => {
    const path = join(folder, name)
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
    return path
  })
}

function actionText(action: Action): string {
  const { kind, at: _, ...rest } = action
  return `${kind} ${Object.entries(rest)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ')}`
}

function timeOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${((ms / 1000) % 60).toFixed(3).padStart(6, '0')}`
}
