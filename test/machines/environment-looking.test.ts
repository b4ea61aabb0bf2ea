import { describe, expect, it } from 'vitest'
import { ANNA, aHead, aPlan, asking, ChartRun, someSettings } from '../support/builders/environment.ts'

const by = { by: ANNA, reason: 'because' }
const transient = { code: 'HONUA_TIMEOUT', message: 'too slow', transient: true }

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
