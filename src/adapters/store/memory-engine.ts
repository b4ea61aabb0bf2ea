import { storeErrors } from '../../core/errors/store.ts'
import type { StoreHealth } from '../../ports/store.ts'
import type { Engine, Operation, Pair } from './engine.ts'
import { compareKeys, type KeyRange } from './keys.ts'

const PAGE_PAIRS = 1_000

/** The same ordered map in memory. `pairs` survives a `close`, so that a test can open it again as a restart would. */
export class MemoryEngine implements Engine {
  readonly #pairs: Map<string, string>
  readonly #sorted: string[]
  #isClosed = false

  constructor(pairs: Map<string, string>) {
    this.#pairs = pairs
    this.#sorted = [...pairs.keys()].sort(compareKeys)
  }

  async get(key: string): Promise<string | undefined> {
    return this.#open().get(key)
  }

  async getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    const pairs = this.#open()
    return keys.map((key) => pairs.get(key))
  }

  async hasMany(keys: readonly string[]): Promise<readonly boolean[]> {
    const pairs = this.#open()
    return keys.map((key) => pairs.has(key))
  }

  async *pages({ gte, lt, reverse = false, limit = -1 }: KeyRange): AsyncIterable<readonly Pair[]> {
    const pairs = this.#open()
    const keys = this.#sorted.slice(this.#position(gte), this.#position(lt))
    if (reverse) keys.reverse()
    const wanted = limit < 0 ? keys : keys.slice(0, limit)
    const found = wanted.map((key): Pair => [key, pairs.get(key) ?? ''])
    for (let from = 0; from < found.length; from += PAGE_PAIRS) yield found.slice(from, from + PAGE_PAIRS)
  }

  async keys({ gte, lt }: KeyRange, limit: number): Promise<readonly string[]> {
    this.#open()
    const from = this.#position(gte)
    return this.#sorted.slice(from, Math.min(from + limit, this.#position(lt)))
  }

  async write(operations: readonly Operation[]): Promise<void> {
    for (const operation of operations)
      if (operation.type === 'put') this.#put(operation.key, operation.value)
      else this.#delete(operation.key)
  }

  turn(): Promise<void> {
    return Promise.resolve()
  }

  health(): StoreHealth {
    return { state: 'ok' }
  }

  stopWaiting(): void {
    // Memory is never full: no write waits.
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  #open(): Map<string, string> {
    if (this.#isClosed) throw storeErrors.closed()
    return this.#pairs
  }

  #put(key: string, value: string): void {
    const pairs = this.#open()
    if (!pairs.has(key)) this.#sorted.splice(this.#position(key), 0, key)
    pairs.set(key, value)
  }

  #delete(key: string): void {
    if (this.#open().delete(key)) this.#sorted.splice(this.#position(key), 1)
  }

  /** How many keys sort before this one. */
  #position(key: string): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.#sorted[middle] ?? '', key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
