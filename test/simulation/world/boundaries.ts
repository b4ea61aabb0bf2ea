import { type Life, never } from './life.ts'

/**
 * The places where a run of the controller may end suddenly: before and after each write to the disk, before and after what is sent
 * to a target lands. They are counted, so that a crash can be put at exactly one of them.
 */
export class Boundaries {
  #passed = 0
  readonly #crash: (place: string) => void
  /** Crashes at these places, counted from the beginning of the simulation. */
  readonly #planned: Set<number>
  /** Crashes when so many more were passed. */
  #armed: number | null = null

  constructor(planned: readonly number[], crash: (place: string) => void) {
    this.#planned = new Set(planned)
    this.#crash = crash
  }

  get passed(): number {
    return this.#passed
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
    this.#passed += 1
    if (this.#armed !== null) this.#armed -= 1
    if (this.#armed !== 0 && !this.#planned.has(this.#passed)) return
    if (this.#armed === 0) this.#armed = null
    this.#crash(place)
  }
}
