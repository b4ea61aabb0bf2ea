import { exhaustMap, type Observable, timer } from 'rxjs'
import type { Clock } from '../ports/clock.ts'

/** Runs `round` every so often, the first time after one pause; a round that takes longer than that delays the next. It must not fail. */
export function rounds$<Result>(clock: Clock, everyMs: number, round: () => Promise<Result>): Observable<Result> {
  return timer(everyMs, everyMs, clock.scheduler).pipe(exhaustMap(round))
}
