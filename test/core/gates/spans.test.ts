import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOpen } from '../../../src/core/gates/opening.ts'
import { spansBetween } from '../../../src/core/gates/spans.ts'
import type { TimeWindow, Weekday } from '../../../src/core/vocabulary.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const DAYS: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** A day before the clocks change, in 2026: Vienna both ways, New York both ways, Lord Howe (by half an hour) both ways. */
const EVES = [
  Date.UTC(2026, 2, 28),
  Date.UTC(2026, 9, 24),
  Date.UTC(2026, 2, 7),
  Date.UTC(2026, 9, 31),
  Date.UTC(2026, 3, 4),
  Date.UTC(2026, 9, 3),
]

const windows: fc.Arbitrary<TimeWindow> = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1, maxLength: 7 }),
  fromMinute: fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1439 })),
  toMinute: fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1440 })),
  timeZone: fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
})

const openSpans = (windows: readonly TimeWindow[], from: number, until: number) => spansBetween(from, until)(windows)

function vienna(over: Partial<TimeWindow> = {}): TimeWindow {
  return { days: DAYS, fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'Europe/Vienna', ...over }
}

describe('the spans of windows', () => {
  it('hold exactly the minutes at which one is open, on days on which the clocks change', () => {
    const moment = fc.tuple(fc.constantFrom(...EVES), fc.integer({ min: 0, max: 1_440 }))
    fc.assert(
      fc.property(fc.array(windows, { minLength: 1, maxLength: 3 }), moment, (some, [eve, minutes]) => {
        const from = eve + minutes * MINUTE
        const until = from + 2 * DAY
        const spans = openSpans(some, from, until)
        for (let at = from; at < until; at += 7 * MINUTE)
          expect(spans.some((span) => span.from <= at && at < span.until)).toBe(some.some((one) => isOpen(one, at)))
        for (const edge of spans.flatMap((span) => [span.from, span.until]).filter((at) => at > from && at < until))
          expect(some.some((one) => isOpen(one, edge))).not.toBe(some.some((one) => isOpen(one, edge - MINUTE)))
      }),
      { numRuns: 60 },
    )
  })

  it('come in order, do not touch, and stay within what was asked for, whatever the second', () => {
    fc.assert(
      fc.property(
        fc.array(windows, { maxLength: 4 }),
        fc.integer({ min: 0, max: 31_536_000 }),
        fc.integer({ min: 1, max: 8 * 86_400 }),
        (some, start, seconds) => {
          const from = Date.UTC(2026, 0, 1) + start * 1_000
          const until = from + seconds * 1_000
          const edges = openSpans(some, from, until).flatMap((span) => [span.from, span.until])
          expect(edges.every((edge, at) => edge >= from && edge <= until && edge > (edges[at - 1] ?? 0))).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('of an office week are five', () => {
    const office = vienna({ days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'] })
    const monday = Date.UTC(2026, 0, 5)
    expect(openSpans([office], monday, monday + 7 * DAY)).toEqual(
      [0, 1, 2, 3, 4].map((day) => ({
        from: monday + day * DAY + 480 * MINUTE,
        until: monday + day * DAY + 960 * MINUTE,
      })),
    )
  })

  it('that cross midnight, or follow each other at once, are one', () => {
    const eve = Date.UTC(2026, 0, 5, 12)
    const night = vienna({ fromMinute: 22 * 60, toMinute: 4 * 60, timeZone: 'UTC' })
    const morning = vienna({ fromMinute: 4 * 60, toMinute: 6 * 60, timeZone: 'UTC' })
    expect(openSpans([night, morning], eve, eve + DAY)).toEqual([
      { from: Date.UTC(2026, 0, 5, 22), until: Date.UTC(2026, 0, 6, 6) },
    ])
  })

  it('in the hour that comes twice are two, and in the hour that is skipped none', () => {
    const early = vienna({ fromMinute: 130, toMinute: 170 })
    const twice = Date.UTC(2026, 9, 24, 22)
    expect(openSpans([early], twice, twice + DAY / 2)).toEqual([
      { from: Date.UTC(2026, 9, 25, 0, 10), until: Date.UTC(2026, 9, 25, 0, 50) },
      { from: Date.UTC(2026, 9, 25, 1, 10), until: Date.UTC(2026, 9, 25, 1, 50) },
    ])
    const skipped = Date.UTC(2026, 2, 28, 23)
    expect(openSpans([early], skipped, skipped + DAY / 2)).toEqual([])
  })

  it('of no window are none; of one that is always open, everything', () => {
    const from = Date.UTC(2026, 2, 27, 3, 4, 5)
    expect(openSpans([], from, from + 7 * DAY)).toEqual([])
    const always = vienna({ fromMinute: 0, toMinute: 0 })
    expect(openSpans([always], from, from + 7 * DAY)).toEqual([{ from, until: from + 7 * DAY }])
  })
})
