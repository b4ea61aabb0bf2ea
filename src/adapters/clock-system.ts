import { randomBytes, randomInt } from 'node:crypto'
import { asyncScheduler } from 'rxjs'
import type { Clock } from '../ports/clock.ts'

/** Node fires timers over 24.8 days at once; longer sleeps are made of naps of this length, in ms. */
const NAP_MAX_MS = 2 ** 31 - 1

/** The machine's own time and chance. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    random: () => randomInt(2 ** 47) / 2 ** 47,
    id: () => randomBytes(16).toString('hex'),
    scheduler: asyncScheduler,
    async sleep(ms, signal) {
      for (let left = ms; left > 0; left -= NAP_MAX_MS) await nap(Math.min(left, NAP_MAX_MS), signal)
      signal?.throwIfAborted()
    },
  }
}

function nap(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
