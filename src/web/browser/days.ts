/** Days as the viewer's calendar has them. */
import { useSyncExternalStore } from 'react'
import type { Instant } from '../../core/vocabulary.ts'
import { ticking } from './clock.ts'

const MINUTE_MS = 60_000

/** The viewer's midnight of the day of `at`, and those of the days after: `count + 1` moments. Days of a changed clock are longer or shorter. */
export function midnights(at: Instant, count: number): readonly Instant[] {
  const day = new Date(at)
  return Array.from({ length: count + 1 }, (_, ahead) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead).getTime(),
  )
}

/** The viewer's last midnight; another one only when a day is over. */
export function useToday(): Instant {
  return useSyncExternalStore(ticking.subscribe, () => midnights(ticking.get(), 0)[0] ?? 0)
}

/** The present minute. */
export function useMinute(): Instant {
  return useSyncExternalStore(ticking.subscribe, () => Math.floor(ticking.get() / MINUTE_MS) * MINUTE_MS)
}
