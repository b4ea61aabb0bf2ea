/**
 * `npm run soak -- --hours 24 --environments 500`: hours of virtual load, measured. Writes the figures (record.json beside this file)
 * and their picture (docs/soak.svg), and ends with 1 when a promise is broken. `--draw` draws the picture of the stored figures again.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { soakPicture } from './picture.ts'
import { figures, recordOf, recordText } from './record.ts'
import type { Sample } from './samples.ts'
import { soak } from './soak.ts'
import { brokenPromises } from './verdict.ts'

const SAMPLES = 96
const HEAP_GROWTH_MAX = 0.05

const RECORD = new URL('record.json', import.meta.url)
const PICTURE = new URL('../../docs/soak.svg', import.meta.url)

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    environments: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    draw: { type: 'boolean', default: false },
  },
})

if (values.draw) writeFileSync(PICTURE, soakPicture(JSON.parse(readFileSync(RECORD, 'utf8'))))
else await measure(Number(values.hours), Number(values.environments), Number(values.seed))

async function measure(hours: number, environments: number, seed: number): Promise<void> {
  const onSample = (sample: Sample) => process.stdout.write(`${JSON.stringify(sample)}\n`)
  const soaked = await soak({ hours, environments, seed, samples: SAMPLES, onSample })
  const record = recordOf({ hours, environments, seed }, soaked)
  writeFileSync(RECORD, recordText(record))
  writeFileSync(PICTURE, soakPicture(record))
  process.stdout.write(`${figures(record).join('\n')}\n`)
  const broken = brokenPromises(soaked, { environments, heapGrowthMax: HEAP_GROWTH_MAX })
  for (const promise of broken) process.stdout.write(`broken: ${promise}\n`)
  process.exitCode = broken.length === 0 ? 0 : 1
}
