import { beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/core/vocabulary.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemorySite, startMemorySite } from '../support/memory-site.ts'

const MINUTE = 60_000
const NAMES = ['cdn', 'files', 'gis-1', 'gis-2', 'lb'] as const
const ANNA = { name: 'anna', how: 'token' } as const

/** The servers before the files, unless they are left out. */
const topology = ({ pool = 'old', patterns = '/tiles/*' }) => `apiVersion: honua.io/v1
kind: Topology
metadata: {name: city}
spec:
  applicationServers: {instances: [{name: one, target: gis-1}, {name: two, target: gis-2}]}
  files: {target: files}
  cdn: {target: cdn, patterns: "${patterns}"}
  loadBalancer: {target: lb, pool: ${pool}}
  deploymentCoordination:
    phases:
      pre-flight: [test-connectivity]
      application: [{step: update-metadata, component: applicationServers}, {step: update-metadata, component: files}]
      edge:
        - {step: update-load-balancer, component: loadBalancer, with: {pool: "\${loadBalancer.pool}"}}
        - {step: flush-cdn-cache, with: {patterns: "\${cdn.patterns}"}}
      validation: [{step: smoke-tests, component: applicationServers}]
`

let site: MemorySite<(typeof NAMES)[number]>

beforeEach(async () => {
  const server = { does: ['smoke-tests'], holds: true }
  site = await startMemorySite({
    cdn: { does: ['flush-cdn-cache'], holds: false },
    files: { does: [], holds: true },
    'gis-1': server,
    'gis-2': server,
    lb: { does: ['update-load-balancer'], holds: false },
  })
})

async function declared(title: string, along: string | null): Promise<void> {
  site.git.commit({
    'environments/dev/a.yaml': layerFile('a', { title }),
    'environments/dev/topology.yaml': along,
  })
  await site.clock.advance(5 * MINUTE)
  site.done.length = 0
}

async function rollBack(): Promise<void> {
  const answer = await site.facade.rollback('dev', { reason: 'it is slow', to: null, plan: null }, ANNA)
  expect(answer).toMatchObject({ ok: true })
  await site.clock.advance(5 * MINUTE)
}

async function planned(): Promise<Plan> {
  const answer = await site.facade.rollbackPlan('dev', { to: null })
  if (!answer.ok) throw new Error(answer.message)
  return answer.value.plan
}

const told = ({ steps }: Plan) =>
  steps.map(({ target: name, action }) =>
    action === undefined ? name : `${action.step} ${name} ${Object.values(action.inputs)}`,
  )

describe('a rollback that a person asks for', () => {
  it('takes the way of what is deployed backwards, and does again what must be', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    await rollBack()
    expect(site.done).toEqual([
      'files',
      'gis-2',
      'gis-1',
      'update-load-balancer lb old',
      'flush-cdn-cache cdn /tiles/*',
    ])
    expect((['files', 'gis-1', 'gis-2'] as const).map(site.titleOn)).toEqual(['first', 'first', 'first'])
    const { state, deeds } = await site.newest()
    expect([state, deeds?.map(({ step, ok }) => [step, ok])]).toEqual([
      'RolledBack',
      [
        ['update-load-balancer', true],
        ['flush-cdn-cache', true],
      ],
    ])
  })

  it('is shown as it will be: the order, what is done again, and nothing else', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    const plan = await planned()
    await rollBack()
    expect(told(plan)).toEqual(site.done)
    expect(plan.coordination).toMatchObject({ preFlight: [], validation: [], postDeployment: [] })
    expect(plan.coordination?.impact.map(({ target: name, steps }) => [name, steps])).toEqual(
      expect.arrayContaining([
        ['gis-1', []],
        ['lb', ['update-load-balancer']],
        ['cdn', ['flush-cdn-cache']],
      ]),
    )
  })

  it('takes the same way back from what a rollback had brought', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    await rollBack()
    await rollBack()
    expect(site.titleOn('gis-1')).toBe('second')
    expect(site.done.slice(5, 8)).toEqual(['files', 'gis-2', 'gis-1'])
  })

  it('follows no order where what is deployed has no topology, whatever the other had', async () => {
    await declared('first', topology({}))
    await declared('second', null)
    const plan = await planned()
    await rollBack()
    expect([plan.coordination, site.done]).toEqual([undefined, ['files', 'gis-1', 'gis-2']])
    expect((await site.newest()).state).toBe('RolledBack')
  })

  it('goes back along the topology to what had none, whose settings nobody knows', async () => {
    await declared('first', null)
    await declared('second', topology({ pool: 'new' }))
    await rollBack()
    expect(site.done).toEqual(['files', 'gis-2', 'gis-1', 'flush-cdn-cache cdn /tiles/*'])
  })

  it('sets what it puts back, and drops what either release may have left in a cache', async () => {
    await declared('first', topology({ pool: 'old', patterns: '/a/*' }))
    await declared('second', topology({ pool: 'new', patterns: '/b/*' }))
    await rollBack()
    expect(site.done.slice(3)).toEqual([
      'update-load-balancer lb old',
      'flush-cdn-cache cdn /b/*',
      'flush-cdn-cache cdn /a/*',
    ])
  })

  it('tells what it could not do again', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    site.target('cdn').cannot.set('flush-cdn-cache', 'the cache is gone')
    await rollBack()
    const { state, left } = await site.newest()
    expect([state, left?.notDoneAgain]).toEqual([
      'RolledBack',
      [{ step: 'flush-cdn-cache', target: 'cdn', instance: 'cdn' }],
    ])
  })

  it('does without the order where what is deployed cannot be read any more', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    const { release } = site.facade.environment('dev')?.context.applied ?? {}
    await site.restart()
    const content = site.store.content.bind(site.store)
    site.store.content = async (digest) => (digest === release ? undefined : content(digest))
    await rollBack()
    expect([site.titleOn('files'), site.done, (await site.newest()).state]).toEqual([
      'first',
      ['files', 'gis-1', 'gis-2'],
      'RolledBack',
    ])
  })

  it('goes on along the same way after the controller was stopped amid it', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    const apply = site.target('gis-2').apply
    site.target('gis-2').apply = () => new Promise(() => undefined)
    const answer = await site.facade.rollback('dev', { reason: 'it is slow', to: null, plan: null }, ANNA)
    expect(answer).toMatchObject({ ok: true })
    await site.clock.advance(1000)
    site.target('gis-2').apply = apply
    await site.restart()
    await site.clock.advance(5 * MINUTE)
    expect(site.done).toEqual([
      'files',
      'gis-2',
      'gis-1',
      'update-load-balancer lb old',
      'flush-cdn-cache cdn /tiles/*',
    ])
    expect((await site.newest()).state).toBe('RolledBack')
  })
})

describe('a deployment that fails', () => {
  it('puts back the settings of the release before it', async () => {
    await declared('first', topology({ pool: 'old', patterns: '/a/*' }))
    site.target('gis-1').cannot.set('smoke-tests', 'a layer is missing')
    await declared('second', topology({ pool: 'new', patterns: '/b/*' }))
    expect((await site.newest()).state).toBe('RolledBack')
    const asked = (name: 'lb' | 'cdn') => site.target(name).acts.map(({ inputs }) => Object.values(inputs)[0])
    expect(asked('lb')).toEqual(['old', 'new', 'old'])
    expect(asked('cdn')).toEqual(['/a/*', '/b/*', '/b/*', '/a/*'])
  })
})
