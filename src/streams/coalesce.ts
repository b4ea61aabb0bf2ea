import { from, type Observable, type ObservableInput, Observable as Stream, type Subscription } from 'rxjs'

/**
 * Runs `work` for a trigger, one run at a time. All triggers that arrive during a run mean exactly one more run after it: none is
 * lost, none piles up. Completes when the source has and no run is under way; an error of a run or of the source is passed on.
 *
 * ```
 * trigger  a-bcd---------e
 * run of 5 -----a----d--------e
 * ```
 */
export function coalesced<Trigger, Result>(
  triggers$: Observable<Trigger>,
  work: (trigger: Trigger) => ObservableInput<Result>,
): Observable<Result> {
  return new Stream<Result>((listener) => {
    let run: Subscription | null = null
    let waiting: { readonly trigger: Trigger } | null = null
    let over = false
    const start = (trigger: Trigger): void => {
      let finished = false
      const subscription = from(work(trigger)).subscribe({
        next: (result) => listener.next(result),
        error: (error: unknown) => listener.error(error),
        complete: () => {
          finished = true
          run = null
          if (waiting !== null) {
            const next = waiting
            waiting = null
            start(next.trigger)
          } else if (over) listener.complete()
        },
      })
      if (!finished) run = subscription
    }
    const source = triggers$.subscribe({
      next: (trigger) => {
        if (run === null) start(trigger)
        else waiting = { trigger }
      },
      error: (error: unknown) => listener.error(error),
      complete: () => {
        over = true
        if (run === null) listener.complete()
      },
    })
    return () => {
      source.unsubscribe()
      run?.unsubscribe()
    }
  })
}
