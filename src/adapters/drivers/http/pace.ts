import type { Clock } from '../../../ports/clock.ts'

/** Lets requests start one after the other, so many a second; the first at once. */
export class Pace {
  readonly #clock: Clock
  readonly #everyMs: number
  #next = 0

  /** `perSecond` absent: no limit. */
  constructor(perSecond: number | undefined, clock: Clock) {
    this.#clock = clock
    this.#everyMs = perSecond === undefined ? 0 : 1000 / perSecond
  }

  /** Resolves when a request may start; rejects with the signal's reason when aborted first. */
  async turn(signal: AbortSignal): Promise<void> {
    if (this.#everyMs === 0) return
    const now = this.#clock.now()
    const start = Math.max(now, this.#next)
    this.#next = start + this.#everyMs
    if (start > now) await this.#clock.sleep(start - now, signal)
  }
}
