/** The browser's time, set right by what the controller says the time is. The only place of the pages that reads a clock. */
import type { Instant } from '../../core/vocabulary.ts'

const TICK_MS = 1_000
const listeners = new Set<() => void>()
let aheadMs = 0
let shown = Date.now()
let timer: ReturnType<typeof setInterval> | null = null

/** The controller's time. */
export function now(): Instant {
  return Date.now() - aheadMs
}

/** Takes the controller's time as the right one. */
export function setClock(controllerNow: Instant): void {
  aheadMs = Date.now() - controllerNow
}

/** For useSyncExternalStore: a time that moves once a second while somebody looks at it. */
export const ticking = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    timer ??= setInterval(() => {
      shown = now()
      for (const one of listeners) one()
    }, TICK_MS)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0 || timer === null) return
      clearInterval(timer)
      timer = null
    }
  },
  get: (): Instant => shown,
}

/** Runs once after `ms`; the answer calls it off. */
export function after(ms: number, run: () => void): () => void {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}
