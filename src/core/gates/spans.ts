/** When the windows of some days are open, for people to look ahead. */
import type { Instant, TimeWindow } from '../vocabulary.ts'
import { DAY_MS, MINUTE_MS } from './local-time.ts'
import { isOpen, turningPoints } from './opening.ts'

/** From the first open moment to the first closed one. */
export interface Span {
  readonly from: Instant
  readonly until: Instant
}

/**
 * The times between `from` and `until` at which one of the windows is open, in order; those that touch are one. Edges inside are whole
 * minutes. Throws a RangeError for an unknown zone.
 */
export function openSpans(windows: readonly TimeWindow[], from: Instant, until: Instant): readonly Span[] {
  const spans: { from: Instant; until: Instant }[] = []
  for (const [at, next] of betweenTurns(windows, from, until)) {
    if (!windows.some((window) => isOpen(window, at))) continue
    const last = spans.at(-1)
    if (last?.until === at) last.until = next
    else spans.push({ from: at, until: next })
  }
  return spans
}

/** The stretches within which no window opens or closes. */
function betweenTurns(
  windows: readonly TimeWindow[],
  from: Instant,
  until: Instant,
): readonly (readonly [Instant, Instant])[] {
  const turns = new Set<Instant>([from])
  for (let day = from; day < until; day += DAY_MS)
    for (const { fromMinute, toMinute, timeZone } of windows)
      for (const minute of [fromMinute, toMinute % (DAY_MS / MINUTE_MS)])
        for (const turn of turningPoints(minute, timeZone, day, day + DAY_MS))
          if (turn > from && turn < until) turns.add(turn)
  const sorted = [...turns].sort((a, b) => a - b)
  return sorted.map((turn, at) => [turn, sorted[at + 1] ?? until] as const)
}
