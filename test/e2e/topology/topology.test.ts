import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deed, Deployment } from '../../../src/core/vocabulary.ts'
import { City, type ComponentName, components, type Moment, moments } from './world.ts'

/** The suite takes a few of all pairs of component and moment, and few kills; `npm run crash` takes all, and 200. */
const isWhole = process.env['CRASH'] === 'all'
const KILLS = Number(process.env['CITY_KILLS'] ?? (isWhole ? 200 : 4))
const SEED = Number(process.env['SEED'] ?? 1)
const PATIENCE_MS = 120_000

/** Each component once, each at another moment. */
const FEW: readonly (readonly [ComponentName, Moment])[] = [
  ['gis-1', 'asked'],
  ['gis-2', 'gis-1 written'],
  ['database', 'gis-2 written'],
  ['files', 'migrated'],
  ['cache', 'files switched'],
]
const ALL = components.flatMap((component) => moments.map((moment) => [component, moment] as const))

let city: City
beforeAll(async () => {
  city = await City.running()
}, PATIENCE_MS)
afterAll(() => city.close())

async function newest(): Promise<Deployment> {
  const [first] = await city.controller.deployments()
  if (first === undefined) throw new Error('no deployment')
  return first
}

const told = ({ step, target, ok }: Deed) => `${step} ${target}${ok ? '' : ' failed'}`

describe('a city: two servers, a database, a folder and a cache', () => {
  it('is deployed phase by phase, and its record tells each step', async () => {
    await city.mark()
    const change = await city.nextCommit()
    await city.landed(change)
    expect((await newest()).deeds?.map(told)).toEqual([
      ...['database', 'gis-1', 'gis-2', 'files', 'cache'].map((target) => `test-connectivity ${target}`),
      ...['database', 'gis-1', 'gis-2', 'files', 'cache'].map((target) => `check-dependencies ${target}`),
      'analyze-tables database',
      // Each server before the next is touched, then all of them as the topology asks.
      ...['health-check gis-1', 'health-check gis-2'],
      ...['health-check gis-1', 'health-check gis-2'],
      'flush-cdn-cache cache',
      'smoke-tests database',
    ])
    await city.sound()
    expect(await city.untold()).toEqual([])
  })

  it.each(isWhole ? ALL : FEW)(
    'loses %s when %s: it goes back, or says what it waits for; and goes on by itself with the next commit',
    async (component, moment) => {
      await city.mark()
      const lost = await city.nextCommit()
      await city.controller.until(async () => ((await city.isAt(moment, lost)) ? true : undefined), moment)
      await city.kill(component)
      const view = await city.controller.environmentOnce(
        'dev',
        (one) =>
          (one.state === 'Synced' && one.latestCommit === lost.commit) || one.waiting !== null || one.hold !== null,
        'the end of the deployment',
      )
      expect(view.waiting?.message ?? view.hold?.reason ?? view.state).not.toBe('')
      await city.revive(component)
      const next = await city.nextCommit()
      if (view.hold?.kind === 'intervention')
        await city.controller.post('/v1/environments/dev/unhold', { reason: 'mended' })
      await city.landed(next)
      await city.sound()
      expect(await city.untold()).toEqual([])
    },
    PATIENCE_MS,
  )

  it(
    `is killed at ${KILLS} random moments: every run converges, no migration and no write is done twice`,
    async () => {
      const chance = chances(SEED)
      for (let round = 1; round <= KILLS; round += 1) {
        await city.mark()
        const change = await city.nextCommit()
        await pause(Math.floor(chance() * 900))
        await city.controller.end('SIGKILL')
        await city.controller.start()
        await city.landed(change)
        expect(await city.untold()).toEqual([])
        for (const server of ['gis-1', 'gis-2']) expect(city.writesTo(server)).toEqual(['Layer/default/parcels'])
      }
      await city.sound()
    },
    Math.max(PATIENCE_MS, KILLS * 15_000),
  )
})

/** Seeded, so that a failing run can be had again; the machine's own timing still differs. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
