import type { Clock } from '../../../ports/clock.ts'

/** So long after a deployment, in ms, its old releases go: reading back what was written comes first, and a disk does one or the other. */
const AFTER_MS = 100

/** Work behind an answer that nobody waits for, unless something is to be written beside it. */
export class Tidying {
  readonly #clock: Clock
  #hurry = new AbortController()
  #done: Promise<void> = Promise.resolve()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Does it after a pause. `work` must not reject. */
  later(work: () => Promise<void>): void {
    const hurry = new AbortController()
    this.#hurry = hurry
    this.#done = this.#clock.sleep(AFTER_MS, hurry.signal).then(work, work)
  }

  /** Resolves when nothing is left to do: what still waits is done at once. */
  async now(): Promise<void> {
    this.#hurry.abort()
    await this.#done
  }
}
