/** Hex digits of an entry's hash that take part: enough that two histories of equal length are told apart. */
const MARK_DIGITS = 8

/**
 * Where the journals stand, all of them, as one short text: the sum of their newest sequences, which grows by one with each commit, and
 * the exclusive-or of their newest hashes, which depends on the streams' heads alone and not on the order in which they got there. So the
 * same position is told after a restart, and another one after the data was exchanged.
 */
export class Position {
  readonly #heads = new Map<string, { readonly sequence: number; readonly mark: number }>()
  #total = 0
  #mix = 0

  /** Notes a stream's newest entry; one that is not newer than the one known changes nothing. */
  move(stream: string, sequence: number, hash: string): void {
    const known = this.#heads.get(stream) ?? { sequence: 0, mark: 0 }
    if (sequence <= known.sequence) return
    const mark = Number.parseInt(hash.slice(0, MARK_DIGITS), 16)
    this.#heads.set(stream, { sequence, mark })
    this.#total += sequence - known.sequence
    this.#mix = (this.#mix ^ known.mark ^ mark) >>> 0
  }

  toString(): string {
    return `${this.#total}-${this.#mix.toString(16).padStart(MARK_DIGITS, '0')}`
  }
}
