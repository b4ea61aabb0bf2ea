import { type Life, never } from './life.ts'

/** A place that was passed. */
export interface Place {
  readonly place: string
  readonly at: number
}

/**
 * The places where a run of the controller may end suddenly: before and after each write to the disk, before and after what is sent
 * to a target lands. They are counted, so that a crash can be put at exactly one of them.
 */
export class Boundaries {
  /** Those that were passed, with the moment (elapsed ms). */
  readonly places: Place[] = []
  readonly #crash: (place: string) => void
  readonly #elapsed: () => number
  /** Crashes at these places, counted from the beginning of the simulation. */
  readonly #planned: Set<number>
  /** Crashes when so many more were passed. */
  #armed: number | null = null

  constructor(parts: {
    readonly planned: readonly number[]
    readonly elapsed: () => number
    readonly crash: (place: string) => void
  }) {
    this.#planned = new Set(parts.planned)
    this.#elapsed = parts.elapsed
    this.#crash = parts.crash
  }

  /** Crashes at the n-th place from now on; 1 is the next. */
  arm(n: number): void {
    this.#armed = n
  }

  disarm(): void {
    this.#armed = null
    this.#planned.clear()
  }

  /** Call with a word for the place; resolves when the run goes on, and never when it is over. */
  async pass(place: string, life: Life): Promise<void> {
    if (life.isAlive) this.#count(place)
    if (!life.isAlive) await never()
  }

  #count(place: string): void {
    this.places.push({ place, at: this.#elapsed() })
    if (this.#armed !== null) this.#armed -= 1
    if (this.#armed !== 0 && !this.#planned.has(this.places.length)) return
    if (this.#armed === 0) this.#armed = null
    this.#crash(place)
  }
}
