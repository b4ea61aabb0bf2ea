import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime, localTimeAt, offsetAt, shownLocally } from '../../../src/core/gates/local-time.ts'
import { isOpen, nextOpening } from '../../../src/core/gates/opening.ts'
import type { TimeWindow, Weekday } from '../../../src/core/vocabulary.ts'

const MINUTE = 60_000
const DAYS: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const ZONES = ['UTC', 'Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia']
/** A day before the clocks change, in 2026: Vienna both ways, New York both ways, Lord Howe (by half an hour) both ways. */
const EVES = [
  Date.UTC(2026, 2, 28),
  Date.UTC(2026, 9, 24),
  Date.UTC(2026, 2, 7),
  Date.UTC(2026, 10, 1),
  Date.UTC(2026, 3, 4),
  Date.UTC(2026, 9, 3),
]

function aWindow(over: Partial<TimeWindow> = {}): TimeWindow {
  return { days: ['Sun'], fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'Europe/Vienna', ...over }
}

const windows = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1, maxLength: 7 }),
  fromMinute: fc.integer({ min: 0, max: 1439 }),
  toMinute: fc.integer({ min: 0, max: 1440 }),
  timeZone: fc.constantFrom(...ZONES),
})
/** Windows of minutes to hours in the small hours, where clocks are changed. */
const nightly = fc
  .record({
    from: fc.integer({ min: 0, max: 240 }),
    length: fc.integer({ min: 1, max: 150 }),
    timeZone: fc.constantFrom(...ZONES),
  })
  .map(
    ({ from, length, timeZone }): TimeWindow => ({ days: DAYS, fromMinute: from, toMinute: from + length, timeZone }),
  )

describe('the next opening', () => {
  it('is the very first open minute, found by trying each one, on days on which the clocks change', () => {
    const moment = fc.tuple(fc.constantFrom(...EVES), fc.integer({ min: 0, max: 2 * 1440 }))
    fc.assert(
      fc.property(fc.oneof(nightly, windows), moment, (window, [eve, minutes]) => {
        const at = eve + minutes * MINUTE + 17_000
        const opens = nextOpening([window], at)
        let first = at
        if (!isOpen(window, at)) {
          first = Math.floor(at / MINUTE) * MINUTE + MINUTE
          while (!isOpen(window, first) && first < at + 2 * 1440 * MINUTE) first += MINUTE
          if (!isOpen(window, first)) {
            expect(opens === null || opens > first).toBe(true)
            return
          }
        }
        expect(opens).toBe(first)
      }),
      { numRuns: 150 },
    )
  })

  it('of several windows is the earliest', () => {
    fc.assert(
      fc.property(
        fc.array(windows, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 525_600 }),
        (some, minutes) => {
          const at = Date.UTC(2026, 0, 1) + minutes * MINUTE
          const each = some.map((window) => nextOpening([window], at) ?? Number.POSITIVE_INFINITY)
          expect(nextOpening(some, at)).toBe(Math.min(...each))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is a week later when the skipped hour swallows the whole window', () => {
    const skipped = aWindow({ fromMinute: 130, toMinute: 170 })
    // Sunday 22 March 2026 02:50 in Vienna, just closed; on the 29th there is no 02:10; on 5 April it is 00:10 UTC.
    expect(nextOpening([skipped], Date.UTC(2026, 2, 22, 1, 50))).toBe(Date.UTC(2026, 3, 5, 0, 10))
  })

  it('is none without days', () => {
    expect(nextOpening([aWindow({ days: [] })], Date.UTC(2026, 0, 1))).toBeNull()
  })

  it('is found for a clock that is ten years off, and before the epoch', () => {
    for (const at of [Date.UTC(2036, 1, 29, 23), Date.UTC(2016, 1, 29), Date.UTC(1969, 6, 20)]) {
      const opens = nextOpening([aWindow()], at) ?? Number.NaN
      expect(localTime(opens, 'Europe/Vienna')).toEqual({ weekday: 'Sun', minute: 540 })
    }
  })
})

describe('a window', () => {
  it('in the hour that comes twice is open twice', () => {
    const twice = aWindow({ fromMinute: 130, toMinute: 170 })
    // Sunday 25 October 2026: 02:30 in Vienna is 00:30 UTC, and 01:30 UTC again.
    const times = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 0, 55), Date.UTC(2026, 9, 25, 1, 30)]
    expect(times.map((at) => isOpen(twice, at))).toEqual([true, false, true])
  })

  it('that crosses midnight on a daylight-saving night closes by the wall clock', () => {
    const night = aWindow({ days: ['Sat'], fromMinute: 22 * 60, toMinute: 4 * 60 })
    // 29 March 2026: 04:00 in Vienna is 02:00 UTC, five hours after it opened at 21:00 UTC.
    const times = [Date.UTC(2026, 2, 28, 21), Date.UTC(2026, 2, 29, 1, 59), Date.UTC(2026, 2, 29, 2)]
    expect(times.map((at) => isOpen(night, at))).toEqual([true, true, false])
  })

  it('with equal ends is open for 24 hours', () => {
    const day = aWindow({ days: ['Mon'], fromMinute: 540, toMinute: 540, timeZone: 'UTC' })
    const times = [
      Date.UTC(2026, 0, 5, 8, 59),
      Date.UTC(2026, 0, 5, 9),
      Date.UTC(2026, 0, 6, 8, 59),
      Date.UTC(2026, 0, 6, 9),
    ]
    expect(times.map((at) => isOpen(day, at))).toEqual([false, true, true, false])
  })
})

describe('the wall clock of a zone', () => {
  it.each([
    ['UTC', Date.UTC(2026, 0, 5), 0],
    ['Europe/Vienna', Date.UTC(2026, 6, 5), 120],
    ['America/New_York', Date.UTC(2026, 0, 5), -300],
    ['Australia/Lord_Howe', Date.UTC(2026, 0, 5), 660],
    ['Asia/Kathmandu', Date.UTC(2026, 0, 5), 345],
    ['Pacific/Kiritimati', Date.UTC(2026, 0, 5), 840],
    ['Etc/GMT+12', Date.UTC(2026, 0, 5), -720],
  ])('%s is ahead by its offset', (zone, at, minutes) => {
    expect(offsetAt(at, zone)).toBe(minutes * MINUTE)
  })

  it('is the same by its offset as by its zone, in every year', () => {
    const moment = fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2060, 0, 1) })
    fc.assert(
      fc.property(moment, fc.constantFrom(...ZONES), (at, zone) => {
        expect(localTimeAt(at, offsetAt(at, zone))).toEqual(localTime(at, zone))
      }),
    )
  })

  it('is shown with zone and offset', () => {
    expect([
      shownLocally(Date.UTC(2026, 2, 28, 13, 5), 'Europe/Vienna'),
      shownLocally(Date.UTC(2026, 2, 28, 13, 5), 'America/St_Johns'),
    ]).toEqual(['Sat 14:05 in Europe/Vienna (UTC+01:00)', 'Sat 10:35 in America/St_Johns (UTC-02:30)'])
  })
})
