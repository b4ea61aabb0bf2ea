import type { Clock } from '../../ports/clock.ts'

/** Pause between two checks of who may still be answered, in ms: within 5 s (THREATS A2 43). */
const CHECK_MS = 3_000

/** A response, or whatever else stays open and can be hung up on. */
interface Open {
  once(event: 'close', done: () => void): unknown
  destroy(): unknown
}

/** Answers that are under way. Hangs up when the one who asked may no longer: signed out, or the token taken away. */
export class OpenResponses {
  readonly #clock: Clock
  readonly #open = new Map<Open, () => Promise<boolean>>()
  readonly #stop = new AbortController()

  constructor(clock: Clock) {
    this.#clock = clock
    void this.#watch()
  }

  add(response: Open, isAllowed: () => Promise<boolean>): void {
    this.#open.set(response, isAllowed)
    response.once('close', () => this.#open.delete(response))
  }

  close(): void {
    this.#stop.abort()
  }

  async #watch(): Promise<void> {
    for (;;) {
      const isOver = await this.#clock.sleep(CHECK_MS, this.#stop.signal).then(
        () => false,
        () => true,
      )
      if (isOver) return
      await Promise.all([...this.#open].map(([response, isAllowed]) => check(response, isAllowed)))
    }
  }
}

/** Where it cannot be told whether somebody may, nobody may. */
async function check(response: Open, isAllowed: () => Promise<boolean>): Promise<void> {
  const isStillAllowed = await isAllowed().catch(() => false)
  if (!isStillAllowed) response.destroy()
}
