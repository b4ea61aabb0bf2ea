import type { EnvironmentSettings, Instant, TimeWindow, Verdict } from '../vocabulary.ts'
import { dayBefore, localTime } from './local-time.ts'

const MINUTE_MS = 60_000
/** Every weekly window opens within this, daylight-saving days included. */
const SEARCH_MS = 9 * 24 * 60 * MINUTE_MS

/**
 * Whether the window is open: `from` ≤ local minute < `to` on one of its days. A window that crosses midnight belongs to the day on
 * which it opens; equal ends mean the whole day. On daylight-saving days the wall clock decides.
 */
export function isOpen(window: TimeWindow, at: Instant): boolean {
  const { weekday, minute } = localTime(at, window.timeZone)
  const { days, fromMinute, toMinute } = window
  if (fromMinute < toMinute) return days.includes(weekday) && minute >= fromMinute && minute < toMinute
  return (days.includes(weekday) && minute >= fromMinute) || (days.includes(dayBefore(weekday)) && minute < toMinute)
}

/**
 * The next moment, to the minute, at which one of the windows is open; `at` itself when one is; null when none ever opens. Looks minute
 * by minute near the edges only: a window of an hour or more is first found by the hour.
 */
export function nextOpening(windows: readonly TimeWindow[], at: Instant): Instant | null {
  const isAnyOpen = (moment: Instant) => windows.some((window) => isOpen(window, moment))
  if (isAnyOpen(at)) return at
  const first = Math.floor(at / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  const stride = windows.every((window) => lengthOf(window) >= 120) ? 60 : 1
  const found = stepThrough(first, first + SEARCH_MS, stride, isAnyOpen)
  return found === null ? null : stepThrough(Math.max(first, found - stride * MINUTE_MS), found, 1, isAnyOpen)
}

/** Automatic deployment starts inside the windows; outside them it asks, or waits, as configured. No windows: always. */
export function windowGate(settings: EnvironmentSettings, now: Instant): Verdict {
  const { windows, outsideWindow } = settings
  if (windows.length === 0 || windows.some((window) => isOpen(window, now))) return { gate: 'window', answer: 'allow' }
  const opens = nextOpening(windows, now)
  const when = opens === null ? 'no window ever opens' : `the next window opens ${new Date(opens).toISOString()}`
  if (outsideWindow === 'ask' || opens === null)
    return { gate: 'window', answer: 'ask', reason: `outside the deployment window; ${when}` }
  return { gate: 'window', answer: 'defer', reason: `outside the deployment window; ${when}`, until: opens }
}

function stepThrough(
  from: Instant,
  until: Instant,
  minutes: number,
  isAnyOpen: (moment: Instant) => boolean,
): Instant | null {
  for (let moment = from; moment <= until; moment += minutes * MINUTE_MS) if (isAnyOpen(moment)) return moment
  return null
}

/** Minutes from opening to closing by the wall clock; a daylight-saving day may take an hour away, hence the margin above. */
function lengthOf({ fromMinute, toMinute }: TimeWindow): number {
  return toMinute > fromMinute ? toMinute - fromMinute : toMinute + 1440 - fromMinute
}
