import { describe, expect, it } from 'vitest'
import { ANNA, aHead, aPlan, ChartRun, someSettings } from '../support/builders/environment.ts'

const by = { by: ANNA, reason: 'because' }
const transient = { code: 'HONUA_TIMEOUT', message: 'too slow', transient: true }
const terminal = { code: 'HONUA_TARGET_REFUSED', message: 'no such table', transient: false }

function asking(letter = 'a'): ChartRun {
  return new ChartRun().planned(letter).decided('ask')
}

describe('looking', () => {
  it('an environment begins with nothing known, waits, and owes nothing', () => {
    const nothing = { settings: null, head: null, seen: null, plan: null, decision: null, attempt: null, applied: null }
    const none = { requestedBy: null, ended: null, inventory: null, hold: null, series: null, waiting: null }
    expect(new ChartRun().state).toEqual({
      value: { Unknown: 'waiting' },
      context: {
        ...{ name: 'production', ...nothing, ...none },
        ...{ quarantine: [], misses: 0, problems: [], nextLookAt: null, outdated: false, owed: [] },
      },
    })
  })

  it('a stored state whose memory lacks what it works on throws instead of owing work about nothing', () => {
    const run = new ChartRun().planned().decided('deploy')
    run.state = { ...run.state, context: { ...run.context, attempt: null } }
    expect(() => run.send({ type: 'validation.passed', effect: run.owed })).toThrow('does not fit its memory')
  })

  it('stays Unknown until commit and settings are known', () => {
    const run = new ChartRun()
    run.send({ type: 'head.moved', head: aHead() })
    expect(run.path).toBe('Unknown.waiting')
    run.send({ type: 'settings.changed', settings: someSettings() })
    expect([run.path, run.owedKind]).toEqual(['Unknown.looking', 'look'])
  })

  it('a first look that fails leaves the environment Unknown with a reason and a wake time', () => {
    const run = new ChartRun()
    run.send({ type: 'settings.changed', settings: someSettings() })
    run.send({ type: 'head.moved', head: aHead() })
    run.send({ type: 'look.failed', effect: run.owed, ...transient })
    expect(run.path).toBe('Unknown.unreachable')
    expect(run.context.waiting).toMatchObject({ reason: 'HONUA_TIMEOUT', until: run.at + 60_000 })
  })

  it('a drift check that fails makes a Synced environment Unknown, because nobody knows', () => {
    const run = new ChartRun().deployed()
    run.send({ type: 'timer.fired' }, 300_000)
    run.send({ type: 'look.failed', effect: run.owed, ...transient })
    expect(run.path).toBe('Unknown.unreachable')
  })

  it('a drift check that finds a difference goes on to decide', () => {
    const run = new ChartRun().deployed()
    run.send({ type: 'timer.fired' }, 300_000)
    run.send({ type: 'look.planned', effect: run.owed, plan: aPlan('a', { reason: 'drift' }) })
    expect(run.path).toBe('OutOfSync.deciding')
  })

  it('an invalid desired state blocks with its problems until a newer commit', () => {
    const run = new ChartRun().deployed()
    run.send({ type: 'head.moved', head: aHead('b') })
    run.send({ type: 'look.invalid', effect: run.owed, problems: [{ code: 'X', message: 'bad', location: null }] })
    expect(run.path).toBe('OutOfSync.blocked')
    expect(run.context.waiting?.message).toBe('bad')
    run.send({ type: 'head.moved', head: aHead('c') })
    expect(run.path).toBe('OutOfSync.planning')
  })

  it('a desired state that is invalid without any problem named says at least that', () => {
    const run = new ChartRun().deployed()
    run.send({ type: 'head.moved', head: aHead('b') })
    run.send({ type: 'look.invalid', effect: run.owed, problems: [] })
    expect(run.context.waiting).toMatchObject({ reason: 'invalid', message: 'the desired state is invalid' })
  })

  it('an answer to a look that was replaced is not taken', () => {
    const run = new ChartRun()
    run.send({ type: 'settings.changed', settings: someSettings() })
    run.send({ type: 'head.moved', head: aHead('a') })
    const old = run.owed
    run.send({ type: 'head.moved', head: aHead('b') })
    expect(run.send({ type: 'look.planned', effect: old, plan: aPlan('a') })).toBe(false)
    expect(run.path).toBe('Unknown.looking')
  })
})

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

describe('deploying', () => {
  it('goes validating, backing up, applying wave by wave, verifying, Synced', () => {
    const run = new ChartRun().planned('a', { waves: 2 }).decided('deploy')
    const seen = [run.owedKind]
    run.send({ type: 'validation.passed', effect: run.owed })
    seen.push(run.owedKind)
    run.send({ type: 'backup.done', effect: run.owed, bundle: 'backup' })
    seen.push(run.owedKind)
    run.send({ type: 'wave.applied', effect: run.owed })
    seen.push(run.owedKind)
    expect(run.context.owed).toMatchObject([{ wave: 1 }])
    run.send({ type: 'wave.applied', effect: run.owed })
    seen.push(run.owedKind)
    run.send({ type: 'verification.passed', effect: run.owed, inventory: 'inventory' })
    expect(seen).toEqual(['validate', 'backUp', 'applyWave', 'applyWave', 'verify'])
    expect([run.path, run.context.applied?.release]).toEqual(['Synced.quiet', 'release-a'])
  })

  it('a validation that may pass later is tried again after a growing pause, then given up', () => {
    const run = new ChartRun()
    const pauses: number[] = []
    run.planned().decided('deploy')
    for (let attempt = 0; attempt < 2; attempt += 1) {
      run.send({ type: 'validation.failed', effect: run.owed, ...transient })
      pauses.push((run.context.waiting?.until ?? 0) - run.at)
      run.send({ type: 'timer.fired' }, pauses.at(-1))
      run.send({ type: 'look.planned', effect: run.owed, plan: aPlan() })
      run.decided('deploy')
    }
    run.send({ type: 'validation.failed', effect: run.owed, ...transient })
    expect(pauses).toEqual([60_000, 120_000])
    expect([run.path, run.context.quarantine.length]).toEqual(['OutOfSync.held', 1])
  })

  it('a refused validation keeps the release away at once, and touches nothing', () => {
    const run = new ChartRun().planned().decided('deploy')
    run.send({ type: 'validation.failed', effect: run.owed, ...terminal })
    expect(run.path).toBe('OutOfSync.held')
    expect(run.context.ended?.attempt.failure).toEqual({
      outcome: 'validation-failed',
      code: 'HONUA_TARGET_REFUSED',
      message: 'no such table',
    })
  })

  it('a failed wave rolls back to the last good release', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    expect(run.context.owed).toMatchObject([{ kind: 'restore', release: 'release-a' }])
  })

  it('a failed first deployment rolls back to what was live before', () => {
    const run = new ChartRun().planned('a').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    expect(run.context.owed).toMatchObject([{ kind: 'restore', release: 'backup' }])
  })

  it('after a rollback the release stays away; the next commit deploys by itself', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect(run.path).toBe('OutOfSync.held')
    expect(run.context.quarantine).toMatchObject([{ release: 'release-b' }])
    run.deployed('c')
    expect([run.path, run.context.applied?.release]).toEqual(['Synced.quiet', 'release-c'])
  })

  it('a commit that arrives while a bad one is rolled back is planned right after', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'head.moved', head: aHead('c') })
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect([run.path, run.context.owed[0]]).toMatchObject(['OutOfSync.planning', { commit: 'c'.repeat(40) }])
  })

  it('a rollback that fails ends held and asks for a person; a newer commit does not lift that', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.failed', effect: run.owed, ...transient })
    expect([run.path, run.context.hold?.kind]).toEqual(['OutOfSync.held', 'intervention'])
    run.planned('c')
    expect(run.context.hold?.kind).toBe('intervention')
  })

  it('a hold with an end does not end the wait for a person after a failed rollback; one without an end takes over', () => {
    const run = new ChartRun().deployed('a').planned('b').decided('deploy').writing()
    run.send({ type: 'wave.failed', effect: run.owed, ...terminal })
    run.send({ type: 'restore.failed', effect: run.owed, ...transient })
    expect(run.send({ type: 'hold.placed', until: run.at + 1_000, ...by })).toBe(false)
    expect(run.send({ type: 'hold.placed', until: null, ...by })).toBe(true)
    expect(run.context.hold).toMatchObject({ kind: 'person', until: null })
  })

  it('cancelling before the first write stops; cancelling after it rolls back', () => {
    const early = new ChartRun().planned().decided('deploy')
    early.send({ type: 'deployment.cancelled', deployment: early.context.attempt?.id ?? '', ...by })
    const late = new ChartRun().planned().decided('deploy').writing()
    late.send({ type: 'deployment.cancelled', deployment: late.context.attempt?.id ?? '', ...by })
    expect([early.path, late.path]).toEqual(['OutOfSync.held', 'RollingBack.restoring'])
  })

  it('two attempts that begin in one second get different ids', () => {
    const run = new ChartRun().deployed('a')
    const first = run.context.ended?.attempt.id
    run.planned('b').decided('deploy')
    expect([first, run.context.attempt?.id]).toEqual(['production-20260105-080000', 'production-20260105-080000-2'])
  })
})

describe('a clock that is set back', () => {
  it('never brings the id of an older deployment back', () => {
    const run = new ChartRun().deployed('a')
    const ids = new Set([run.context.ended?.attempt.id])
    for (const letter of ['b', 'c', 'd']) {
      run.at -= 1_000
      run.deployed(letter)
      ids.add(run.context.ended?.attempt.id)
    }
    expect(ids.size).toBe(4)
  })
})

describe('waiting and holding', () => {
  it('waits as long as the gate says and then looks again', () => {
    const run = new ChartRun().planned()
    const until = run.at + 3_600_000
    run.decided('wait', { until, verdicts: [{ gate: 'window', answer: 'defer', reason: 'closed', until }] })
    expect(run.context.waiting).toMatchObject({ reason: 'window', until })
    run.send({ type: 'timer.fired' }, 3_600_000)
    expect(run.path).toBe('OutOfSync.planning')
  })

  it('a hold with an end ends by its timer', () => {
    const run = new ChartRun().deployed()
    run.send({ type: 'hold.placed', until: run.at + 1_000, ...by })
    run.send({ type: 'timer.fired' }, 1_000)
    expect(run.context.hold).toBeNull()
  })

  it('lifting a hold lifts the quarantine of what Git declares', () => {
    const run = asking()
    run.send({ type: 'approval.rejected', deployment: run.context.attempt?.id ?? '', ...by })
    run.send({ type: 'hold.lifted', ...by })
    expect([run.path, run.context.quarantine]).toEqual(['OutOfSync.planning', []])
  })

  it('a rollback by a person goes back, and keeps away what it went back from', () => {
    const run = new ChartRun().deployed('a').deployed('b')
    run.send({ type: 'rollback.requested', plan: aPlan('a', { reason: 'rollback' }), ...by })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect([run.path, run.context.applied?.release]).toEqual(['OutOfSync.held', 'release-a'])
    expect(run.context.quarantine).toMatchObject([{ release: 'release-b' }])
  })

  it('a rollback to what Git declares ends Synced: it waits for nothing, and drift is looked for again', () => {
    const run = asking('a')
    run.send({ type: 'rollback.requested', plan: aPlan('a', { reason: 'rollback' }), ...by })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect([run.path, run.context.waiting, run.context.nextLookAt]).toEqual(['Synced.quiet', null, run.at + 300_000])
  })

  it('a rollback to what Git declared before is held while the newest commit cannot be read: only a look at it could say Synced', () => {
    const run = new ChartRun().deployed('a')
    run.send({ type: 'head.moved', head: aHead('b') })
    run.send({ type: 'look.invalid', effect: run.owed, problems: [{ code: 'X', message: 'bad', location: null }] })
    run.send({ type: 'rollback.requested', plan: aPlan('a', { reason: 'rollback' }), ...by })
    run.send({ type: 'restore.done', effect: run.owed })
    run.send({ type: 'restore.verified', effect: run.owed, inventory: 'inventory' })
    expect(run.path).toBe('OutOfSync.held')
  })
})
