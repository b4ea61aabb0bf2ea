import type { Instant } from '../../../src/core/vocabulary.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { TimerHeap } from '../../support/timer-heap.ts'
import { schedulerOn } from '../../support/virtual-clock.ts'
import type { Prng } from '../prng.ts'
import { type Life, never } from './life.ts'

/**
 * The one clock of a simulation. Time moves from timer to timer; what falls on the same millisecond happens in an order that the
 * seed chooses.
 */
export class SimTime {
  readonly #timers = new TimerHeap()
  readonly #prng: Prng
  #elapsed = 0
  #offset: number

  constructor(start: Instant, prng: Prng) {
    this.#offset = start
    this.#prng = prng
  }

  /** Milliseconds since the beginning; no jump of the wall clock changes it. */
  get elapsed(): number {
    return this.#elapsed
  }

  /** What the wall clock shows. */
  now(): Instant {
    return Math.floor(this.#elapsed) + this.#offset
  }

  /** Sets the wall clock without letting time pass. */
  jump(ms: number): void {
    this.#offset += ms
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size
  }

  /** Returns how to cancel it. */
  after(ms: number, run: () => void): () => void {
    // Less than a millisecond, lest a pause of n ms be seen to take less.
    return this.#timers.set(this.#elapsed + Math.max(0, ms) + this.#prng.next() / 2, run)
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }

  /** Runs the next timer that is due until `until` (in elapsed ms); false when there is none, and `until` has come. */
  step(until: number): boolean {
    const timer = this.#timers.take(until)
    if (timer === undefined) {
      this.#elapsed = Math.max(this.#elapsed, until)
      return false
    }
    this.#elapsed = Math.max(this.#elapsed, timer.at)
    timer.run()
    return true
  }

  /** The clock as one run of the controller has it: when that run is over, none of its timers comes any more. */
  clockOf(life: Life, prng: Prng): Clock {
    let ids = 0
    const set = (ms: number, run: () => void) =>
      this.after(ms, () => {
        if (life.isAlive) run()
      })
    const now = () => this.now()
    return {
      now,
      random: () => prng.next(),
      id() {
        ids += 1
        return `${life.number.toString(16)}-${ids.toString(16)}`.padStart(32, '0')
      },
      scheduler: schedulerOn(now, set),
      sleep: (ms, signal) =>
        life.isAlive
          ? new Promise((resolve, reject) => {
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
            })
          : never(),
    }
  }
}

/** Lets everything that can go on without time passing do so: promises alone, since nothing here waits for the real world. */
export function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
