const MIX = 0x9e3779b9

/** A small generator of even quality (sfc32): the same seed gives the same numbers for ever. Never for secrets. */
export class Prng {
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0
    this.#b = Math.floor(seed / 2 ** 32) | 0
    this.#c = stream | 0
    for (let turn = 0; turn < 15; turn += 1) this.next()
  }

  /** In [0, 1). */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }

  /** A whole number of `from` … `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** A pause before something that happens once in `mean` on average. */
  pause(mean: number): number {
    return Math.ceil(-Math.log(1 - this.next()) * mean)
  }

  /** Another generator that depends on this seed and `name` alone, so that drawing more here changes nothing there. */
  static named(seed: number, name: string): Prng {
    let hash = MIX
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
    return new Prng(seed, hash)
  }
}
