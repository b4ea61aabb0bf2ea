import type { ServerResponse } from 'node:http'

/**
 * One page that watches. Nothing is queued for it: while it does not read, its position stays, and it gets the difference once it reads
 * again. So a reader that never reads costs one socket buffer.
 */
export class LiveReader {
  readonly #response: ServerResponse
  readonly #isAllowed: () => Promise<boolean>
  /** The newest position it was told; null when it must get everything. */
  position: string | null

  constructor(
    response: ServerResponse,
    asked: { readonly position: string | null; readonly isAllowed: () => Promise<boolean> },
  ) {
    this.#response = response
    this.#isAllowed = asked.isAllowed
    this.position = asked.position
  }

  get isBehind(): boolean {
    return this.#response.writableNeedDrain || this.#response.destroyed
  }

  write(text: string): void {
    this.#response.write(text)
  }

  /** Hangs up when the one who watches may no longer. */
  async check(): Promise<void> {
    if (!(await this.#isAllowed())) this.#response.destroy()
  }

  end(): void {
    this.#response.end()
  }
}
