import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  map,
  mergeMap,
  type Observable,
  of,
  repeat,
  switchMap,
  takeWhile,
  timer,
} from 'rxjs'
import type { EnvironmentFact } from '../../machines/environment/types.ts'
import type { Instant } from '../core/vocabulary.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** A wall clock may be set while we sleep, and timers over 24.8 days fire at once: no nap is longer than this, in ms. */
const NAP_MAX_MS = 60_000

/** Why something is woken: its deadline has come, or the wall clock was set back, and no deadline set before says anything. */
export type Wake = 'due' | 'clock-set-back'

/**
 * Turns deadlines into wake-ups. Each value replaces the one before; null means that nothing is due. Emits once the wall clock has
 * reached the deadline, and whenever it was set back meanwhile.
 */
export function wakes$(wakeAt$: Observable<Instant | null>, clock: Clock): Observable<Wake> {
  return defer(() => {
    const setBack = setBackOn(clock)
    return wakeAt$.pipe(
      switchMap((at) => {
        // The deadline may be from before the clock was set back.
        const before$ = setBack() ? of<Wake>('clock-set-back') : EMPTY
        return at === null ? before$ : concat(before$, reached$(at, clock, setBack))
      }),
    )
  })
}

function reached$(at: Instant, clock: Clock, setBack: () => boolean): Observable<Wake> {
  return defer(() => timer(Math.min(Math.max(at - clock.now(), 0), NAP_MAX_MS), clock.scheduler)).pipe(
    map((): Wake | null => {
      const isSetBack = setBack()
      return clock.now() >= at ? 'due' : isSetBack ? 'clock-set-back' : null
    }),
    repeat(),
    takeWhile((wake) => wake !== 'due', true),
    filter((wake) => wake !== null),
  )
}

/** Tells, each time it is asked, whether the wall clock is earlier than when it was asked before. */
function setBackOn(clock: Clock): () => boolean {
  let before = clock.now()
  return () => {
    const now = clock.now()
    const isSetBack = now < before
    before = now
    return isSetBack
  }
}

/** An environment, as far as waking it goes. */
export interface Sleeper {
  readonly name: string
  readonly wakeAt$: Observable<Instant | null>
  readonly actor: { send(fact: EnvironmentFact): Promise<unknown> }
}

/**
 * Wakes every environment when its time has come. After the wall clock was set back it looks anew: what it waits for may lie days
 * ahead. One that takes no more events keeps nobody else from being woken.
 */
export function alarms$(hosts$: Observable<Sleeper>, clock: Clock, log: Log): Observable<unknown> {
  return hosts$.pipe(
    mergeMap((host) =>
      wakes$(host.wakeAt$, clock).pipe(
        mergeMap((wake) => host.actor.send(factOf(wake))),
        catchError((error: unknown) => {
          log.error({ environment: host.name, error: String(error) }, 'this environment is no longer woken')
          return EMPTY
        }),
      ),
    ),
  )
}

function factOf(wake: Wake): EnvironmentFact {
  return wake === 'due'
    ? { type: 'timer.fired' }
    : { type: 'look.requested', by: { name: 'controller', how: 'controller' } }
}
