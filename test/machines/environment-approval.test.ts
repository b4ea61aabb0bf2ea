import { describe, expect, it } from 'vitest'
import { ANNA, aHead, aPlan, asking, ChartRun } from '../support/builders/environment.ts'

const by = { by: ANNA, reason: 'because' }

describe('in whose name a deployment starts', () => {
  it('it is who asked for the look it comes from, also when a gate made it wait', () => {
    const run = new ChartRun().deployed('a')
    run.send({ type: 'look.requested', by: ANNA })
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { reason: 'drift' }) })
    run.decided('wait', { until: run.at + 1_000 })
    run.send({ type: 'timer.fired' }, 1_000)
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { reason: 'drift' }) })
    expect(run.decided('deploy').context.attempt?.initiatedBy).toEqual(ANNA)
  })

  it('a commit that came after somebody asked for a look is not deployed in that name', () => {
    const run = new ChartRun().deployed('a')
    run.send({ type: 'look.requested', by: ANNA })
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { reason: 'drift' }) })
    run.decided('block').planned('b').decided('deploy')
    expect(run.context.attempt?.initiatedBy.how).toBe('controller')
  })

  it('who asks for a look while a request is open asks for what supersedes it', () => {
    const run = asking()
    run.send({ type: 'look.requested', by: ANNA })
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { digest: 'plan-drifted' }) })
    expect(run.decided('ask').context.attempt?.initiatedBy).toEqual(ANNA)
  })

  it('who asked for a look that found the request still true has asked for nothing else', () => {
    const run = asking()
    run.send({ type: 'look.requested', by: ANNA })
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a') })
    run.send({ type: 'timer.fired' }, 300_000)
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { digest: 'plan-drifted' }) })
    expect(run.decided('ask').context.attempt?.initiatedBy.how).toBe('controller')
  })
})

describe('approval', () => {
  it('asks when the gates ask, and deploys exactly what was asked about', () => {
    const run = asking()
    expect(run.path).toBe('AwaitingApproval.asked')
    expect(run.send({ type: 'approval.granted', deployment: run.context.attempt?.id ?? '', ...by })).toBe(true)
    expect(run.context.owed).toMatchObject([{ kind: 'validate', plan: 'plan-a' }])
    expect(run.context.attempt?.approvedBy).toEqual(ANNA)
  })

  it.each([
    ['a foreign id', { deployment: 'production-19990101-000000' }, 0],
    ['one that comes after expiry', {}, 86_400_000],
  ])('refuses %s', (_, over, afterMs) => {
    const run = asking()
    const sent = run.send(
      { type: 'approval.granted', deployment: run.context.attempt?.id ?? '', ...by, ...over },
      afterMs,
    )
    expect([sent, run.path]).toEqual([false, 'AwaitingApproval.asked'])
  })

  it('refuses a second approval', () => {
    const run = asking()
    const deployment = run.context.attempt?.id ?? ''
    run.send({ type: 'approval.granted', deployment, ...by })
    expect(run.send({ type: 'approval.granted', deployment, ...by })).toBe(false)
  })

  it('refuses approval while the environment is held, and takes it afterwards', () => {
    const run = asking()
    const deployment = run.context.attempt?.id ?? ''
    run.send({ type: 'hold.placed', until: null, ...by })
    expect(run.send({ type: 'approval.granted', deployment, ...by })).toBe(false)
    run.send({ type: 'hold.lifted', ...by })
    expect(run.send({ type: 'approval.granted', deployment, ...by })).toBe(true)
  })

  it('refuses approval of a plan whose commit is no longer the head', () => {
    const run = asking()
    const deployment = run.context.attempt?.id ?? ''
    run.send({ type: 'head.moved', head: aHead('b') })
    expect(run.send({ type: 'approval.granted', deployment, ...by })).toBe(false)
  })

  it('a newer plan supersedes the request', () => {
    const run = asking()
    run.send({ type: 'head.moved', head: aHead('b') })
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('b') })
    expect(run.path).toBe('OutOfSync.deciding')
    expect(run.context.ended).toMatchObject({ result: 'Failed', attempt: { failure: { outcome: 'superseded' } } })
  })

  it('drift changes the plan and voids the request', () => {
    const run = asking()
    run.send({ type: 'timer.fired' }, 300_000)
    expect(run.path).toBe('AwaitingApproval.checking')
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { digest: 'plan-drifted' }) })
    expect(run.context.ended?.attempt.failure?.outcome).toBe('superseded')
  })

  it('the same plan found again keeps the request', () => {
    const run = asking()
    const { id } = run.context.attempt ?? { id: '' }
    run.send({ type: 'timer.fired' }, 300_000)
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a') })
    expect([run.path, run.context.attempt?.id]).toEqual(['AwaitingApproval.asked', id])
  })

  it('expires by its timer, and a sync asks again', () => {
    const run = asking()
    run.send({ type: 'timer.fired' }, 86_400_000)
    expect(run.context.ended?.attempt.failure?.outcome).toBe('expired')
    expect(run.path).toBe('OutOfSync.held')
    run.send({ type: 'look.requested', by: ANNA })
    expect(run.path).toBe('OutOfSync.planning')
  })

  it('refuses approval of a database restore whose request has lapsed', () => {
    const run = new ChartRun().deployed()
    const plan = aPlan('r', { reason: 'recovery' })
    run.send({ type: 'recovery.requested', plan, target: 'db', backup: 'backup-1', ...by })
    const deployment = run.context.attempt?.id ?? ''
    const answer = { type: 'approval.granted', deployment, ...by } as const
    expect([run.path, run.send(answer, 86_400_000)]).toEqual(['AwaitingApproval.askedToRecover', false])
  })

  it('a rejected release is not asked about again until a newer one', () => {
    const run = asking()
    run.send({ type: 'approval.rejected', deployment: run.context.attempt?.id ?? '', ...by })
    expect(run.path).toBe('OutOfSync.held')
    expect(run.context.quarantine).toMatchObject([{ release: 'release-a' }])
  })

  it('a plan found stale after approval is void, and planned anew', () => {
    const run = asking()
    run.send({ type: 'approval.granted', deployment: run.context.attempt?.id ?? '', ...by })
    run.send({ type: 'plan.stale', effect: run.owed, message: 'live moved' })
    expect([run.path, run.context.ended?.attempt.failure?.outcome]).toEqual(['OutOfSync.planning', 'stale'])
  })
})
