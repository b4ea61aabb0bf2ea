import { type PromiseId, promises } from './promises.ts'

/** A promise that was not kept. `at` is in elapsed ms. */
export interface Broken {
  readonly promise: PromiseId
  readonly message: string
  readonly at: number
}

/** Keeps count of what was examined, and the first promise that was broken. */
export class Judge {
  readonly examined = new Map<PromiseId, number>(Object.keys(promises).map((id) => [id as PromiseId, 0]))
  readonly #elapsed: () => number
  #broken: Broken | null = null

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  get broken(): Broken | null {
    return this.#broken
  }

  /** Says that a promise was examined and kept, or not: then `message` tells how. */
  examine(promise: PromiseId, isKept: boolean, message: () => string): void {
    this.examined.set(promise, (this.examined.get(promise) ?? 0) + 1)
    if (!isKept) this.#broken ??= { promise, message: message(), at: this.#elapsed() }
  }

  /** What must not happen at all. */
  breaks(promise: PromiseId, message: string): void {
    this.examine(promise, false, () => message)
  }
}
