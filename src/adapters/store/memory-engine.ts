import type { StoreHealth } from '../../ports/store.ts'
import type { Engine, Operation, Pair } from './engine.ts'
import { compareKeys, type KeyRange } from './keys.ts'

const PAGE = 1_000

/** The same ordered map in memory. `pairs` survives a `close`, so that a test can open it again as a restart would. */
export class MemoryEngine implements Engine {
  readonly #pairs: Map<string, string>

  constructor(pairs: Map<string, string>) {
    this.#pairs = pairs
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#pairs.get(key))
  }

  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.#pairs.get(key)))
  }

  hasMany(keys: readonly string[]): Promise<readonly boolean[]> {
    return Promise.resolve(keys.map((key) => this.#pairs.has(key)))
  }

  async *pages({ gte, lt, reverse, limit }: KeyRange): AsyncIterable<readonly Pair[]> {
    const found = [...this.#pairs].filter(([key]) => compareKeys(key, gte) >= 0 && compareKeys(key, lt) < 0)
    found.sort(([a], [b]) => (reverse === true ? compareKeys(b, a) : compareKeys(a, b)))
    const wanted = limit === undefined || limit < 0 ? found : found.slice(0, limit)
    for (let from = 0; from < wanted.length; from += PAGE) yield wanted.slice(from, from + PAGE)
  }

  write(operations: readonly Operation[]): Promise<void> {
    for (const operation of operations)
      if (operation.type === 'put') this.#pairs.set(operation.key, operation.value)
      else this.#pairs.delete(operation.key)
    return Promise.resolve()
  }

  turn(): Promise<void> {
    return Promise.resolve()
  }

  health(): StoreHealth {
    return { state: 'ok' }
  }

  stopWaiting(): void {
    // Memory is never full.
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
