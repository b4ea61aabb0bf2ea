/** When windows are open, worked out by hand: the rules of five zones as the law has them, not as a library does. */
import type { Instant, TimeWindow, Weekday } from '../../../src/core/vocabulary.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const DAYS: readonly Weekday[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** The n-th Sunday of a month (0 = January), at midnight UTC; -1 is the last. */
function sunday(year: number, month: number, n: number): Instant {
  if (n > 0) {
    const first = Date.UTC(year, month, 1)
    const weekday = new Date(first).getUTCDay()
    return first + ((7 - weekday) % 7) * DAY + (n - 1) * 7 * DAY
  }
  const last = Date.UTC(year, month + 1, 0)
  return last - new Date(last).getUTCDay() * DAY
}

/** How far the zone's clocks are ahead of UTC, in ms. */
export function offsetIn(zone: string, at: Instant): number {
  const year = new Date(at).getUTCFullYear()
  const within = (from: Instant, until: Instant) => at >= from && at < until
  switch (zone) {
    case 'UTC':
      return 0
    case 'Asia/Kolkata':
      return 5.5 * HOUR
    // Clocks change at 01:00 UTC.
    case 'Europe/Vienna':
      return within(sunday(year, 2, -1) + HOUR, sunday(year, 9, -1) + HOUR) ? 2 * HOUR : HOUR
    // Clocks change at 02:00 local time.
    case 'America/New_York':
      return within(sunday(year, 2, 2) + 7 * HOUR, sunday(year, 10, 1) + 6 * HOUR) ? -4 * HOUR : -5 * HOUR
    // Summer is from the last Sunday of September, 02:00, to the first of April, 03:00 (that of summer).
    case 'Pacific/Auckland':
      return within(sunday(year, 3, 1) - 10 * HOUR, sunday(year, 8, -1) - 10 * HOUR) ? 12 * HOUR : 13 * HOUR
    default:
      throw new RangeError(`no rule for the zone ${zone}`)
  }
}

/** Whether the window is open at a moment. */
export function isOpenAt({ days, fromMinute, toMinute, timeZone }: TimeWindow, at: Instant): boolean {
  const local = at + offsetIn(timeZone, at)
  const minute = Math.floor((((local % DAY) + DAY) % DAY) / MINUTE)
  const today = DAYS[new Date(local).getUTCDay()] ?? 'Sun'
  const yesterday = DAYS[new Date(local - DAY).getUTCDay()] ?? 'Sun'
  if (fromMinute < toMinute) return days.includes(today) && minute >= fromMinute && minute < toMinute
  return (days.includes(today) && minute >= fromMinute) || (days.includes(yesterday) && minute < toMinute)
}
