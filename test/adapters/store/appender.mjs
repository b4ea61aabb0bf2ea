// Appends to a store until it is killed, and says of each append that it was acknowledged.

import { systemClock } from '../../../dist/src/adapters/clock-system.js'
import { openLevelStore } from '../../../dist/src/adapters/store/index.js'
import { sha256 } from '../../../dist/src/core/canonical.js'

const [dataDir = '', hold = ''] = process.argv.slice(2)
const nothing = () => undefined
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log }
try {
  const store = await openLevelStore({ dataDir, clock: systemClock(), log, ballastBytes: 0 })
  process.stdout.write('open\n')
  const start = (await store.snapshot('a'))?.sequence ?? 0
  for (let n = start; hold === ''; n += 1) {
    await store.append({
      stream: 'a',
      expectedSequence: n,
      entry: { at: n, event: { type: 'x' }, state: sha256(JSON.stringify({ n })) },
      machine: { name: 'm', version: 1, chart: 'c' },
      snapshot: { n },
      documents: [],
      audit: [],
    })
    process.stdout.write(`${n + 1}\n`)
  }
  setInterval(nothing, 1_000)
} catch (error) {
  process.stdout.write(`refused ${error.code}\n`)
}
