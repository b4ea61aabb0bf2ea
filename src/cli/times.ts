/** Moments and spans as people read them. */
import type { Instant } from '../core/vocabulary.ts'

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]

/** The span in its largest whole unit: `25s`, `2m`, `3h`, `4d`. Less than a second, and less than nothing, is `0s`. */
export function span(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? ['s', 1_000]
  return `${Math.max(0, Math.floor(ms / size))}${unit}`
}

/** `2m ago`, `just now`; `in 25s` for what is still to come. */
export function relative(at: Instant, now: Instant): string {
  const ms = now - at
  if (ms >= 1_000) return `${span(ms)} ago`
  return ms > -1_000 ? 'just now' : `in ${span(-ms)}`
}

/** ISO 8601, UTC: `2025-10-04T15:33:44.000Z`. */
export function iso(at: Instant): string {
  return new Date(at).toISOString()
}

/** Time of day, UTC: `15:33:44`. */
export function timeOfDay(at: Instant): string {
  return iso(at).slice(11, 19)
}
