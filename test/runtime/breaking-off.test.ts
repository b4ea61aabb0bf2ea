import { beforeEach, describe, expect, it } from 'vitest'
import type { Deed, Deployment } from '../../src/core/vocabulary.ts'
import { Doing } from '../../src/runtime/environment/doing.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemorySite, startMemorySite } from '../support/memory-site.ts'
import { OTTO } from '../support/runtime-world.ts'

const MINUTE = 60_000
const TOPOLOGY = `apiVersion: honua.io/v1
kind: Topology
metadata: {name: city}
spec:
  applicationServers: {instances: [{name: one, target: gis-1}, {name: two, target: gis-2}]}
  database: {target: db}
  cdn: {target: cdn}
  deploymentCoordination:
    phases:
      pre-flight: [verify-backups]
      edge: [flush-cdn-cache]
      validation: [smoke-tests]
`
const server = { does: ['smoke-tests'], holds: true }

let site: MemorySite<'gis-1' | 'gis-2' | 'db' | 'cdn'>

beforeEach(async () => {
  site = await startMemorySite({
    'gis-1': server,
    'gis-2': server,
    db: { does: ['verify-backups', 'smoke-tests'], holds: false },
    cdn: { does: ['flush-cdn-cache'], holds: false },
  })
  site.git.commit({
    'environments/dev/topology.yaml': TOPOLOGY,
    'environments/dev/a.yaml': layerFile('a', { title: 'first' }),
  })
})

async function first(): Promise<Deployment> {
  for await (const one of site.facade.deployments({ prefix: 'dev-' })) return one
  throw new Error('nothing was deployed')
}

/** The target does the step, or not, and never answers. */
async function hangingAt(name: 'gis-2' | 'db' | 'cdn'): Promise<Deployment> {
  site.target(name).act = () => new Promise(() => undefined)
  await site.clock.advance(40_000)
  const { id } = await site.newest()
  expect(await site.facade.cancel(id, { reason: 'it hangs' }, OTTO)).toMatchObject({ ok: true })
  await site.clock.advance(20 * MINUTE)
  return site.newest()
}

const told = ({ deeds = [] }: Deployment) => deeds.map(({ step, target, ok }) => `${step} ${target} ${ok}`)

describe('a deployment that is cancelled amid a step', () => {
  it('tells the step as begun, and that nobody knows whether it was done', async () => {
    const record = await hangingAt('cdn')
    expect(record).toMatchObject({ state: 'RolledBack', outcome: 'cancelled' })
    const [deed] = record.deeds?.filter(({ step }) => step === 'flush-cdn-cache') ?? []
    expect(deed).toMatchObject({
      ok: false,
      message: 'the step flush-cdn-cache on "cdn" was broken off: whether it was done is not known',
    })
    expect(deed?.ms).toBeGreaterThan(0)
  })

  it('tells what was done before it', async () => {
    const record = await hangingAt('gis-2')
    expect(told(record).filter((deed) => deed.startsWith('smoke-tests'))).toEqual([
      'smoke-tests db true',
      'smoke-tests gis-1 true',
      'smoke-tests gis-2 false',
    ])
  })

  it('tells it where nothing was written yet', async () => {
    const record = await hangingAt('db')
    expect([record.state, told(record)]).toEqual(['Failed', ['verify-backups db false']])
  })
})

describe('a deployment that runs out of its time', () => {
  it('tells what was done before it hung', async () => {
    site.target('gis-1').dryRun = () => new Promise(() => undefined)
    await site.clock.advance(60 * MINUTE)
    const record = await first()
    expect([record.state, record.error?.code, told(record)]).toEqual([
      'Failed',
      'HONUA_TIMEOUT',
      ['verify-backups db true'],
    ])
  })
})

describe('what is being done', () => {
  const of = { step: 'drain', component: 'loadBalancer', instance: 'lb', target: 'lb' }
  const work = { environment: 'dev', effect: 'dev/1/0' }
  const deed: Deed = { ...of, ok: true, message: 'done', ms: 5 }

  it('tells of the effect that is asked for, and of no other', async () => {
    const doing = new Doing()
    const { signal } = new AbortController()
    await doing.begin({ ...work, signal }, of, () => 7)
    expect(doing.of('dev', 'dev/1/0', 10)).toMatchObject([{ ...of, ok: false, ms: 3 }])
    expect([doing.of('dev', 'dev/2/0', 10), doing.of('test', 'dev/1/0', 10)]).toEqual([[], []])
  })

  it('begins nothing while an order to break it off is taken, nor afterwards', async () => {
    const doing = new Doing()
    const abort = new AbortController()
    const first = await doing.begin({ ...work, signal: abort.signal }, of, () => 0)
    first.done(deed)
    let answer: (taken: boolean) => void = () => undefined
    const ordered = doing.breakingOff({ environment: 'dev', effect: 'dev/1/0', now: 5 }, (did) => {
      expect(did).toEqual([deed])
      return new Promise<boolean>((resolve) => {
        answer = resolve
      })
    })
    const second = doing.begin({ ...work, signal: abort.signal }, { ...of, step: 'undrain' }, () => 6)
    abort.abort(new Error('no longer owed'))
    answer(true)
    await expect(second).rejects.toThrow('no longer owed')
    expect([await ordered, doing.of('dev', 'dev/1/0', 9)]).toEqual([true, [deed]])
  })

  it('goes on when the order is refused', async () => {
    const doing = new Doing()
    const { signal } = new AbortController()
    const refused = doing.breakingOff({ environment: 'dev', effect: undefined, now: 5 }, () =>
      Promise.reject(new Error('the disk is full')),
    )
    const begun = doing.begin({ ...work, signal }, of, () => 6)
    await expect(refused).rejects.toThrow('the disk is full')
    expect((await begun).at).toBe(6)
  })
})
