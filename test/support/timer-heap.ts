export interface Timer {
  readonly at: number
  readonly run: () => void
}

interface Entry extends Timer {
  readonly order: number
}

/** Timers by moment, then by the order in which they were set: a binary heap, because sorting at every timer is 200 times slower. */
export class TimerHeap {
  readonly #heap: Entry[] = []
  /** Cancelled ones stay in the heap until their turn comes, or until they are the greater part of it. */
  readonly #live = new Set<Entry>()
  #orders = 0

  /** How many are set and neither taken nor cancelled. */
  get size(): number {
    return this.#live.size
  }

  /** Returns how to cancel it; cancelling twice, or after it was taken, does nothing. */
  set(at: number, run: () => void): () => void {
    this.#orders += 1
    const entry = { at, run, order: this.#orders }
    this.#live.add(entry)
    this.#push(entry)
    return () => {
      if (this.#live.delete(entry) && this.#heap.length > 2 * this.#live.size + 64) this.#compact()
    }
  }

  /** Removes and returns the first timer that is due at `until`; undefined when none is. */
  take(until: number): Timer | undefined {
    for (let first = this.#heap[0]; first !== undefined && first.at <= until; first = this.#heap[0]) {
      this.#pop()
      if (this.#live.delete(first)) return first
    }
    return undefined
  }

  #compact(): void {
    this.#heap.length = 0
    for (const entry of this.#live) this.#push(entry)
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(entry, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      const isRight = left !== undefined && right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (child === undefined || !isBefore(child, last)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = last
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
