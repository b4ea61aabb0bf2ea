import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs'
import type { Clock } from '../../src/ports/clock.ts'
import { TimerHeap } from './timer-heap.ts'

/** A clock whose time moves only when a test says so. Timers of one moment run in the order in which they were set. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass: everything due runs at its own time, and what it starts is waited for. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock without letting time pass, as an administrator would. */
  jump(ms: number): void
  /** Timers that are set. */
  readonly pending: number
}

/** Starts at 2026-01-05 08:00 UTC, a Monday. `seed` makes `random`. `sleep` and `scheduler` share one queue. */
export function virtualClock(start = Date.UTC(2026, 0, 5, 8), seed = 1): VirtualClock {
  let elapsed = 0
  let offset = start
  let ids = 0
  let state = seed
  const timers = new TimerHeap()
  const now = () => elapsed + offset
  const set = (ms: number, run: () => void) => timers.set(elapsed + Math.max(0, ms), run)
  return {
    now,
    random() {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648
    },
    id() {
      ids += 1
      return ids.toString(16).padStart(32, '0')
    },
    scheduler: schedulerOn(now, set),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const stop = () => {
          cancel()
          reject(signal?.reason)
        }
        const cancel = set(ms, () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        })
        signal?.addEventListener('abort', stop, { once: true })
      }),
    async advance(ms) {
      const until = elapsed + ms
      await settle()
      for (let timer = timers.take(until); timer !== undefined; timer = timers.take(until)) {
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

/** An rxjs scheduler: an action that schedules itself again replaces what it had pending, as rxjs's own do. */
export function schedulerOn(now: () => number, set: (ms: number, run: () => void) => () => void): SchedulerLike {
  return {
    now,
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, value?: T): Subscription {
      let cancel: () => void = () => undefined
      const action: SchedulerAction<T> = Object.assign(new Subscription(() => cancel()), {
        schedule: (again?: T, pause = 0): Subscription => {
          cancel()
          if (!action.closed) cancel = set(pause, () => work.call(action, again))
          return action
        },
      })
      return action.schedule(value, delay)
    },
  }
}

/** Lets promises that are already resolvable run; long chains take several turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
