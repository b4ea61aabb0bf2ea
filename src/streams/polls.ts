import { defer, EMPTY, merge, type Observable, Subject, switchMap, tap, timer } from 'rxjs'
import type { Clock } from '../ports/clock.ts'
import { coalesced } from './coalesce.ts'

/** How often the remote is asked. */
export interface PollPace {
  /** False: only triggers lead to a poll. */
  readonly enabled: boolean
  readonly intervalMs: number
  /** Failures in a row double the pause up to this, in ms. */
  readonly maxBackoffMs: number
}

export interface PollResult {
  readonly ok: boolean
}

/** What a poll tells: its result, and when the next one is due (null: only a trigger brings one). */
export interface Polled<Result> {
  readonly result: Result
  readonly nextAt: number | null
}

/** Share of the interval by which each pause differs by chance, so that many controllers do not ask at the same moment. */
const JITTER = 0.1

/**
 * Polls at once, then by the pace, ±10 %; while polls fail the pause doubles. A trigger polls at once; triggers during a poll mean
 * exactly one more. `poll` must not fail: failures are results. Never completes.
 */
export function polls$<Result extends PollResult>(parts: {
  readonly clock: Clock
  readonly pace: PollPace
  readonly trigger$: Observable<unknown>
  readonly poll: () => Promise<Result>
}): Observable<Polled<Result>> {
  const { clock, pace, trigger$, poll } = parts
  return defer(() => {
    const due$ = new Subject<null>()
    let failures = 0
    const results$ = coalesced(merge(trigger$, due$, timer(0, clock.scheduler)), async () => {
      const result = await poll()
      failures = result.ok ? 0 : failures + 1
      const pauseMs = pauseAfter(pace, failures, clock.random())
      return { result, pauseMs, nextAt: pace.enabled ? clock.now() + pauseMs : null }
    })
    const told$ = new Subject<Polled<Result>>()
    const again$ = results$.pipe(
      tap(({ result, nextAt }) => told$.next({ result, nextAt })),
      switchMap(({ pauseMs, nextAt }) => (nextAt === null ? EMPTY : timer(pauseMs, clock.scheduler))),
      tap(() => due$.next(null)),
      switchMap(() => EMPTY),
    )
    return merge(told$, again$)
  })
}

/** Pause before the next poll, in ms, after `failures` failures in a row; `random` in [0, 1). */
export function pauseAfter(pace: PollPace, failures: number, random: number): number {
  const backedOff = Math.min(
    pace.intervalMs * 2 ** Math.min(failures, 20),
    Math.max(pace.maxBackoffMs, pace.intervalMs),
  )
  return Math.round(backedOff * (1 + JITTER * (2 * random - 1)))
}
