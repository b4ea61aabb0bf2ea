/**
 * When windows are open. The wall clock of the window's zone decides, on daylight-saving days too: a window whose first minutes are
 * skipped opens with the first minute that exists; one that lies wholly in a skipped hour stays shut that day; one that lies in an
 * hour that comes twice is open twice.
 */
import type { Instant, TimeWindow } from '../vocabulary.ts'
import { DAY_MS, dayBefore, type LocalTime, localTime, MINUTE_MS, offsetAt } from './local-time.ts'

/** A weekly window may fall wholly into a skipped hour, so two weeks are looked through, and a day for the edges. */
const SEARCH_DAYS = 15

/**
 * Whether the window is open: `from` ≤ local minute < `to` on one of its days. A window that crosses midnight belongs to the day on
 * which it opens; equal ends mean 24 hours.
 */
export function isOpen(window: TimeWindow, at: Instant): boolean {
  return isOpenLocally(window, localTime(at, window.timeZone))
}

/** The same for a moment by the wall clock of the window's zone. */
export function isOpenLocally(window: TimeWindow, { weekday, minute }: LocalTime): boolean {
  const { days, fromMinute, toMinute } = window
  if (fromMinute < toMinute) return days.includes(weekday) && minute >= fromMinute && minute < toMinute
  return (days.includes(weekday) && minute >= fromMinute) || (days.includes(dayBefore(weekday)) && minute < toMinute)
}

/** The next moment, to the minute, at which one of the windows is open; `at` itself when one is; null when none opens within two weeks. */
export function nextOpening(windows: readonly TimeWindow[], at: Instant): Instant | null {
  if (windows.some((window) => isOpen(window, at))) return at
  const openings = windows.map((window) => openingAfter(window, at)).filter((opens) => opens !== null)
  return openings.length === 0 ? null : Math.min(...openings)
}

/**
 * A window opens when the wall clock comes to its first minute, or when the clock is changed and jumps into it; at no other moment.
 * So only these are tried, day by day.
 */
function openingAfter(window: TimeWindow, at: Instant): Instant | null {
  for (let day = 0; day < SEARCH_DAYS; day += 1) {
    const from = at + day * DAY_MS
    const opens = turningPoints(window.fromMinute, zoneDay(window.timeZone, from))
      .filter((moment) => moment > at && isOpen(window, moment))
      .sort((a, b) => a - b)[0]
    if (opens !== undefined) return opens
  }
  return null
}

/** A day from any moment on, in a zone: how far its clock is ahead of UTC at the beginning and at the end, in ms. */
export interface ZoneDay {
  readonly timeZone: string
  readonly from: Instant
  readonly former: number
  readonly latter: number
}

/** Throws a RangeError for an unknown zone. */
export function zoneDay(timeZone: string, from: Instant): ZoneDay {
  return { timeZone, from, former: offsetAt(from, timeZone), latter: offsetAt(from + DAY_MS, timeZone) }
}

/** Moments of the day at which the wall clock may come to a minute of the day, and at which it is changed. */
export function turningPoints(minute: number, { timeZone, from, former, latter }: ZoneDay): readonly Instant[] {
  const firstTime = (offset: number) => {
    const midnight = Math.floor((from + offset) / DAY_MS) * DAY_MS - offset
    const today = midnight + minute * MINUTE_MS
    return today < from ? today + DAY_MS : today
  }
  return former === latter
    ? [firstTime(former)]
    : [firstTime(former), firstTime(latter), clockChange(timeZone, from, from + DAY_MS)]
}

/** The first minute after `from` that has another offset than `from`, when `until` has: by halving. */
function clockChange(timeZone: string, from: Instant, until: Instant): Instant {
  const offset = offsetAt(from, timeZone)
  let [before, after] = [Math.floor(from / MINUTE_MS), Math.ceil(until / MINUTE_MS)]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle * MINUTE_MS, timeZone) === offset) before = middle
    else after = middle
  }
  return after * MINUTE_MS
}
