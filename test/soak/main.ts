/** `npm run soak -- --hours 24 --environments 500`: hours of virtual load, measured; writes docs/soak.svg and ends with 1 when a promise is broken. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { soakPicture } from './picture.ts'
import { soak } from './soak.ts'
import { brokenPromises } from './verdict.ts'

const SAMPLES = 96
const HEAP_GROWTH_MAX = 0.05

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    environments: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    svg: { type: 'string', default: new URL('../../docs/soak.svg', import.meta.url).pathname },
  },
})
const [hours, environments, seed] = [Number(values.hours), Number(values.environments), Number(values.seed)]

const soaked = await soak({
  hours,
  environments,
  seed,
  samples: SAMPLES,
  onSample: (sample) => process.stdout.write(`${JSON.stringify(sample)}\n`),
})
const title = `${environments} environments, ${hours} virtual hours: ${Object.entries(soaked.done)
  .map(([what, count]) => `${count} ${what}`)
  .join(', ')}`
writeFileSync(values.svg, soakPicture(soaked.samples, title))
const broken = brokenPromises(soaked, { environments, heapGrowthMax: HEAP_GROWTH_MAX })
process.stdout.write(`${title}\n${soaked.seconds.toFixed(0)} s of real time; picture in ${values.svg}\n`)
for (const promise of broken) process.stdout.write(`broken: ${promise}\n`)
process.exitCode = broken.length === 0 ? 0 : 1
