import type { Digest } from '../../core/vocabulary.ts'

const CAPACITY_FIRST = 1_024
/** Characters of a digest that fit a number exactly: 13 × 4 bits. */
const PREFIX = 13

/**
 * Digests in 16 bytes each or so, where a set of texts takes ten times that. It may take one digest for another (once in about 10¹⁵
 * questions): use it only where a wrong yes is harmless.
 */
export class DigestSet {
  #slots = new Float64Array(CAPACITY_FIRST)
  #size = 0

  add(digest: Digest): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    if (put(this.#slots, numberOf(digest))) this.#size += 1
  }

  has(digest: Digest): boolean {
    const number = numberOf(digest)
    return this.#slots[slotOf(this.#slots, number)] === number
  }

  #grow(): void {
    const slots = new Float64Array(this.#slots.length * 2)
    for (const number of this.#slots) if (number !== 0) put(slots, number)
    this.#slots = slots
  }
}

/** Never 0, which marks a free slot. */
function numberOf(digest: Digest): number {
  return Number.parseInt(digest.slice(0, PREFIX), 16) + 1
}

/** Where the number stands, or would. Digests are as good as random: their low bits spread them well. */
function slotOf(slots: Float64Array, number: number): number {
  let slot = number % slots.length
  while (slots[slot] !== 0 && slots[slot] !== number) slot = (slot + 1) % slots.length
  return slot
}

function put(slots: Float64Array, number: number): boolean {
  const slot = slotOf(slots, number)
  if (slots[slot] === number) return false
  slots[slot] = number
  return true
}
