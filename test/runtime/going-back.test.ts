import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Deployment, Plan } from '../../src/core/vocabulary.ts'
import type { Store } from '../../src/ports/store.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000
const NAMES = ['cdn', 'files', 'gis-1', 'gis-2', 'lb'] as const
const DOES_ONLY = ['cdn', 'lb']
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

let clock: VirtualClock
let git: MemoryGit
let store: Store
let targets: ReadonlyMap<string, MemoryTarget>
let world: RuntimeWorld
/** What was written to, and the steps that were done, in order. */
let done: string[]

class DoingTarget extends MemoryTarget {
  takes(): boolean {
    return false
  }
}

beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  store = await openMemoryStore()
  targets = new Map(
    NAMES.map((name) => [name, DOES_ONLY.includes(name) ? new DoingTarget(name) : new MemoryTarget(name)]),
  )
  target('lb').actions = ['update-load-balancer']
  target('cdn').actions = ['flush-cdn-cache']
  target('gis-1').actions = target('gis-2').actions = ['smoke-tests']
  done = []
  for (const [name, one] of targets) {
    const [apply, act] = [one.apply.bind(one), one.act.bind(one)]
    one.apply = (request) => {
      done.push(name)
      return apply(request)
    }
    one.act = (request) => {
      done.push(`${request.action} ${name} ${Object.values(request.inputs)}`.trim())
      return act(request)
    }
  }
  world = await startRuntime({ clock, git, store, drivers: () => [...targets.values()] })
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

async function declared(title: string, along: string | null): Promise<void> {
  git.commit({
    'environments/dev/a.yaml': layerFile('a', { title }),
    'environments/dev/topology.yaml': along,
  })
  await clock.advance(5 * MINUTE)
  done = []
}

async function rollBack(): Promise<void> {
  const answer = await world.facade.rollback('dev', { reason: 'it is slow', to: null, plan: null }, ANNA)
  expect(answer).toMatchObject({ ok: true })
  await clock.advance(5 * MINUTE)
}

async function planned(): Promise<Plan> {
  const answer = await world.facade.rollbackPlan('dev', { to: null })
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
    expect(done).toEqual(['files', 'gis-2', 'gis-1', 'update-load-balancer lb old', 'flush-cdn-cache cdn /tiles/*'])
    expect(NAMES.filter((name) => !DOES_ONLY.includes(name)).map(titleOn)).toEqual(['first', 'first', 'first'])
    const { state, deeds } = (await newest()) ?? {}
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
    expect(told(plan)).toEqual(done)
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
    expect(titleOn('gis-1')).toBe('second')
    expect(done.slice(5, 8)).toEqual(['files', 'gis-2', 'gis-1'])
  })

  it('follows no order where what is deployed has no topology, whatever the other had', async () => {
    await declared('first', topology({}))
    await declared('second', null)
    const plan = await planned()
    await rollBack()
    expect([plan.coordination, done]).toEqual([undefined, ['files', 'gis-1', 'gis-2']])
    expect((await newest())?.state).toBe('RolledBack')
  })

  it('goes back along the topology to what had none', async () => {
    await declared('first', null)
    await declared('second', topology({ pool: 'new' }))
    await rollBack()
    expect(done).toEqual(['files', 'gis-2', 'gis-1', 'update-load-balancer lb new', 'flush-cdn-cache cdn /tiles/*'])
  })

  it('sets what it puts back, and drops what either release may have left in a cache', async () => {
    await declared('first', topology({ pool: 'old', patterns: '/a/*' }))
    await declared('second', topology({ pool: 'new', patterns: '/b/*' }))
    await rollBack()
    expect(done.slice(3)).toEqual([
      'update-load-balancer lb old',
      'flush-cdn-cache cdn /b/*',
      'flush-cdn-cache cdn /a/*',
    ])
  })

  it('tells what it could not do again', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    target('cdn').cannot.set('flush-cdn-cache', 'the cache is gone')
    await rollBack()
    const { state, left } = (await newest()) ?? {}
    expect([state, left?.notDoneAgain]).toEqual([
      'RolledBack',
      [{ step: 'flush-cdn-cache', target: 'cdn', instance: 'cdn' }],
    ])
  })

  it('goes on along the same way after the controller was stopped amid it', async () => {
    await declared('first', topology({}))
    await declared('second', topology({}))
    const apply = target('gis-2').apply
    target('gis-2').apply = () => new Promise(() => undefined)
    const answer = await world.facade.rollback('dev', { reason: 'it is slow', to: null, plan: null }, ANNA)
    expect(answer).toMatchObject({ ok: true })
    await clock.advance(1000)
    await world.stop()
    target('gis-2').apply = apply
    world = await startRuntime({ clock, git, store, drivers: () => [...targets.values()] })
    await clock.advance(5 * MINUTE)
    expect(done).toEqual(['files', 'gis-2', 'gis-1', 'update-load-balancer lb old', 'flush-cdn-cache cdn /tiles/*'])
    expect((await newest())?.state).toBe('RolledBack')
  })
})

describe('a deployment that fails', () => {
  it('puts back the settings of the release before it', async () => {
    await declared('first', topology({ pool: 'old', patterns: '/a/*' }))
    target('gis-1').cannot.set('smoke-tests', 'a layer is missing')
    await declared('second', topology({ pool: 'new', patterns: '/b/*' }))
    expect((await newest())?.state).toBe('RolledBack')
    const asked = (name: 'lb' | 'cdn') => target(name).acts.map(({ inputs }) => Object.values(inputs)[0])
    expect(asked('lb')).toEqual(['old', 'new', 'old'])
    expect(asked('cdn')).toEqual(['/a/*', '/b/*', '/b/*', '/a/*'])
  })
})
