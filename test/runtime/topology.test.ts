import { beforeEach, describe, expect, it } from 'vitest'
import { targetErrors } from '../../src/core/errors/target.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemorySite, startMemorySite } from '../support/memory-site.ts'

const MINUTE = 60_000
const TOPOLOGY = `apiVersion: honua.io/v1
kind: Topology
metadata: {name: city}
spec:
  applicationServers: {instances: [{name: one, target: gis-1}, {name: two, target: gis-2}]}
  cdn: {target: cdn}
  deploymentCoordination:
    phases:
      pre-flight: [test-connectivity, check-dependencies]
      application: [update-metadata]
      edge: [{step: flush-cdn-cache, with: {patterns: ["/tiles/*"]}}]
      validation: [smoke-tests]
      post-deployment: [{step: notify-stakeholders, component: monitoring}]
  monitoring: {target: pager}
`
const NAMES = ['gis-1', 'gis-2', 'cdn', 'pager'] as const

let site: MemorySite<(typeof NAMES)[number]>

beforeEach(async () => {
  const server = { does: ['smoke-tests'], holds: true }
  site = await startMemorySite(
    {
      'gis-1': server,
      'gis-2': server,
      cdn: { does: ['flush-cdn-cache'], holds: false },
      pager: { does: ['notify-stakeholders'], holds: false },
    },
    {
      'environments/dev/topology.yaml': TOPOLOGY,
      'environments/dev/a.yaml': layerFile('a', { title: 'first' }),
    },
  )
  await site.clock.advance(MINUTE)
})

const deeds = async () =>
  (await site.newest()).deeds?.map(({ step, target: on, ok }) => `${step} ${on}${ok ? '' : ' failed'}`)

async function declared(title: string): Promise<void> {
  site.git.commit({ 'environments/dev/a.yaml': layerFile('a', { title }) })
  await site.clock.advance(3 * MINUTE)
}

describe('a deployment along a topology', () => {
  it('does every step in its phase, and its record tells each', async () => {
    expect((await site.newest()).state).toBe('Completed')
    expect(await deeds()).toEqual([
      ...NAMES.map((name) => `test-connectivity ${name}`),
      ...NAMES.map((name) => `check-dependencies ${name}`),
      ...['health-check gis-1', 'health-check gis-2'],
      ...['flush-cdn-cache cdn', 'smoke-tests gis-1', 'smoke-tests gis-2', 'notify-stakeholders pager'],
    ])
  })

  it('gives a step its inputs, a key of its own and what changes', () => {
    expect(site.target('cdn').acts).toEqual([
      {
        environment: 'dev',
        idempotencyKey: expect.stringContaining('/cdn/flush-cdn-cache'),
        action: 'flush-cdn-cache',
        inputs: { patterns: ['/tiles/*'] },
        changed: ['Layer/default/a'],
        desired: [expect.objectContaining({ key: 'Layer/default/a' })],
      },
    ])
  })

  it('stops at the first server that is not well: the next is not touched, and everything is as it was', async () => {
    site.target('gis-1').health = async () =>
      site.titleOn('gis-1') === 'second' ? { healthy: false, message: 'it is ill of it' } : { healthy: true }
    await declared('second')
    expect([site.titleOn('gis-1'), site.titleOn('gis-2')]).toEqual(['first', 'first'])
    expect(site.target('gis-2').writes).toBe(1)
    expect((await site.newest()).state).toBe('RolledBack')
  })

  it('writes nothing when a target is not well beforehand', async () => {
    site.target('cdn').isWell = false
    await declared('second')
    await site.clock.advance(30 * MINUTE)
    expect([site.titleOn('gis-1'), (await site.newest()).state]).toEqual(['first', 'Failed'])
    expect((await site.newest()).error?.message).toContain('check-dependencies on "cdn"')
  })

  it('a validation that fails rolls everything back, and what must be done again is', async () => {
    site.target('gis-2').cannot.set('smoke-tests', 'the first feature is missing')
    await declared('second')
    expect([site.titleOn('gis-1'), site.titleOn('gis-2'), (await site.newest()).state]).toEqual([
      'first',
      'first',
      'RolledBack',
    ])
    expect((await site.newest()).error?.message).toContain('the first feature is missing')
    expect(site.target('cdn').acts.filter(({ action }) => action === 'flush-cdn-cache')).toHaveLength(3)
  })

  it('the record of a failed deployment tells the steps that were done, and the one that failed', async () => {
    site.target('gis-2').cannot.set('smoke-tests', 'the first feature is missing')
    await declared('second')
    const told = (await site.newest()).deeds?.filter(({ step }) => step === 'smoke-tests')
    expect(told).toMatchObject([
      { target: 'gis-1', ok: true },
      { target: 'gis-2', ok: false, message: expect.stringContaining('the first feature is missing') },
    ])
  })

  it('a step that a driver sees to be impossible is refused before anything is written', async () => {
    site.target('gis-2').actFault = ({ action }) => (action === 'smoke-tests' ? 'with.cuont is not known' : null)
    await declared('second')
    expect([site.titleOn('gis-1'), (await site.newest()).state]).toEqual(['first', 'Failed'])
    expect((await site.newest()).error?.message).toContain('smoke-tests: with.cuont is not known')
  })

  it('a step that fails in passing is tried again, as often as the library says, always with the same key', async () => {
    const act = site.target('gis-2').act.bind(site.target('gis-2'))
    const keys: string[] = []
    site.target('gis-2').act = async (request) => {
      keys.push(request.idempotencyKey)
      if (keys.length < 3) throw targetErrors.busy({ target: 'gis-2', status: 503, doing: 'a test', message: 'No.' })
      return act(request)
    }
    await declared('second')
    expect([(await site.newest()).state, keys.length, new Set(keys).size]).toEqual(['Completed', 3, 1])
  })

  it('what fails at the very end is told and changes nothing', async () => {
    site.target('pager').cannot.set('notify-stakeholders', 'nobody is there')
    await declared('second')
    expect([(await site.newest()).state, (await deeds())?.at(-1)]).toEqual([
      'Completed',
      'notify-stakeholders pager failed',
    ])
  })

  it('a rollback that fails is held, and tells what is where', async () => {
    site.target('gis-2').cannot.set('smoke-tests', 'the first feature is missing')
    const apply = site.target('gis-1').apply.bind(site.target('gis-1'))
    site.target('gis-1').apply = async (request) => {
      if (site.titleOn('gis-1') === 'second') site.target('gis-1').refusal = 'it is locked now'
      await apply(request)
    }
    await declared('second')
    await site.clock.advance(10 * MINUTE)
    const { context, path } = site.facade.environment('dev') ?? {}
    expect(path).toBe('OutOfSync.held')
    expect(context?.hold?.reason).toContain('gis-1 holds 1 as deployed; gis-2 is restored')
    const one = { total: 1, keys: ['Layer/default/a'] }
    const none = { total: 0, keys: [] }
    const read = { unread: null, unknown: none, neither: none }
    expect((await site.newest()).left).toEqual({
      targets: [
        { target: 'gis-1', ...read, restored: none, asDeployed: one },
        { target: 'gis-2', ...read, restored: one, asDeployed: none },
        ...['cdn', 'pager'].map((name) => ({ target: name, ...read, restored: none, asDeployed: none })),
      ],
      drained: [],
      notDoneAgain: [],
    })
  })

  it('a step that a rollback could not do again is told, though all is restored', async () => {
    site.target('gis-2').cannot.set('smoke-tests', 'the first feature is missing')
    site.target('gis-2').act = async () => {
      site.target('cdn').cannot.set('flush-cdn-cache', 'the cache is gone')
      throw targetErrors.busy({ target: 'gis-2', status: 503, doing: 'a test', message: 'No.' })
    }
    await declared('second')
    expect([site.titleOn('gis-1'), (await site.newest()).state]).toEqual(['first', 'RolledBack'])
    expect((await site.newest()).left).toEqual({
      targets: [],
      drained: [],
      notDoneAgain: [{ step: 'flush-cdn-cache', target: 'cdn', instance: 'cdn' }],
    })
  })

  it('a target that cannot be read after a rollback that failed is told, with what was changed there', async () => {
    site.target('gis-2').act = async () => {
      site.target('gis-1').observe = async () => {
        throw targetErrors.busy({ target: 'gis-1', status: 503, doing: 'reading', message: 'No.' })
      }
      throw targetErrors.busy({ target: 'gis-2', status: 503, doing: 'a test', message: 'No.' })
    }
    await declared('second')
    await site.clock.advance(3 * 60 * MINUTE)
    expect(site.facade.environment('dev')?.path).toBe('OutOfSync.held')
    expect((await site.newest()).left?.targets).toMatchObject([
      { target: 'gis-1', unread: expect.stringMatching(/^HONUA_/), unknown: { total: 1, keys: ['Layer/default/a'] } },
      { target: 'gis-2', unread: null, asDeployed: { total: 1, keys: ['Layer/default/a'] } },
      { target: 'cdn' },
      { target: 'pager' },
    ])
  })

  it('a topology that asks for what no target can do is shown, and never deployed', async () => {
    site.git.commit({
      'environments/dev/topology.yaml': TOPOLOGY.replace('[smoke-tests]', '[ogc-conformance-test]'),
      'environments/dev/a.yaml': layerFile('a', { title: 'second' }),
    })
    await site.clock.advance(3 * MINUTE)
    const { context, path } = site.facade.environment('dev') ?? {}
    expect([path, site.titleOn('gis-1')]).toEqual(['OutOfSync.held', 'first'])
    expect(context?.waiting?.message).toContain('gis-1 cannot do the step ogc-conformance-test')
  })

  it('a second topology is refused at its place', async () => {
    site.git.commit({ 'environments/dev/other.yaml': TOPOLOGY.replace('name: city', 'name: other') })
    await site.clock.advance(3 * MINUTE)
    expect(site.facade.environment('dev')?.context.problems).toMatchObject([
      { code: 'HONUA_TOPOLOGY_TWICE', location: { path: 'environments/dev/other.yaml' } },
    ])
  })
})
