import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import type { Deployment } from '../../src/core/vocabulary.ts'
import { someSettings } from '../support/builders/environment.ts'
import { layerFile } from '../support/builders/layers.ts'
import { memoryGit } from '../support/memory-git.ts'
import { MemoryTarget } from '../support/memory-target.ts'
import { type RuntimeWorld, startRuntime } from '../support/runtime-world.ts'
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000
const TOPOLOGY = `apiVersion: honua.io/v1
kind: Topology
metadata: {name: city}
spec:
  database: {target: memory}
  deploymentCoordination: {phases: {pre-flight: [verify-backups]}}
`

let clock: VirtualClock
let target: MemoryTarget
let world: RuntimeWorld

beforeEach(() => {
  clock = virtualClock()
  target = new MemoryTarget()
})

/** Deploys, and switches automatic deployment off while the target rehearses. */
async function deployed(files: Readonly<Record<string, string>>): Promise<void> {
  const git = memoryGit()
  git.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'first' }), ...files })
  target.dryRun = async () => {
    await world.controller.configure({
      environments: [],
      settings: () => someSettings({ targets: ['memory'], autoSync: false }),
      notices: [],
      notYetActive: { slack: null, healthChecks: [] },
    })
    return []
  }
  world = await startRuntime({ clock, git, store: await openMemoryStore(), targets: new Map([['dev', target]]) })
  await clock.advance(20 * MINUTE)
}

async function first(): Promise<Deployment> {
  for await (const one of world.facade.deployments({ prefix: 'dev-' })) return one
  throw new Error('nothing was deployed')
}

describe('settings that change while a plan is validated', () => {
  it('count for it: it does not start, and is decided anew', async () => {
    await deployed({})
    expect([target.writes, world.facade.environment('dev')?.path]).toEqual([0, 'AwaitingApproval.asked'])
  })

  it('count although steps were done before, which the record tells', async () => {
    target.actions = ['verify-backups']
    await deployed({ 'environments/dev/topology.yaml': TOPOLOGY })
    expect([target.writes, world.facade.environment('dev')?.path]).toEqual([0, 'AwaitingApproval.asked'])
    const { state, deeds, error } = await first()
    expect([state, error?.code, deeds?.map(({ step, ok }) => [step, ok])]).toEqual([
      'Failed',
      'HONUA_PLAN_STALE',
      [['verify-backups', true]],
    ])
  })
})
