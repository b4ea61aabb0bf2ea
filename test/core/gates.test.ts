import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, type GateFacts, isOpen, isTimeZone, nextOpening } from '../../src/core/gates/index.ts'
import type { EnvironmentSettings, PlanSummary, TimeWindow } from '../../src/core/vocabulary.ts'
import { ANNA, aPlan, someSettings } from '../support/builders/environment.ts'

const MONDAY_10 = Date.UTC(2026, 0, 5, 10)
const weekdays: TimeWindow = {
  days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
  fromMinute: 540,
  toMinute: 1020,
  timeZone: 'UTC',
}

function decided(
  over: {
    readonly settings?: Partial<EnvironmentSettings>
    readonly facts?: Partial<GateFacts>
    readonly plan?: Partial<PlanSummary>
  } = {},
) {
  const facts: GateFacts = {
    now: MONDAY_10,
    hold: null,
    quarantine: null,
    series: null,
    heals: null,
    requested: false,
    approved: false,
    ...over.facts,
  }
  return decide({ plan: aPlan('a', over.plan), settings: someSettings(over.settings), facts })
}

describe('a decision', () => {
  it('deploys when every gate allows it, and shows all of them', () => {
    const { outcome, verdicts } = decided()
    expect([outcome, verdicts.map((verdict) => verdict.gate)]).toEqual([
      'deploy',
      ['feasible', 'held', 'quarantined', 'retry', 'drift', 'auto-sync', 'window', 'wipe-out'],
    ])
  })

  it('asks where deployments are not automatic; approval answers that', () => {
    const settings = { autoSync: false }
    expect([decided({ settings }).outcome, decided({ settings, facts: { approved: true } }).outcome]).toEqual([
      'ask',
      'deploy',
    ])
  })

  it('blocks what a target cannot carry out, approved or not, with the reason', () => {
    const refused = 'Migration/default/001_a: db keeps what was applied'
    expect(decided({ plan: { refused }, facts: { approved: true } })).toMatchObject({
      outcome: 'block',
      reason: `it cannot be carried out: ${refused}`,
    })
  })

  it('deny beats defer beats ask: a hold blocks even what is approved', () => {
    const facts = {
      hold: { reason: 'freeze', by: ANNA, until: null },
      approved: true,
      series: { count: 1, nextAt: MONDAY_10 + 1 },
    }
    expect(decided({ settings: { autoSync: false }, facts })).toMatchObject({
      outcome: 'block',
      reason: 'held by anna: freeze',
    })
  })

  it('a pause after a failure is waited for, unless it is longer than any pause can be: then the clock was set back', () => {
    const paused = (ms: number) => decided({ facts: { series: { count: 1, nextAt: MONDAY_10 + ms } } })
    expect(paused(600_000)).toMatchObject({ outcome: 'wait', until: MONDAY_10 + 600_000 })
    expect(paused(600_001).outcome).toBe('deploy')
  })

  it('a hold that is over holds nothing, and leaves no moment to wait for', () => {
    const hold = { reason: 'freeze', by: ANNA, until: MONDAY_10 }
    expect(decided({ facts: { hold } }).outcome).toBe('deploy')
    expect(decided({ facts: { hold, now: MONDAY_10 - 1 } })).toMatchObject({ outcome: 'block', until: MONDAY_10 })
    expect(decided({ facts: { hold, quarantine: 'broke the map' } })).toMatchObject({ outcome: 'block', until: null })
  })

  it('the hardest answer decides, whatever the others are', () => {
    const question = fc.record({
      isHeld: fc.boolean(),
      quarantine: fc.option(fc.constant('bad')),
      nextAt: fc.option(fc.integer({ min: -2, max: 2 })),
      autoSync: fc.boolean(),
      outsideWindow: fc.constantFrom('ask' as const, 'wait' as const),
      isOutside: fc.boolean(),
      deletePercent: fc.integer({ min: 0, max: 100 }),
      approved: fc.boolean(),
    })
    fc.assert(
      fc.property(question, (one) => {
        const { outcome, verdicts, reason, until } = decided({
          settings: {
            autoSync: one.autoSync,
            outsideWindow: one.outsideWindow,
            windows: one.isOutside ? [{ ...weekdays, fromMinute: 0, toMinute: 60 }] : [],
          },
          facts: {
            hold: one.isHeld ? { reason: 'freeze', by: ANNA, until: null } : null,
            quarantine: one.quarantine,
            series: one.nextAt === null ? null : { count: 1, nextAt: MONDAY_10 + one.nextAt },
            approved: one.approved,
          },
          plan: { deletes: one.deletePercent, deletePercent: one.deletePercent },
        })
        const answers = new Set(verdicts.map((verdict) => verdict.answer))
        const asks = answers.has('ask') && !one.approved
        expect(outcome).toBe(answers.has('deny') ? 'block' : answers.has('defer') ? 'wait' : asks ? 'ask' : 'deploy')
        expect(verdicts).toHaveLength(8)
        expect(reason).not.toBe('')
        if (outcome === 'wait') expect(until).toBeGreaterThan(MONDAY_10)
      }),
    )
  })

  it('a quarantined release is blocked, approved or not', () => {
    expect(decided({ facts: { quarantine: 'broke the map', approved: true } }).outcome).toBe('block')
  })

  it('a failed attempt waits for its pause, and no longer', () => {
    const series = { count: 1, nextAt: MONDAY_10 + 60_000 }
    expect(decided({ facts: { series } })).toMatchObject({ outcome: 'wait', until: MONDAY_10 + 60_000 })
    expect(decided({ facts: { series, now: MONDAY_10 + 60_000 } }).outcome).toBe('deploy')
  })

  it('waits for whatever comes last', () => {
    const now = Date.UTC(2026, 0, 5, 20)
    const retry = { ...someSettings().retry, maxDelayMs: 86_400_000 }
    const settings = { windows: [weekdays], outsideWindow: 'wait' as const, retry }
    const until = (nextAt: number) => decided({ settings, facts: { now, series: { count: 1, nextAt } } }).until
    const opens = Date.UTC(2026, 0, 6, 9)
    expect([until(opens - 1), until(opens + 1)]).toEqual([opens, opens + 1])
  })

  it('a plan that would delete more than allowed asks, automatic or not', () => {
    expect(decided({ plan: { deletes: 6, deletePercent: 60 } })).toMatchObject({
      outcome: 'ask',
      reason: expect.stringContaining('60 %'),
    })
    expect(decided({ plan: { deletes: 5, deletePercent: 50 } }).outcome).toBe('deploy')
  })

  it('a plan that would delete everything asks, even where any share may be deleted', () => {
    const settings = { maxDeletePercent: 100 }
    expect(decided({ settings, plan: { deletes: 1, deletePercent: 100 } })).toMatchObject({
      outcome: 'ask',
      reason: expect.stringContaining('everything needs approval'),
    })
    expect(decided({ settings, plan: { deletes: 9, deletePercent: 90 } }).outcome).toBe('deploy')
  })

  it('where windows are waited for, an approval does not open one (I15)', () => {
    const facts = { now: Date.UTC(2026, 0, 5, 20), approved: true }
    const settings = { autoSync: false, windows: [weekdays] }
    expect([
      decided({ settings: { ...settings, outsideWindow: 'wait' }, facts }).outcome,
      decided({ settings: { ...settings, outsideWindow: 'ask' }, facts }).outcome,
    ]).toEqual(['wait', 'deploy'])
  })

  it('says by whose clock it is outside the window', () => {
    const windows = [{ ...weekdays, timeZone: 'Europe/Vienna' }]
    expect(decided({ settings: { windows }, facts: { now: Date.UTC(2026, 0, 5, 20) } }).reason).toBe(
      'outside the deployment window: it is Mon 21:00 in Europe/Vienna (UTC+01:00); the next window opens 2026-01-06T08:00:00.000Z',
    )
  })

  it('outside the window it asks, or waits until it opens', () => {
    const now = Date.UTC(2026, 0, 5, 20)
    const settings = { windows: [weekdays] }
    expect(decided({ settings, facts: { now } }).outcome).toBe('ask')
    expect(decided({ settings: { ...settings, outsideWindow: 'wait' }, facts: { now } })).toMatchObject({
      outcome: 'wait',
      until: Date.UTC(2026, 0, 6, 9),
    })
  })
})

describe('a time window', () => {
  it.each([
    ['at its first minute', Date.UTC(2026, 0, 5, 9), true],
    ['just before', Date.UTC(2026, 0, 5, 8, 59, 59), false],
    ['at its last minute', Date.UTC(2026, 0, 5, 16, 59), true],
    ['at its end', Date.UTC(2026, 0, 5, 17), false],
    ['on another day', Date.UTC(2026, 0, 4, 10), false],
  ])('%s', (_, at, open) => {
    expect(isOpen(weekdays, at)).toBe(open)
  })

  it('that crosses midnight belongs to the day on which it opens', () => {
    const night: TimeWindow = { days: ['Fri'], fromMinute: 22 * 60, toMinute: 2 * 60, timeZone: 'UTC' }
    const times = [
      Date.UTC(2026, 0, 9, 23),
      Date.UTC(2026, 0, 10, 1),
      Date.UTC(2026, 0, 10, 2),
      Date.UTC(2026, 0, 9, 1),
    ]
    expect(times.map((at) => isOpen(night, at))).toEqual([true, true, false, false])
  })

  it('follows the wall clock of its zone on daylight-saving days', () => {
    const vienna: TimeWindow = { days: ['Sun'], fromMinute: 9 * 60, toMinute: 10 * 60, timeZone: 'Europe/Vienna' }
    // 2026-03-29: clocks go from 02:00 to 03:00, so 09:00 is 07:00 UTC; a week before it was 08:00 UTC.
    expect([
      isOpen(vienna, Date.UTC(2026, 2, 29, 7)),
      isOpen(vienna, Date.UTC(2026, 2, 22, 7)),
      isOpen(vienna, Date.UTC(2026, 2, 22, 8)),
    ]).toEqual([true, false, true])
  })

  it('inside the hour that daylight saving skips opens with the hour after it', () => {
    const skipped: TimeWindow = { days: ['Sun'], fromMinute: 150, toMinute: 210, timeZone: 'Europe/Vienna' }
    expect(nextOpening([skipped], Date.UTC(2026, 2, 29, 0, 30))).toBe(Date.UTC(2026, 2, 29, 1))
  })

  it('the next opening is open, and nothing between now and then is', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu')
    const day = fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun' as const)
    const window = fc.record({
      days: fc.uniqueArray(day, { minLength: 1 }),
      fromMinute: fc.integer({ min: 0, max: 1439 }),
      toMinute: fc.integer({ min: 0, max: 1439 }),
      timeZone: zone,
    }) as fc.Arbitrary<TimeWindow>
    fc.assert(
      fc.property(window, fc.integer({ min: 0, max: 365 * 24 * 60 }), (one, minute) => {
        const at = Date.UTC(2026, 0, 1) + minute * 60_000
        const opens = nextOpening([one], at)
        if (opens === null) return
        expect(isOpen(one, opens)).toBe(true)
        if (opens > at) expect(isOpen(one, opens - 60_000)).toBe(false)
        for (let moment = at; moment < opens; moment += 17 * 60_000) expect(isOpen(one, moment)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('an unknown zone is told apart from a known one', () => {
    expect([isTimeZone('Europe/Vienna'), isTimeZone('Europe/Wien-Mitte')]).toEqual([true, false])
  })
})
