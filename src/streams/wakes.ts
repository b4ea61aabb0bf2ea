import { defer, EMPTY, filter, map, type Observable, repeat, switchMap, takeWhile, timer } from 'rxjs'
import type { Instant } from '../core/vocabulary.ts'
import type { Clock } from '../ports/clock.ts'

/** A wall clock may be set while we sleep, and timers over 24.8 days fire at once: no nap is longer than this, in ms. */
const NAP_MAX_MS = 60_000

/**
 * Turns deadlines into wake-ups. Each value replaces the one before; null means that nothing is due. Emits the deadline once the wall
 * clock has reached it.
 */
export function wakes$(wakeAt$: Observable<Instant | null>, clock: Clock): Observable<Instant> {
  return wakeAt$.pipe(switchMap((at) => (at === null ? EMPTY : reached$(at, clock))))
}

function reached$(at: Instant, clock: Clock): Observable<Instant> {
  return defer(() => timer(Math.min(Math.max(at - clock.now(), 0), NAP_MAX_MS), clock.scheduler)).pipe(
    map(() => clock.now() >= at),
    repeat(),
    takeWhile((isReached) => !isReached, true),
    filter((isReached) => isReached),
    map(() => at),
  )
}
