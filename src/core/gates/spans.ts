/** When the windows of some days are open, for people to look ahead. */
import type { Instant, TimeWindow } from '../vocabulary.ts'
import { DAY_MS, localTimeAt, MINUTE_MS, offsetAt } from './local-time.ts'
import { isOpenLocally, turningPoints, type ZoneDay } from './opening.ts'

const DAY_MINUTES = DAY_MS / MINUTE_MS

/** From the first open moment to the first closed one. */
export interface Span {
  readonly from: Instant
  readonly until: Instant
}

/**
 * What tells the times between `from` and `until` at which one of some windows is open, in order; those that touch are one. Edges inside are
 * whole minutes. The zones' clocks are asked once, however many windows follow. What it gives throws a RangeError for an unknown zone.
 */
export function spansBetween(from: Instant, until: Instant): (windows: readonly TimeWindow[]) => readonly Span[] {
  const known = new Map<string, readonly ZoneDay[]>()
  const daysOf = (timeZone: string) => {
    const days = known.get(timeZone) ?? daysBetween(timeZone, from, until)
    known.set(timeZone, days)
    return days
  }
  const isOpen = (window: TimeWindow, at: Instant) =>
    isOpenLocally(window, localTimeAt(at, offsetIn(daysOf(window.timeZone), at)))
  return (windows) => {
    const spans: { from: Instant; until: Instant }[] = []
    const turns = turnsOf(windows, daysOf).filter((turn) => turn > from && turn < until)
    const edges = [from, ...new Set(turns.sort((a, b) => a - b)), until]
    for (const [place, at] of edges.slice(0, -1).entries()) {
      if (!windows.some((window) => isOpen(window, at))) continue
      const last = spans.at(-1)
      const next = edges[place + 1] ?? until
      if (last?.until === at) last.until = next
      else spans.push({ from: at, until: next })
    }
    return spans
  }
}

/** Moments at which one of the windows may open or close: between two of them none does. */
function turnsOf(windows: readonly TimeWindow[], daysOf: (timeZone: string) => readonly ZoneDay[]): Instant[] {
  return windows.flatMap(({ fromMinute, toMinute, timeZone }) =>
    daysOf(timeZone).flatMap((day) => [
      ...turningPoints(fromMinute, day),
      ...turningPoints(toMinute % DAY_MINUTES, day),
    ]),
  )
}

function daysBetween(timeZone: string, from: Instant, until: Instant): readonly ZoneDay[] {
  const days: ZoneDay[] = []
  for (let day = from; day < until; day += DAY_MS) {
    const former = days.at(-1)?.latter ?? offsetAt(day, timeZone)
    days.push({ timeZone, from: day, former, latter: offsetAt(day + DAY_MS, timeZone) })
  }
  return days
}

/** How far the zone's clock is ahead at a moment of one of the days, in ms. */
function offsetIn(days: readonly ZoneDay[], at: Instant): number {
  const day = days.findLast((one) => one.from <= at)
  if (day === undefined) return 0
  return day.former === day.latter ? day.former : offsetAt(at, day.timeZone)
}
