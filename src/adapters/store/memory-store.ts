import type { Store } from '../../ports/store.ts'
import { EngineStore } from './engine-store.ts'
import type { Verified } from './inspection.ts'
import { keys, SCHEMA } from './keys.ts'
import { MemoryEngine } from './memory-engine.ts'
import { verifyHistory } from './verify.ts'

/** A store in memory, with what a test of crashes needs beyond the port. */
export interface MemoryStore extends Store {
  /** The store as a restart after a sudden end would find it: what was acknowledged, and nothing that was not yet written. */
  crash(): Promise<MemoryStore>
}

/** The store in memory; the same numbers, chains and texts as on disk. Opened again on the same `pairs`, it holds what was written before. */
export async function openMemoryStore(pairs: Map<string, string> = new Map()): Promise<MemoryStore> {
  pairs.set(keys.schema, String(SCHEMA))
  const engine = new MemoryEngine(pairs)
  return new MemoryEngineStore(pairs, engine, await verifyHistory(engine))
}

class MemoryEngineStore extends EngineStore implements MemoryStore {
  readonly #pairs: ReadonlyMap<string, string>

  constructor(pairs: ReadonlyMap<string, string>, engine: MemoryEngine, verified: Verified) {
    super(engine, verified, { synced: () => undefined, closed: () => Promise.resolve() })
    this.#pairs = pairs
  }

  crash(): Promise<MemoryStore> {
    return openMemoryStore(new Map(this.#pairs))
  }
}
