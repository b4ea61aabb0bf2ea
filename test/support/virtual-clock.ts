import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs'
import type { Clock } from '../../src/ports/clock.ts'

/** A clock whose time moves only when a test says so. Timers of one moment run in the order in which they were set. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass: everything due runs at its own time, and what it starts is waited for. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock without letting time pass, as an administrator would. */
  jump(ms: number): void
  /** Timers that are set. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Starts at 2026-01-05 08:00 UTC, a Monday. `seed` makes `random`. */
export function virtualClock(start = Date.UTC(2026, 0, 5, 8), seed = 1): VirtualClock {
  let elapsed = 0
  let offset = start
  let orders = 0
  let ids = 0
  let state = seed
  const timers = new Set<Timer>()

  const set = (ms: number, run: () => void): (() => void) => {
    orders += 1
    const timer = { at: elapsed + Math.max(0, ms), order: orders, run }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const next = (until: number): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers)
      if (
        timer.at <= until &&
        (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
      )
        first = timer
    return first
  }
  const scheduler: SchedulerLike = {
    now: () => elapsed + offset,
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, value?: T): Subscription {
      const subscription = new Subscription()
      const action: SchedulerAction<T> = Object.assign(subscription, {
        schedule: (again?: T, pause = 0): Subscription => {
          const cancel = set(pause, () => {
            if (!action.closed) work.call(action, again)
          })
          action.add(cancel)
          return action
        },
      })
      return action.schedule(value, delay)
    },
  }
  return {
    now: () => elapsed + offset,
    random() {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648
    },
    id() {
      ids += 1
      return ids.toString(16).padStart(32, '0')
    },
    scheduler,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const cancel = set(ms, resolve)
        signal?.addEventListener(
          'abort',
          () => {
            cancel()
            reject(signal.reason)
          },
          { once: true },
        )
      }),
    async advance(ms) {
      const until = elapsed + ms
      await settle()
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer)
        elapsed = Math.max(elapsed, timer.at)
        timer.run()
        await settle()
      }
      elapsed = until
    },
    jump(ms) {
      offset += ms
    },
    get pending() {
      return timers.size
    },
  }
}

/** Lets promises that are already resolvable run; long chains take several turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
