/** Keeps what was used last, up to a total cost. A value that costs more than everything is not kept. */
export class Lru<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly cost: number }>()
  readonly #costMax: number
  #cost = 0

  constructor(costMax: number) {
    this.#costMax = costMax
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: Value, cost: number): void {
    const before = this.#entries.get(key)
    if (before !== undefined) this.#cost -= before.cost
    this.#entries.delete(key)
    if (cost > this.#costMax) return
    this.#entries.set(key, { value, cost })
    this.#cost += cost
    for (const [oldest, entry] of this.#entries) {
      if (this.#cost <= this.#costMax) return
      this.#entries.delete(oldest)
      this.#cost -= entry.cost
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#cost -= entry.cost
  }

  clear(): void {
    this.#entries.clear()
    this.#cost = 0
  }
}
