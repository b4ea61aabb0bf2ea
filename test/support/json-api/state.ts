/** What the stand-in holds: items in collections, each with a version. */
import type { JsonObject } from '../../../src/core/json.ts'

export interface Stored {
  readonly item: JsonObject
  readonly version: number
}

/** Items by the path of their collection (`workspaces`, `workspaces/topp/styles`) and their name. */
export class JsonApiState {
  readonly #collections = new Map<string, Map<string, Stored>>()
  #writes = 0

  list(collection: string): readonly (readonly [string, Stored])[] {
    return [...(this.#collections.get(collection) ?? [])]
  }

  get(collection: string, name: string): Stored | undefined {
    return this.#collections.get(collection)?.get(name)
  }

  put(collection: string, name: string, item: JsonObject): Stored {
    const items = this.#collections.get(collection) ?? new Map<string, Stored>()
    this.#collections.set(collection, items)
    this.#writes += 1
    const stored = { item, version: this.#writes }
    items.set(name, stored)
    return stored
  }

  remove(collection: string, name: string): void {
    this.#writes += 1
    this.#collections.get(collection)?.delete(name)
  }

  /** Everything held, and how often it was written. */
  text(): string {
    const items = [...this.#collections].flatMap(([collection, all]) =>
      [...all].map(([name, { item, version }]) => `${collection}/${name} ${version} ${JSON.stringify(item)}`),
    )
    return [`writes ${this.#writes}`, ...items.sort()].join('\n')
  }
}
