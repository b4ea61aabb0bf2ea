export type Item = Readonly<Record<string, unknown>>

export const COLLECTIONS = ['folders', 'datasources', 'services', 'layers'] as const
export type Collection = (typeof COLLECTIONS)[number]

/** What a server of generation A holds. Ids are compared without regard to case. */
export class StateOfA {
  /** Changes made so far, by anybody. */
  writes = 0
  readonly #items = new Map<string, Item>()

  all(collection: Collection): readonly Item[] {
    return [...this.#items].filter(([key]) => key.startsWith(`${collection}/`)).map(([, item]) => item)
  }

  get(collection: Collection, id: string): Item | undefined {
    return this.#items.get(keyOf(collection, id))
  }

  put(collection: Collection, item: Item): void {
    this.#items.set(keyOf(collection, String(item['id'])), item)
    this.writes += 1
  }

  remove(collection: Collection, id: string): void {
    this.#items.delete(keyOf(collection, id))
    this.writes += 1
  }

  /** Everything, as text. */
  text(): string {
    return JSON.stringify([this.writes, [...this.#items].sort(([a], [b]) => (a < b ? -1 : 1))])
  }
}

function keyOf(collection: Collection, id: string): string {
  return `${collection}/${id.toLowerCase()}`
}
