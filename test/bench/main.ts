/** `npm run bench [name …]`: ratios against baselines measured in the same run. Timed figures are shown here and never tested. */

import { deploy } from './deploy.ts'
import { changedFile, coldLoad } from './desired.ts'
import { environments } from './environments.ts'
import { events } from './events.ts'
import type { Figure } from './figures.ts'
import { layers } from './layers.ts'
import { pages } from './pages/index.ts'
import { poll } from './poll.ts'
import { store } from './store.ts'

const benches = [poll, coldLoad, changedFile, deploy, layers, events, store, environments, pages]
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name))
if (unknown.length > 0) {
  process.stderr.write(
    `no such benchmark: ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}\n`,
  )
  process.exit(2)
}
let unmet = 0
let failed = 0

process.stdout.write(
  `${'what'.padEnd(72)}${'ours'.padStart(12)}${'baseline'.padStart(12)}${'figure'.padStart(10)}  goal\n`,
)
for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  process.stdout.write(`${bench.name}: ${bench.goal}\n`)
  try {
    for (const figure of await bench.run()) {
      if (figure.met === false) unmet += 1
      process.stdout.write(line(figure))
    }
  } catch (error) {
    // One that cannot run must not hide the figures of the others.
    failed += 1
    process.stderr.write(`  ${bench.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  }
}
if (failed > 0) process.stdout.write(`${failed} benchmarks failed.\n`)
process.stdout.write(unmet === 0 ? 'No measured goal is missed.\n' : `${unmet} goals are NOT MET.\n`)
process.exit(failed === 0 ? 0 : 1)

function line({ what, ours, baseline, unit, figure, goal, met }: Figure): string {
  const told = (value: number) => `${value >= 100 ? Math.round(value) : value.toFixed(2)} ${unit}`
  const base = baseline === null ? '–' : told(baseline)
  const verdict = met === null ? '' : met ? ' ok' : ' NOT MET'
  return `  ${what.padEnd(70)}${told(ours).padStart(12)}${base.padStart(12)}${figure.toFixed(2).padStart(10)}  ${goal}${verdict}\n`
}
