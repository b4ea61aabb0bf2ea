import type { Position } from './problems.ts'

/** Turns offsets of one text into lines and columns. Counts on from the last offset asked, so that ascending offsets cost one pass. */
export class Lines {
  readonly #text: string
  #offset = 0
  #line = 1
  #lineStart = 0

  constructor(text: string) {
    this.#text = text
  }

  at(offset: number): Position {
    if (offset < this.#offset) this.#rewind()
    let next = this.#text.indexOf('\n', this.#offset)
    while (next !== -1 && next < offset) {
      this.#line += 1
      this.#lineStart = next + 1
      next = this.#text.indexOf('\n', next + 1)
    }
    this.#offset = Math.max(this.#lineStart, Math.min(offset, this.#text.length))
    return { line: this.#line, column: Math.max(offset, this.#lineStart) - this.#lineStart + 1 }
  }

  #rewind(): void {
    this.#offset = 0
    this.#line = 1
    this.#lineStart = 0
  }
}
