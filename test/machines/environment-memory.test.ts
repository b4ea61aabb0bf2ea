import { describe, expect, it } from 'vitest'
import {
  attempted,
  attemptId,
  begin,
  beginRollback,
  completed,
  finish,
  nextLook,
  nothingKnown,
  pauseAfter,
  postponed,
  quarantined,
  refused,
  restorePoint,
  rolledBack,
  triesOf,
  undrifted,
  waitingFor,
  wakeAt,
} from '../../machines/environment/memory.ts'
import type { EnvironmentContext } from '../../machines/environment/types.ts'
import type { Actor } from '../../src/core/vocabulary.ts'
import { ANNA, aDecision, aPlan, asking, someSettings } from '../support/builders/environment.ts'

const CONTROLLER: Actor = { name: 'controller', how: 'controller' }
const AT = Date.UTC(2026, 0, 5, 8)
const failure = { outcome: 'stale', code: 'X', message: 'x' } as const

function memory(over: Partial<EnvironmentContext> = {}): EnvironmentContext {
  return { ...nothingKnown('production'), ...over }
}

function retrying(over: Partial<ReturnType<typeof someSettings>['retry']>): EnvironmentContext {
  return memory({ settings: someSettings({ retry: { ...someSettings().retry, ...over } }) })
}

describe('the id of an attempt', () => {
  function after(id: string): EnvironmentContext {
    const { attempt } = asking().context
    return memory({ ended: attempt && { attempt: { ...attempt, id }, result: 'Failed', at: AT } })
  }

  it('is its environment and its moment in UTC', () => {
    expect(attemptId(memory(), Date.UTC(2026, 10, 25, 23, 59, 58))).toBe('production-20261125-235958')
  })

  it.each([
    ['production-20260105-080000', 'production-20260105-080000-2'],
    ['production-20260105-080000-2', 'production-20260105-080000-3'],
    ['production-20260105-080000-10', 'production-20260105-080000-11'],
    ['production-20260105-080001-9', 'production-20260105-080001-10'],
    ['production-20260105-075959-9', 'production-20260105-080000'],
  ])('after %s it goes on and never back', (last, next) => {
    expect(attemptId(after(last), AT)).toBe(next)
  })

  it('goes on from the attempt that is open, where one is', () => {
    expect(attemptId(asking().context, AT)).toBe('production-20260105-080000-2')
  })
})

describe('the pause after failures in a row', () => {
  it('doubles up to its limit', () => {
    const pauses = [1, 2, 3, 4, 5, 6].map((n) => pauseAfter(retrying({}), n))
    expect(pauses).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000])
  })

  it('stays the same where the settings say so', () => {
    expect([1, 2, 9].map((n) => pauseAfter(retrying({ backoff: 'constant' }), n))).toEqual([60_000, 60_000, 60_000])
  })

  it('is a number after any count of failures, and stops doubling after thirty', () => {
    const patient = retrying({ initialDelayMs: 1, maxDelayMs: Number.MAX_SAFE_INTEGER })
    expect([31, 32, 5_000].map((n) => pauseAfter(patient, n))).toEqual([2 ** 30, 2 ** 30, 2 ** 30])
    expect(pauseAfter(retrying({ initialDelayMs: 0 }), 5_000)).toBe(0)
  })

  it('is the interval of regular looks where retries are off, and five minutes where nothing is set', () => {
    const off = memory({
      settings: someSettings({ reconcileIntervalMs: 7_000, retry: { ...someSettings().retry, enabled: false } }),
    })
    expect([pauseAfter(off, 3), pauseAfter(memory(), 3)]).toEqual([7_000, 300_000])
  })

  it('the next regular look comes after the interval, or after five minutes', () => {
    const set = memory({ settings: someSettings({ reconcileIntervalMs: 7_000 }) })
    expect([nextLook(set, AT), nextLook(memory(), AT)]).toEqual([AT + 7_000, AT + 300_000])
  })
})

describe('drift that is healed by itself', () => {
  const drift = { mode: 'heal', initialDelayMs: 1_000, maxDelayMs: 5_000 } as const
  const attempt = (reason: 'drift' | 'commit', by = CONTROLLER) => {
    const open = asking().context.attempt
    return open && { ...open, plan: aPlan('a', { reason }), initiatedBy: by }
  }
  const onceHealed = (over: Partial<EnvironmentContext>, reason: 'drift' | 'commit' = 'drift', by = CONTROLLER) =>
    completed(memory({ settings: someSettings({ drift }), attempt: attempt(reason, by), ...over }), AT, 'inventory')

  it('is counted, and each further time waits twice as long, up to a limit', () => {
    const pauses = [undefined, 1, 2, 3, 90].map((count) => {
      const { heals } = onceHealed(count === undefined ? {} : { heals: { count, nextAt: AT } })
      return [heals?.count, (heals?.nextAt ?? 0) - AT]
    })
    expect(pauses).toEqual([
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
      [4, 5_000],
      [91, 5_000],
    ])
  })

  it('is counted as far as a number goes', () => {
    const settings = someSettings({ drift: { ...drift, maxDelayMs: Number.MAX_SAFE_INTEGER } })
    const { heals } = onceHealed({ settings, heals: { count: 5_000, nextAt: AT } })
    expect((heals?.nextAt ?? 0) - AT).toBe(1_000 * 2 ** 30)
  })

  it('is not counted where a person asked for it, or where settings know of no pause', () => {
    expect('heals' in onceHealed({}, 'drift', ANNA)).toBe(false)
    expect('heals' in onceHealed({ settings: someSettings() })).toBe(false)
  })

  it('is no longer told once a deployment was read back, and where none was told nothing is noted', () => {
    expect(onceHealed({ drift: 'd' }).drift).toBeNull()
    expect(onceHealed({ drift: 'd' }, 'commit').drift).toBeNull()
    expect('drift' in onceHealed({})).toBe(false)
  })

  it('is forgotten with the next commit, and where there was none nothing is noted', () => {
    expect(onceHealed({ heals: { count: 3, nextAt: AT + 9 } }, 'commit').heals).toBeNull()
    expect('heals' in onceHealed({}, 'commit')).toBe(false)
  })

  it('is forgotten when it stayed away for its whole pause, not before', () => {
    const heals = { count: 3, nextAt: AT }
    expect(undrifted(memory({ heals, drift: 'd' }), AT)).toEqual({ heals: null, drift: null })
    expect(undrifted(memory({ heals }), AT - 1)).toEqual({})
    expect(undrifted(memory(), AT)).toEqual({})
  })
})

describe('the next moment that matters', () => {
  const hold = { kind: 'person', by: ANNA, reason: 'x', since: AT, until: AT + 3 } as const
  const waiting = { reason: 'x', message: 'x', since: AT, until: AT + 2 }

  it('is none where only events help', () => {
    expect(wakeAt(memory({ hold: { ...hold, until: null }, waiting: { ...waiting, until: null } }))).toBeNull()
  })

  it.each([
    [{ hold }, 3],
    [{ hold, waiting }, 2],
    [{ hold, waiting, nextLookAt: AT + 1 }, 1],
    [{ hold, waiting, nextLookAt: AT + 4 }, 2],
  ])('is the earliest of %j', (over, ms) => {
    expect(wakeAt(memory(over))).toBe(AT + ms)
  })

  it('is the end of a request that nobody answered, and not of one that was approved', () => {
    const { attempt } = asking().context
    expect(wakeAt(memory({ attempt }))).toBe(AT + 86_400_000)
    expect(wakeAt(memory({ attempt: attempt && { ...attempt, approvedBy: ANNA } }))).toBeNull()
  })
})

describe('quarantine', () => {
  const entry = (release: string) => ({ release, commit: 'c', reason: 'x', since: AT })

  it('holds a release once, the newest last', () => {
    const context = memory({ quarantine: [entry('a'), entry('b')] })
    expect(quarantined(context, entry('a')).map(({ release }) => release)).toEqual(['b', 'a'])
  })

  it('holds fifty releases and lets the oldest go', () => {
    const context = memory({ quarantine: Array.from({ length: 50 }, (_, index) => entry(`r${index}`)) })
    const kept = quarantined(context, entry('new')).map(({ release }) => release)
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([50, 'r1', 'new'])
  })
})

describe('what a decision waits for', () => {
  const defer = { gate: 'window', answer: 'defer', reason: 'closed', until: AT + 5 } as const
  const deny = { gate: 'hold', answer: 'deny', reason: 'held' } as const
  const allow = { gate: 'limits', answer: 'allow' } as const

  it.each([
    ['wait', 'window'],
    ['block', 'hold'],
  ] as const)('a decision to %s names the gate that answered hardest', (outcome, gate) => {
    const decision = aDecision(outcome, { until: AT + 5, reason: 'because', verdicts: [allow, deny, defer] })
    expect(waitingFor(decision, AT)).toEqual({ reason: gate, message: 'because', since: AT, until: AT + 5 })
  })

  it('of two gates that wait, the one whose moment is waited for is named', () => {
    const verdicts = [{ gate: 'retry', answer: 'defer', reason: 'tried too often', until: AT + 1 } as const, defer]
    expect(waitingFor(aDecision('wait', { until: AT + 5, reason: 'closed', verdicts }), AT).reason).toBe('window')
  })

  it('of two gates that deny, the first is named: its reason is the one that is given', () => {
    const verdicts = [deny, { gate: 'quarantine', answer: 'deny', reason: 'bad' } as const]
    expect(waitingFor(aDecision('block', { reason: 'held', verdicts }), AT).reason).toBe('hold')
  })

  it('a decision without verdicts names itself', () => {
    expect(waitingFor(aDecision('block'), AT).reason).toBe('block')
  })
})

describe('a memory that lacks what a change is about', () => {
  const MISSING = 'does not fit its memory'
  const context = memory({ settings: someSettings() })

  it('without an attempt nothing can be changed of it, restored, or said of how it ended', () => {
    expect(() => attempted(context, { wave: 1 })).toThrow(MISSING)
    expect(() => completed(context, AT, 'inventory')).toThrow(MISSING)
    expect(() => rolledBack(context, AT, 'inventory')).toThrow(MISSING)
    expect(() => refused(context, AT, failure)).toThrow(MISSING)
    expect(() => postponed(context, AT, failure)).toThrow(MISSING)
    expect(() => restorePoint(context)).toThrow(MISSING)
  })

  it('no attempt begins without a plan, or with a request without settings', () => {
    expect(() => begin(context, AT, false)).toThrow(MISSING)
    expect(() => begin(memory({ plan: aPlan() }), AT, true)).toThrow(MISSING)
  })

  it('nothing is rolled back without a release to go to, and none is found before the backup', () => {
    expect(() => rolledBack(asking().context, AT, 'inventory')).toThrow(MISSING)
    expect(() => restorePoint(asking().context)).toThrow(MISSING)
  })

  it('a rollback that a person asks for opens an attempt and ends none where none is open', () => {
    const change = beginRollback(memory(), AT, aPlan('a', { reason: 'rollback' }), ANNA)
    expect([change.attempt?.kind, 'ended' in change, finish(context, AT, 'Failed')]).toEqual(['rollback', false, {}])
  })
})

describe('a deployment of the release that is applied already, because the targets drifted', () => {
  it('goes back to what was live before it, under the commit that was applied', () => {
    const { attempt } = asking().context
    const applied = { commit: 'older', release: 'release-a', deployment: null, at: AT }
    const context = memory({ applied, attempt: attempt && { ...attempt, backup: 'drifted' } })
    expect(restorePoint(context)).toEqual({ commit: 'older', release: 'drifted' })
  })
})

describe('tries', () => {
  it('count for the release of the open attempt only', () => {
    const { attempt } = asking().context
    const series = { release: 'release-a', count: 4, nextAt: AT }
    expect(triesOf(memory({ attempt, series }))).toBe(4)
    expect(triesOf(memory({ attempt, series: { ...series, release: 'release-b' } }))).toBe(0)
    expect([triesOf(memory({ attempt })), triesOf(memory({ series }))]).toEqual([0, 0])
  })
})
