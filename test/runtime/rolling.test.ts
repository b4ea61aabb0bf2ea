import { beforeEach, describe, expect, it } from 'vitest'
import { targetErrors } from '../../src/core/errors/target.ts'
import type { Health, Refusal } from '../../src/ports/driver.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemorySite, startMemorySite } from '../support/memory-site.ts'

const MINUTE = 60_000
const NAMES = ['files', 'gis-1', 'gis-2', 'lb'] as const
const TOPOLOGY = `apiVersion: honua.io/v1
kind: Topology
metadata: {name: city}
spec:
  applicationServers:
    instances: [{name: one, target: gis-1}, {name: two, target: gis-2}]
    deploymentStrategy: {maxUnavailable: 2, drain: true}
  files: {target: files}
  loadBalancer: {target: lb}
  deploymentCoordination:
    phases:
      edge: [update-load-balancer]
      validation: [{step: smoke-tests, component: files}]
`

let site: MemorySite<(typeof NAMES)[number]>

beforeEach(async () => {
  site = await startMemorySite(
    {
      files: { does: ['smoke-tests'], holds: true },
      'gis-1': { does: [], holds: true },
      'gis-2': { does: [], holds: true },
      lb: { does: ['drain', 'undrain', 'update-load-balancer'], holds: false },
    },
    {
      'environments/dev/topology.yaml': TOPOLOGY,
      'environments/dev/a.yaml': layerFile('a', { title: 'first' }),
    },
  )
  await site.clock.advance(3 * MINUTE)
  site.done.length = 0
})

/** Targets that were written to, in order. */
const written = () => site.done.filter((one) => !one.includes(' '))
const balanced = () =>
  site.target('lb').acts.map(({ action, inputs }) => `${action} ${inputs['instance'] ?? ''}`.trim())

async function declared(title: string): Promise<void> {
  site.target('lb').acts.length = 0
  site.git.commit({ 'environments/dev/a.yaml': layerFile('a', { title }) })
  await site.clock.advance(5 * MINUTE)
}

describe('servers of a topology, drained and changed', () => {
  it('are drained side by side, each with a key of its own', () => {
    const { acts } = site.target('lb')
    expect(balanced()).toEqual(['drain one', 'drain two', 'undrain one', 'undrain two', 'update-load-balancer'])
    expect(new Set(acts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(acts.length)
  })

  it('may refuse to answer while they start again', async () => {
    let deaf = 3
    const health = site.target('gis-1').health.bind(site.target('gis-1'))
    site.target('gis-1').health = async (): Promise<Health> => {
      if (site.titleOn('gis-1') !== 'second' || deaf === 0) return health()
      deaf -= 1
      throw targetErrors.unreachable({ target: 'gis-1', host: 'gis-1', reason: 'connection refused' })
    }
    await declared('second')
    expect([(await site.newest()).state, deaf]).toEqual(['Completed', 0])
  })

  it('are used again after a rollback, however far the deployment came', async () => {
    site.target('gis-2').health = async () =>
      site.titleOn('gis-2') === 'second' ? { healthy: false, message: 'it is ill of it' } : { healthy: true }
    await declared('second')
    expect([(await site.newest()).state, site.titleOn('gis-1'), site.titleOn('gis-2')]).toEqual([
      'RolledBack',
      'first',
      'first',
    ])
    expect(balanced()).toEqual(['drain one', 'drain two', 'undrain one', 'undrain two', 'update-load-balancer'])
  })

  it('go back before what was written before them', async () => {
    site.target('files').cannot.set('smoke-tests', 'a file is missing')
    await declared('second')
    expect(written().slice(0, 3)).toEqual(['files', 'gis-1', 'gis-2'])
    expect(written().slice(3)).toEqual(['gis-2', 'gis-1', 'files'])
  })

  it('are told one by one when one of them hangs amid the way back', async () => {
    site.target('files').cannot.set('smoke-tests', 'a file is missing')
    const apply = site.target('files').apply.bind(site.target('files'))
    site.target('files').apply = (request) =>
      site.titleOn('files') === 'second' ? new Promise(() => undefined) : apply(request)
    await declared('second')
    await site.clock.advance(30 * MINUTE)
    const { context, path } = site.facade.environment('dev') ?? {}
    expect(path).toBe('OutOfSync.held')
    expect(context?.hold?.reason).toContain('files holds 1 as deployed; gis-1 is restored')
  })

  it('are named when they stay drained because the rollback failed', async () => {
    site.target('gis-2').health = async () =>
      site.titleOn('gis-2') === 'second' ? { healthy: false, message: 'it is ill of it' } : { healthy: true }
    const apply = site.target('gis-1').apply.bind(site.target('gis-1'))
    site.target('gis-1').apply = async (request) => {
      if (site.titleOn('gis-1') === 'second') site.target('gis-1').refusal = 'it is locked now'
      await apply(request)
    }
    await declared('second')
    await site.clock.advance(30 * MINUTE)
    const record = await site.newest()
    expect([record?.outcome, site.facade.environment('dev')?.path]).toEqual(['rollback-failed', 'OutOfSync.held'])
    expect(record?.left?.drained).toEqual([
      { step: 'drain', target: 'lb', instance: 'one' },
      { step: 'drain', target: 'lb', instance: 'two' },
    ])
  })

  it('keep what was restored although the load balancer hangs afterwards', async () => {
    site.target('files').cannot.set('smoke-tests', 'a file is missing')
    const act = site.target('lb').act.bind(site.target('lb'))
    site.target('lb').act = (request) =>
      site.titleOn('files') === 'first' && written().length > 3 ? new Promise(() => undefined) : act(request)
    await declared('second')
    await site.clock.advance(30 * MINUTE)
    const { state, deeds } = await site.newest()
    expect([state, deeds?.at(-1)?.step, deeds?.at(-1)?.ok]).toEqual(['RolledBack', 'update-load-balancer', false])
  })
})

describe('a rehearsal that finds a fault', () => {
  it('is told with what was done before it', async () => {
    site.git.commit({
      'environments/dev/topology.yaml': TOPOLOGY.replace('phases:', 'phases:\n      pre-flight: [test-connectivity]'),
    })
    site.target('gis-1').dryRun = async (): Promise<readonly Refusal[]> => [
      { key: 'Layer/default/a', message: 'it may not' },
    ]
    await declared('second')
    const { state, deeds } = await site.newest()
    expect([state, deeds?.map(({ step }) => step)]).toEqual(['Failed', NAMES.map(() => 'test-connectivity')])
  })
})
