/** What `git cat-file --batch-command` says of one object: null when it has none; `content` only where it was asked for. */
export interface Answer {
  readonly type: string
  readonly size: number
  readonly content: Buffer | null
}

const NEWLINE = 0x0a
/** `<id> <type> <size>`: an id of 64, the longest type and 20 digits. */
const HEADER_BYTES_MAX = 128

/**
 * Cuts the byte stream of cat-file into answers. An answer is `<id> <type> <size>\n`, followed by the bytes and `\n` where
 * contents were asked for; or `<id> missing\n`. Copies nothing until an answer is whole.
 */
export class AnswerReader {
  readonly #wantsContent: () => boolean
  readonly #onAnswer: (answer: Answer | null) => void
  #chunks: Buffer[] = []
  #bytes = 0
  #header: { readonly type: string; readonly size: number } | null = null

  constructor(wantsContent: () => boolean, onAnswer: (answer: Answer | null) => void) {
    this.#wantsContent = wantsContent
    this.#onAnswer = onAnswer
  }

  /** Throws a TypeError when the bytes are no answer. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#step());
  }

  #step(): boolean {
    const header = this.#header
    if (header !== null) {
      if (this.#bytes < header.size + 1) return false
      const whole = this.#joined()
      this.#keep(whole.subarray(header.size + 1))
      this.#header = null
      this.#onAnswer({ ...header, content: whole.subarray(0, header.size) })
      return true
    }
    if (this.#bytes === 0) return false
    const whole = this.#joined()
    const end = whole.indexOf(NEWLINE)
    if (end < 0) {
      if (whole.length > HEADER_BYTES_MAX) throw new TypeError('cat-file gave no header')
      return false
    }
    this.#keep(whole.subarray(end + 1))
    this.#take(whole.toString('latin1', 0, end))
    return true
  }

  #take(line: string): void {
    if (/^[0-9a-f]+ missing$/.test(line)) {
      this.#onAnswer(null)
      return
    }
    const [, type, digits] = /^[0-9a-f]+ ([a-z]+) (\d+)$/.exec(line) ?? []
    if (type === undefined) throw new TypeError('cat-file gave no header')
    const size = Number(digits)
    if (this.#wantsContent()) this.#header = { type, size }
    else this.#onAnswer({ type, size, content: null })
  }

  #joined(): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && this.#chunks.length === 1) return first
    const whole = Buffer.concat(this.#chunks, this.#bytes)
    this.#chunks = [whole]
    return whole
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#bytes = rest.length
  }
}
