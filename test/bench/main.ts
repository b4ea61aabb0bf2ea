/** `npm run bench [name …]`: ratios against baselines measured in the same run. Timed figures are shown here and never tested. */

import { deploy } from './deploy.ts'
import { changedFile, coldLoad } from './desired.ts'
import { environments } from './environments.ts'
import { events } from './events.ts'
import type { Figure } from './figures.ts'
import { poll } from './poll.ts'

const benches = [poll, coldLoad, changedFile, deploy, events, environments]
const wanted = process.argv.slice(2)
let unmet = 0

process.stdout.write(
  `${'what'.padEnd(66)}${'ours'.padStart(12)}${'baseline'.padStart(12)}${'figure'.padStart(10)}  goal\n`,
)
for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
  for (const figure of await bench.run()) {
    if (!figure.met) unmet += 1
    process.stdout.write(line(figure))
  }
process.stdout.write(unmet === 0 ? 'All goals are met.\n' : `${unmet} goals are NOT MET.\n`)
process.exit(0)

function line({ what, ours, baseline, unit, figure, goal, met }: Figure): string {
  const told = (value: number) => `${value >= 100 ? Math.round(value) : value.toFixed(2)} ${unit}`
  const base = baseline === null ? '–' : told(baseline)
  return `${what.padEnd(66)}${told(ours).padStart(12)}${base.padStart(12)}${figure.toFixed(2).padStart(10)}  ${goal} ${met ? 'ok' : 'NOT MET'}\n`
}
