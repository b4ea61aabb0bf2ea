import type { Engine, Operation, Pair } from '../../../src/adapters/store/engine.ts'
import type { KeyRange } from '../../../src/adapters/store/keys.ts'
import { MemoryEngine } from '../../../src/adapters/store/memory-engine.ts'
import { storeErrors } from '../../../src/core/errors/store.ts'
import type { StoreHealth } from '../../../src/ports/store.ts'
import type { Prng } from '../prng.ts'
import type { Boundaries } from './boundaries.ts'
import { type Life, never } from './life.ts'
import type { SimTime } from './time.ts'

export interface DiskParts {
  readonly time: SimTime
  readonly prng: Prng
  readonly boundaries: Boundaries
  /** Hears of each batch once it can no longer be lost. */
  readonly onSynced: (operations: readonly Operation[]) => void
}

/** Where a crash may leave the batch behind, or lose it. */
export const HALFWAY = 'a batch is written and not synced'
export const SYNCED = 'a batch was synced'
const FULL_LOOK_MS = 500

/**
 * A disk that keeps what was synced, and of what was not, all or nothing: a batch that a crash tears has no valid checksum and is
 * left out by the database. What a failed sync leaves behind is known only when the database is opened again.
 */
export class SimDisk {
  readonly pairs = new Map<string, string>()
  /** Milliseconds that a sync takes, in addition to its usual one to three. */
  slowMs = 0
  isFull = false
  /** The next sync fails; whether its batch is kept, nobody knows before the next start. */
  failsNext = false
  readonly #parts: DiskParts
  /** Written and not synced. */
  #unsynced: readonly Operation[] | null = null

  constructor(parts: DiskParts) {
    this.#parts = parts
  }

  /** What is on the disk, as a run of the controller opens it. */
  open(life: Life): Engine {
    return new DiskEngine(this, life, this.#parts)
  }

  /** Of what was not synced, all or nothing is kept. */
  crash(isKept: boolean): void {
    const unsynced = this.#unsynced
    this.#unsynced = null
    if (unsynced === null || !isKept) return
    for (const operation of unsynced)
      if (operation.type === 'put') this.pairs.set(operation.key, operation.value)
      else this.pairs.delete(operation.key)
    this.#parts.onSynced(unsynced)
  }

  hold(operations: readonly Operation[]): void {
    this.#unsynced = operations
  }

  release(): void {
    this.#unsynced = null
  }
}

class DiskEngine implements Engine {
  readonly #disk: SimDisk
  readonly #life: Life
  readonly #parts: DiskParts
  readonly #memory: MemoryEngine
  #health: StoreHealth = { state: 'ok' }
  #waitsForRoom = true

  constructor(disk: SimDisk, life: Life, parts: DiskParts) {
    this.#disk = disk
    this.#life = life
    this.#parts = parts
    this.#memory = new MemoryEngine(disk.pairs)
  }

  get(key: string): Promise<string | undefined> {
    return this.#life.isAlive ? this.#memory.get(key) : never()
  }

  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return this.#life.isAlive ? this.#memory.getMany(keys) : never()
  }

  hasMany(keys: readonly string[]): Promise<readonly boolean[]> {
    return this.#life.isAlive ? this.#memory.hasMany(keys) : never()
  }

  async *pages(range: KeyRange): AsyncIterable<readonly Pair[]> {
    if (!this.#life.isAlive) await never()
    yield* this.#memory.pages(range)
  }

  keys(range: KeyRange, limit: number): Promise<readonly string[]> {
    return this.#life.isAlive ? this.#memory.keys(range, limit) : never()
  }

  async write(operations: readonly Operation[]): Promise<void> {
    const { time, prng, boundaries, onSynced } = this.#parts
    await boundaries.pass('a batch is about to be written', this.#life)
    await this.#room()
    this.#disk.hold(operations)
    await boundaries.pass(HALFWAY, this.#life)
    await this.#life.hears(time.pass(prng.between(1, 3) + this.#disk.slowMs))
    if (this.#disk.failsNext) throw this.#failed()
    this.#disk.release()
    await this.#memory.write(operations)
    onSynced(operations)
    await boundaries.pass(SYNCED, this.#life)
  }

  turn(): Promise<void> {
    return Promise.resolve()
  }

  health(): StoreHealth {
    return this.#health
  }

  stopWaiting(): void {
    this.#waitsForRoom = false
  }

  async close(): Promise<void> {
    await this.#memory.close()
  }

  async #room(): Promise<void> {
    const { time } = this.#parts
    while (this.#disk.isFull) {
      if (this.#health.state === 'ok')
        this.#health = { state: 'disk-full', since: time.now(), message: 'no space is left on the device' }
      await this.#life.hears(time.pass(FULL_LOOK_MS))
      if (!this.#waitsForRoom) throw storeErrors.closed()
    }
    this.#health = { state: 'ok' }
  }

  #failed(): Error {
    this.#disk.failsNext = false
    const failure = storeErrors.failed({ reason: 'fsync failed: EIO' })
    this.#health = { state: 'failed', since: this.#parts.time.now(), message: failure.message }
    return failure
  }
}
