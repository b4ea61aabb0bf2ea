import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EnvironmentFact } from '../../machines/environment/types.ts'
import { aDeployment, aFullPlan, PLAN_DIGEST } from '../support/builders/deployments.ts'
import { ANNA, aDecision, aHead, aPlan, someSettings } from '../support/builders/environment.ts'
import { type CliWorld, cliWorld } from '../support/cli-world.ts'

let world: CliWorld
beforeEach(async () => {
  world = await cliWorld()
  happen({ type: 'settings.changed', settings: someSettings() })
  happen({ type: 'head.moved', head: aHead('b') })
})
afterEach(() => world.close())

const happen = (fact: EnvironmentFact) => world.facade.happen('production', fact)
const owed = () => world.facade.owed('production')
/** What happens once the order is taken; each thing in a later turn of the event loop, as in life. */
const then = (...things: readonly (() => void)[]) => {
  world.facade.onOrder = () => {
    let at = Promise.resolve()
    for (const thing of things) at = at.then(() => new Promise((resolve) => setImmediate(() => resolve(thing()))))
  }
}
const planned = () => happen({ type: 'look.planned', effect: owed(), plan: aPlan('b', { digest: PLAN_DIGEST }) })
const decided = (outcome: 'deploy' | 'ask' | 'block') => () =>
  happen({
    type: 'decision.made',
    effect: owed(),
    decision: aDecision(outcome, { reason: 'the release is quarantined' }),
  })
const deployed = [
  () => happen({ type: 'validation.passed', effect: owed() }),
  () => happen({ type: 'backup.done', effect: owed(), bundle: 'backup' }),
  () => happen({ type: 'wave.applied', effect: owed() }),
  () => happen({ type: 'verification.passed', effect: owed(), inventory: 'inventory' }),
]

describe('controller sync --wait', () => {
  it('tells each step on stderr and ends with 0 when synced', async () => {
    then(planned, decided('deploy'), ...deployed)
    const { code, out, err } = await world.honua('controller sync production --wait')
    expect([code, out]).toEqual([0, 'production is synced at bbbbbbbbbbbb\n'])
    expect(err.split('\n').map((line) => line.slice(10))).toEqual([
      'asking the gates (OutOfSync.deciding)',
      'validating (Deploying.validating)',
      'backing up (Deploying.backingUp)',
      'applying (Deploying.applying)',
      'reading back and asking for health (Deploying.postValidating)',
      'synced (Synced.quiet)',
      '',
    ])
  })

  it('ends with 5, the reason and the next command when it waits for approval', async () => {
    world.facade.plans.set('production', aFullPlan())
    then(planned, decided('ask'))
    const { code, out } = await world.honua('controller sync production --wait')
    expect(code).toBe(5)
    expect(out).toBe(
      'production-20260105-080000 waits for approval: removes layer "parcels" (breaking)\n  honua deployment approve production-20260105-080000\n',
    )
  })

  it('ends with 5 and the hold’s reason when it is held', async () => {
    then(
      planned,
      () => happen({ type: 'hold.placed', by: ANNA, reason: 'elections', until: null }),
      planned,
      decided('block'),
    )
    const { code, out } = await world.honua('controller sync production --wait')
    expect([code, out]).toEqual([5, expect.stringContaining('held by anna: elections\n  honua env unhold production')])
  })

  it('ends with 5 and the place of the mistake when the repository is wrong', async () => {
    const location = { path: 'environments/production/a.yaml', line: 3, column: 7 }
    then(() =>
      happen({ type: 'look.invalid', effect: owed(), problems: [{ code: 'X', message: 'no such kind', location }] }),
    )
    const { code, out } = await world.honua('controller sync production --wait')
    expect([code, out]).toEqual([5, expect.stringContaining('environments/production/a.yaml:3:7 no such kind')])
  })

  it('ends with 3 when the deployment failed', async () => {
    then(planned, decided('deploy'), () => {
      world.facade.records.push(
        aDeployment({
          state: 'Failed',
          outcome: 'validation-failed',
          completedAt: 1,
          error: { code: 'X', message: 'the server says no' },
        }),
      )
      happen({ type: 'validation.failed', effect: owed(), code: 'X', message: 'the server says no', transient: false })
    })
    const { code, out } = await world.honua('controller sync production --wait')
    expect([code, out]).toEqual([3, expect.stringContaining('production-20260105-080000 failed: the server says no')])
  })

  it('ends with 4 when the time is up, saying that it goes on', async () => {
    const { code, err } = await world.honua('controller sync production --wait --timeout 5s')
    expect(code).toBe(4)
    expect(err).toContain('production has not settled after 5s (HONUA_WAIT_TIMED_OUT)')
  })

  it('ends with the refusal when the order is not taken', async () => {
    world.facade.refusal = {
      ok: false,
      why: 'blocked',
      code: 'HONUA_ENVIRONMENT_HELD',
      message: 'held',
      remedy: 'lift it',
    }
    expect((await world.honua('controller sync production --wait')).code).toBe(5)
  })

  it('ends with 130 when it is interrupted', async () => {
    const { io, ended } = world.start('controller sync production --wait --timeout 1h')
    while (world.facade.orders.length === 0) await new Promise((resolve) => setImmediate(resolve))
    io.interrupt()
    expect(await ended).toBe(130)
  })
})

describe('deployment approve --wait', () => {
  const ended = (over: object) => () => {
    world.facade.records.splice(0, 1, aDeployment({ completedAt: 2, ...over }))
    happen({ type: 'head.moved', head: aHead('c') })
  }
  beforeEach(() => {
    world.facade.records.push(aDeployment())
  })

  it('ends with 0 when it completed', async () => {
    then(ended({ state: 'Completed' }))
    const { code, out } = await world.honua('deployment approve production-20260105-080000 --wait')
    expect([code, out]).toEqual([0, expect.stringContaining('is Completed')])
  })

  it('tells how far the writing has come, and the same only once', async () => {
    const { io, ended: over } = world.start('deployment approve production-20260105-080000 --wait --timeout 1h')
    const until = async (text: string) => {
      while (!io.err().includes(text)) await new Promise((resolve) => setImmediate(resolve))
    }
    world.facade.writing = [{ target: 'gis', done: 1_250, total: 5_000 }]
    await until('1,250 of 5,000 on gis\n')
    happen({ type: 'head.moved', head: aHead('d') })
    world.facade.writing = [{ target: 'gis', done: 5_000, total: 5_000 }]
    await until('5,000 of 5,000 on gis\n')
    ended({ state: 'Completed' })()
    expect(await over).toBe(0)
    expect(io.err().match(/ of 5,000 on gis/g)).toHaveLength(2)
  })

  it('ends with 3 when it was rolled back', async () => {
    then(ended({ state: 'RolledBack', outcome: 'verify-failed', error: { code: 'X', message: 'not healthy' } }))
    const { code, out } = await world.honua('deployment approve production-20260105-080000 --wait')
    expect([code, out]).toEqual([3, expect.stringContaining('is RolledBack (verify-failed): not healthy')])
  })
})

it('rollback --wait ends with 0 when the older release is back', async () => {
  world.facade.records.push(aDeployment({ state: 'RolledBack', completedAt: 2 }))
  const { code } = await world.honua('rollback production --wait')
  expect(code).toBe(0)
  expect(world.facade.orders[0]).toMatchObject({ order: 'rollback', body: { to: null } })
})

it('restore asks, shows what is lost, and names the command that approves it', async () => {
  world.facade.records.push(aDeployment())
  world.facade.plans.set('production-20260105-080000', aFullPlan())
  const { code, out } = await world.honua('restore production --target db --backup monday -m lost')
  expect(code).toBe(0)
  expect(out).toContain('honua deployment approve production-20260105-080000')
  expect(world.facade.orders).toMatchObject([
    { order: 'restore', of: 'production', body: { target: 'db', backup: 'monday', reason: 'lost' } },
  ])
})

describe('events', () => {
  it('lists what happened: who, what, from where to where', async () => {
    const { out } = await world.honua('events --limit 1')
    expect(out).toBe('2026-01-05T08:00:00.000Z\tproduction\thead.moved\tUnknown.waiting → Unknown.looking\tlook\n')
  })

  it('--follow misses nothing between the list and what follows, and ends quietly when interrupted', async () => {
    const { io, ended } = world.start('events --follow -o json')
    while (!io.out().includes('head.moved')) await new Promise((resolve) => setImmediate(resolve))
    planned()
    while (!io.out().includes('look.planned')) await new Promise((resolve) => setImmediate(resolve))
    io.interrupt()
    expect(await ended).toBe(0)
    const sequences = io
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).sequence)
    expect(sequences).toEqual([1, 2, 3])
  })
})
