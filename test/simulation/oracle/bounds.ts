import type { Operation } from '../../../src/adapters/store/engine.ts'
import { HonuaError } from '../../../src/core/errors/index.ts'
import { HISTORY } from '../world/controller.ts'
import type { Scene } from './scene.ts'

const HOUR = 3_600_000
/** Stands for every secret of the simulation. */
export const CANARY = 'canary-7f3a9c'
/** Of each environment: its naps, the deadlines of a step and of a call or two; and what the world itself has set. */
const TIMERS_MAX = 400
/** Entries that may be kept beyond the limit: the slack of the keeper, and what is younger than the age that is kept. */
const ENTRIES_SLACK = 1_000
const PAIRS_MAX = 30_000

/** I16, I17 and I18: a history that was changed is found, no secret is told, and everything stays within bounds. */
export class BoundsChecker {
  readonly #scene: Scene
  #hour = 0
  readonly #timersAtStart: number

  constructor(scene: Scene, timersAtStart: number) {
    this.#scene = scene
    this.#timersAtStart = timersAtStart
  }

  refused(error: unknown, isTampered: boolean): void {
    const { judge } = this.#scene
    const code = error instanceof HonuaError ? error.code : null
    if (isTampered)
      judge.examine('I16', code === 'HONUA_STORE_CORRUPT', () => `a changed history is refused as: ${String(error)}`)
    // Its first write may meet a disk that fails: the next start reads what became of it.
    else if (code !== 'HONUA_STORE_FAILED') judge.breaks('I6', `the controller does not start: ${String(error)}`)
  }

  started(isTampered: boolean): void {
    if (isTampered) this.#scene.judge.breaks('I16', 'a changed history was not found at the start')
  }

  synced(operations: readonly Operation[]): void {
    const told = operations.find((operation) => operation.type === 'put' && operation.value.includes(CANARY))
    this.#scene.judge.examine('I17', told === undefined, () => `a secret is on the disk, in ${told?.key}`)
  }

  logged(fields: object, message: string): void {
    const isTold = message.includes(CANARY) || JSON.stringify(fields).includes(CANARY)
    this.#scene.judge.examine('I17', !isTold, () => `a secret is in the log: ${message}`)
  }

  looked(): void {
    const { judge, world } = this.#scene
    const hour = Math.floor(world.time.elapsed / HOUR)
    if (hour === this.#hour) return
    this.#hour = hour
    const timers = world.time.pending
    judge.examine('I18', timers < this.#timersAtStart + TIMERS_MAX, () => `${timers} timers are set`)
    judge.examine('I18', world.disk.pairs.size < PAIRS_MAX, () => `${world.disk.pairs.size} pairs are on the disk`)
    for (const { stream, base, head } of world.run?.store.extents() ?? [])
      judge.examine(
        'I18',
        head - base < HISTORY.entries + ENTRIES_SLACK,
        () => `${head - base} entries of ${stream} are kept`,
      )
  }
}
