/** What people are shown before they order something: what a rollback comes to, and what an environment is made of. */
import { beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Store } from '../../src/ports/store.ts'
import type { PlanWithBodies } from '../../src/runtime/facade.ts'
import { layerFile } from '../support/builders/layers.ts'
import { type MemoryGit, memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { OTTO, type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const LAYER = 'Layer/default/parcels'
const TOPOLOGY = stringify({
  apiVersion: 'honua.io/v1',
  kind: 'Topology',
  metadata: { name: 'city' },
  spec: { applicationServers: { target: 'memory', from: '${database.host}' }, database: { host: 'db' } },
})

let clock: VirtualClock
let git: MemoryGit
let store: Store
let target: MemoryTarget
let world: RuntimeWorld

beforeEach(async () => {
  clock = virtualClock()
  git = memoryGit()
  store = await openMemoryStore()
  target = new MemoryTarget()
  await started()
  for (const title of ['first', 'second']) await deployed(title)
})

async function started(): Promise<void> {
  world = await startRuntime({ clock, git, store, targets: new Map([['dev', target]]) })
  await clock.advance(1_000)
}
async function deployed(title: string): Promise<void> {
  git.commit({
    'environments/dev/parcels.yaml': layerFile('parcels', { title }),
    'environments/dev/topology.yaml': TOPOLOGY,
  })
  await clock.advance(60_000)
  expect(path()).toBe('Synced.quiet')
}
const path = () => world.facade.environment('dev')?.path
const title = () => target.resources.get(LAYER)?.spec['title']
async function planBack(): Promise<PlanWithBodies> {
  const answer = await world.facade.rollbackPlan('dev', { to: null })
  if (!answer.ok) throw new Error(answer.message)
  return answer.value
}
const goBack = (plan: string | null) => world.facade.rollback('dev', { reason: 'wrong title', to: null, plan }, OTTO)

describe('what a rollback comes to', () => {
  it('is shown with both sides of each change, while nothing is changed', async () => {
    const { plan, bodies } = await planBack()
    expect(plan.reason).toBe('rollback')
    expect(bodies).toMatchObject([
      { key: LAYER, action: 'update', before: { spec: { title: 'second' } }, after: { spec: { title: 'first' } } },
    ])
    expect([title(), path()]).toEqual(['second', 'Synced.quiet'])
  })

  it('is what is done, when the order names it', async () => {
    const { plan } = await planBack()
    expect(await goBack(plan.digest.slice(0, 8))).toMatchObject({ ok: true })
    await clock.advance(60_000)
    expect(title()).toBe('first')
  })

  it('is void once anything live changed: nothing is done then', async () => {
    const { plan } = await planBack()
    target.drift(LAYER, 'by hand')
    expect(await goBack(plan.digest)).toMatchObject({ ok: false, why: 'blocked', code: 'HONUA_PLAN_VOID' })
    await clock.advance(1_000)
    expect([title(), path()]).toEqual(['by hand', 'Synced.quiet'])
  })

  it('is refused where there is nothing to go back to', async () => {
    expect(await world.facade.rollbackPlan('dev', { to: 'dev-20000101-000000' })).toMatchObject({
      code: 'HONUA_ROLLBACK_NO_RELEASE',
    })
    expect(await world.facade.rollbackPlan('nowhere', { to: null })).toMatchObject({ code: 'HONUA_NOT_FOUND' })
  })
})

describe('what an environment is made of', () => {
  it('is read from its release, also by a controller that has just started', async () => {
    const release = world.facade.environment('dev')?.context.applied?.release ?? ''
    const told = {
      places: [{ component: 'applicationServers', instance: 'applicationServers', target: 'memory' }],
      references: [{ from: 'applicationServers', to: 'database' }],
    }
    expect(await world.facade.composition(release)).toEqual(told)
    await world.stop()
    await started()
    expect(await world.facade.composition(release)).toEqual(told)
    expect(await world.facade.owned('dev')).toEqual(new Map([['memory', 1]]))
    expect(await world.facade.owned('nowhere')).toEqual(new Map())
  })
})
