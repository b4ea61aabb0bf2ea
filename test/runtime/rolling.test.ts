import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import { targetErrors } from '../../src/core/errors/target.ts'
import type { Deployment } from '../../src/core/vocabulary.ts'
import type { Health, Refusal } from '../../src/ports/driver.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

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

let clock: VirtualClock
let git: MemoryGit
let targets: ReadonlyMap<string, MemoryTarget>
let world: RuntimeWorld
/** Targets that were written to, in order. */
let written: string[]

class LoadBalancer extends MemoryTarget {
  override actions = ['drain', 'undrain', 'update-load-balancer']
  takes(): boolean {
    return false
  }
}

beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  targets = new Map(NAMES.map((name) => [name, name === 'lb' ? new LoadBalancer(name) : new MemoryTarget(name)]))
  target('files').actions = ['smoke-tests']
  written = []
  for (const [name, one] of targets) {
    const apply = one.apply.bind(one)
    one.apply = (request) => {
      written.push(name)
      return apply(request)
    }
  }
  git.commit({
    'environments/dev/topology.yaml': TOPOLOGY,
    'environments/dev/a.yaml': layerFile('a', { title: 'first' }),
  })
  world = await startRuntime({ clock, git, store: await openMemoryStore(), drivers: () => [...targets.values()] })
  await clock.advance(3 * MINUTE)
  written = []
})

function target(name: (typeof NAMES)[number]): MemoryTarget {
  const found = targets.get(name)
  if (found === undefined) throw new Error(`no target ${name}`)
  return found
}

async function newest(): Promise<Deployment | undefined> {
  for await (const one of world.facade.deployments({ prefix: 'dev-', reverse: true })) return one
  return undefined
}

const titleOn = (name: (typeof NAMES)[number]) => target(name).resources.get('Layer/default/a')?.spec['title']
const balanced = () => target('lb').acts.map(({ action, inputs }) => `${action} ${inputs['instance'] ?? ''}`.trim())

async function declared(title: string): Promise<void> {
  target('lb').acts.length = 0
  git.commit({ 'environments/dev/a.yaml': layerFile('a', { title }) })
  await clock.advance(5 * MINUTE)
}

describe('servers of a topology, drained and changed', () => {
  it('are drained side by side, each with a key of its own', () => {
    const { acts } = target('lb')
    expect(balanced()).toEqual(['drain one', 'drain two', 'undrain one', 'undrain two', 'update-load-balancer'])
    expect(new Set(acts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(acts.length)
  })

  it('may refuse to answer while they start again', async () => {
    let deaf = 3
    const health = target('gis-1').health.bind(target('gis-1'))
    target('gis-1').health = async (): Promise<Health> => {
      if (titleOn('gis-1') !== 'second' || deaf === 0) return health()
      deaf -= 1
      throw targetErrors.unreachable({ target: 'gis-1', host: 'gis-1', reason: 'connection refused' })
    }
    await declared('second')
    expect([(await newest())?.state, deaf]).toEqual(['Completed', 0])
  })

  it('are used again after a rollback, however far the deployment came', async () => {
    target('gis-2').health = async () =>
      titleOn('gis-2') === 'second' ? { healthy: false, message: 'it is ill of it' } : { healthy: true }
    await declared('second')
    expect([(await newest())?.state, titleOn('gis-1'), titleOn('gis-2')]).toEqual(['RolledBack', 'first', 'first'])
    expect(balanced()).toEqual(['drain one', 'drain two', 'undrain one', 'undrain two', 'update-load-balancer'])
  })

  it('go back before what was written before them', async () => {
    target('files').cannot.set('smoke-tests', 'a file is missing')
    await declared('second')
    expect(written.slice(0, 3)).toEqual(['files', 'gis-1', 'gis-2'])
    expect(written.slice(3)).toEqual(['gis-2', 'gis-1', 'files'])
  })

  it('are told one by one when one of them hangs amid the way back', async () => {
    target('files').cannot.set('smoke-tests', 'a file is missing')
    const apply = target('files').apply.bind(target('files'))
    target('files').apply = (request) => (titleOn('files') === 'second' ? new Promise(() => undefined) : apply(request))
    await declared('second')
    await clock.advance(30 * MINUTE)
    const { context, path } = world.facade.environment('dev') ?? {}
    expect(path).toBe('OutOfSync.held')
    expect(context?.hold?.reason).toContain('files holds 1 as deployed; gis-1 is restored')
  })

  it('are named when they stay drained because the rollback failed', async () => {
    target('gis-2').health = async () =>
      titleOn('gis-2') === 'second' ? { healthy: false, message: 'it is ill of it' } : { healthy: true }
    const apply = target('gis-1').apply.bind(target('gis-1'))
    target('gis-1').apply = async (request) => {
      if (titleOn('gis-1') === 'second') target('gis-1').refusal = 'it is locked now'
      await apply(request)
    }
    await declared('second')
    await clock.advance(30 * MINUTE)
    const record = await newest()
    expect([record?.outcome, world.facade.environment('dev')?.path]).toEqual(['rollback-failed', 'OutOfSync.held'])
    expect(record?.left?.drained).toEqual([
      { step: 'drain', target: 'lb', instance: 'one' },
      { step: 'drain', target: 'lb', instance: 'two' },
    ])
  })

  it('keep what was restored although the load balancer hangs afterwards', async () => {
    target('files').cannot.set('smoke-tests', 'a file is missing')
    const act = target('lb').act.bind(target('lb'))
    target('lb').act = (request) =>
      titleOn('files') === 'first' && written.length > 3 ? new Promise(() => undefined) : act(request)
    await declared('second')
    await clock.advance(30 * MINUTE)
    const { state, deeds } = (await newest()) ?? {}
    expect([state, deeds?.at(-1)?.step, deeds?.at(-1)?.ok]).toEqual(['RolledBack', 'update-load-balancer', false])
  })
})

describe('a rehearsal that finds a fault', () => {
  it('is told with what was done before it', async () => {
    git.commit({
      'environments/dev/topology.yaml': TOPOLOGY.replace('phases:', 'phases:\n      pre-flight: [test-connectivity]'),
    })
    target('gis-1').dryRun = async (): Promise<readonly Refusal[]> => [
      { key: 'Layer/default/a', message: 'it may not' },
    ]
    await declared('second')
    const { state, deeds } = (await newest()) ?? {}
    expect([state, deeds?.map(({ step }) => step)]).toEqual(['Failed', NAMES.map(() => 'test-connectivity')])
  })
})
