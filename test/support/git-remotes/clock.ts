import { asyncScheduler } from 'rxjs'
import type { Clock } from '../../../src/ports/clock.ts'

/** A clock whose time passes only when the test says so. */
export interface HandClock extends Clock {
  /** Lets `ms` pass and ends the sleeps that are over. */
  elapse(ms: number): void
}

export function handClock(): HandClock {
  let now = 1_760_000_000_000
  let ids = 0
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  return {
    now: () => now,
    random: () => 0.5,
    id: () => String(++ids).padStart(32, '0'),
    scheduler: asyncScheduler,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    elapse(ms) {
      now += ms
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    },
  }
}
