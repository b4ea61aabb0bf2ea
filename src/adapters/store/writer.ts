import { storeErrors } from '../../core/errors/store.ts'
import type { Engine, Operation } from './engine.ts'
import type { Verified } from './inspection.ts'
import { keys } from './keys.ts'

// One batch is one record of the log, held twice in memory while it is written; beyond this a batch gains nothing more.
const GROUP_CHARACTERS_MAX = 4 * 1024 * 1024
/** Numbers kept of the newest batches: more than fit between two merges of LevelDB's log into its tables. */
export const BATCHES_KEPT = 10_000

/** Operations that stay together, and who waits for them. */
interface Unit {
  readonly operations: readonly Operation[]
  readonly characters: number
  readonly synced: () => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: what is handed in while one batch is being synced shares the next. Each batch gets the next number, so that one
 * lost from the middle of the database leaves a gap. Units are written, and answered, in the order in which they came.
 */
export class GroupWriter {
  readonly #engine: Engine
  readonly #onSynced: (batches: number) => void
  #queue: Unit[] = []
  #running: Promise<void> | null = null
  #batches: number
  #forgotten: number
  #refusal: Error | null = null

  /** Goes on from the numbers that `verified` holds; `onSynced` hears of each batch that is on disk. */
  constructor(engine: Engine, verified: Pick<Verified, 'batches' | 'forgotten'>, onSynced: (batches: number) => void) {
    this.#engine = engine
    this.#batches = verified.batches
    this.#forgotten = verified.forgotten
    this.#onSynced = onSynced
  }

  /** Throws what a write would be refused with: HONUA_STORE_FAILED, HONUA_STORE_CLOSED. */
  assertOpen(): void {
    if (this.#refusal !== null) throw this.#refusal
  }

  /** Resolves when the operations are on disk; `synced` runs just before, in the order of all writes. */
  write(operations: readonly Operation[], synced: () => void = nothing): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#refusal !== null) return reject(this.#refusal)
      this.#queue.push({ operations, characters: charactersOf(operations), synced, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Takes no more; resolves when all that was taken is on disk or refused. */
  async close(): Promise<void> {
    this.#refusal ??= storeErrors.closed()
    await this.#running
  }

  async #run(): Promise<void> {
    await this.#engine.turn()
    while (this.#queue.length > 0) {
      const group = this.#takeGroup()
      try {
        await this.#engine.write(this.#batchOf(group))
      } catch (error) {
        this.#refuse(group, error)
        break
      }
      for (const unit of group) unit.synced()
      this.#onSynced(this.#batches)
      for (const unit of group) unit.resolve()
      await this.#engine.turn()
    }
    this.#running = null
  }

  #takeGroup(): readonly Unit[] {
    let characters = 0
    const full = this.#queue.findIndex((unit) => {
      characters += unit.characters
      return characters > GROUP_CHARACTERS_MAX
    })
    return this.#queue.splice(0, full === -1 ? this.#queue.length : Math.max(1, full))
  }

  #batchOf(group: readonly Unit[]): readonly Operation[] {
    this.#batches += 1
    const operations: Operation[] = [{ type: 'put', key: keys.batch(this.#batches), value: '' }, ...this.#forget()]
    for (const unit of group) for (const operation of unit.operations) operations.push(operation)
    return operations
  }

  #forget(): readonly Operation[] {
    const until = this.#batches - BATCHES_KEPT
    if (until <= this.#forgotten) return []
    const operations: Operation[] = [{ type: 'put', key: keys.batchesForgotten, value: String(until) }]
    while (this.#forgotten < until) {
      this.#forgotten += 1
      operations.push({ type: 'del', key: keys.batch(this.#forgotten) })
    }
    return operations
  }

  #refuse(group: readonly Unit[], error: unknown): void {
    this.#refusal = error instanceof Error ? error : storeErrors.failed({ reason: String(error) }, error)
    const refused = [...group, ...this.#queue]
    this.#queue = []
    for (const unit of refused) unit.reject(this.#refusal)
  }
}

const nothing = () => undefined

function charactersOf(operations: readonly Operation[]): number {
  return operations.reduce(
    (sum, operation) => sum + operation.key.length + (operation.type === 'put' ? operation.value.length : 0),
    0,
  )
}
