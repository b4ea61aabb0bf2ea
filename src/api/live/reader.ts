import type { ServerResponse } from 'node:http'

/**
 * One page that watches. Nothing is queued for it: while it does not read, its position stays, and it gets the difference once it reads
 * again. So a reader that never reads costs one socket buffer.
 */
export class LiveReader {
  readonly #response: ServerResponse
  /** The newest position it was told; null when it must get everything. */
  position: string | null

  constructor(response: ServerResponse, position: string | null) {
    this.#response = response
    this.position = position
  }

  get isBehind(): boolean {
    return this.#response.writableNeedDrain || this.#response.destroyed
  }

  write(text: string): void {
    this.#response.write(text)
  }

  end(): void {
    this.#response.end()
  }
}
