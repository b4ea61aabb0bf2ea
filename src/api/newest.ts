/** A list that keeps the newest: when it grows beyond its bounds, the oldest go and are counted. */
export class Newest<Item extends { readonly text: string }> {
  readonly #countMax: number
  readonly #charactersMax: number
  #items: Item[] = []
  #characters = 0
  #dropped = 0

  constructor(bounds: { readonly countMax: number; readonly charactersMax: number }) {
    this.#countMax = bounds.countMax
    this.#charactersMax = bounds.charactersMax
  }

  get items(): readonly Item[] {
    return this.#items
  }

  push(item: Item): void {
    this.#items.push(item)
    this.#characters += item.text.length
    while (this.#items.length > this.#countMax || (this.#characters > this.#charactersMax && this.#items.length > 1)) {
      this.#characters -= this.#items.shift()?.text.length ?? 0
      this.#dropped += 1
    }
  }

  /** Takes everything out, with how many were dropped since the last time. */
  take(): { readonly items: readonly Item[]; readonly dropped: number } {
    const taken = { items: this.#items, dropped: this.#dropped }
    this.#items = []
    this.#characters = 0
    this.#dropped = 0
    return taken
  }
}
