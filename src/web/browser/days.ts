import { useSyncExternalStore } from 'react'
import type { Instant } from '../../core/vocabulary.ts'
import { midnights } from './calendar.ts'
import { ticking } from './clock.ts'

const MINUTE_MS = 60_000

/** The viewer's last midnight; another one only when a day is over. */
export function useToday(): Instant {
  return useSyncExternalStore(ticking.subscribe, () => midnights(ticking.get(), 0)[0] ?? 0)
}

/** The present minute. */
export function useMinute(): Instant {
  return useSyncExternalStore(ticking.subscribe, () => Math.floor(ticking.get() / MINUTE_MS) * MINUTE_MS)
}
