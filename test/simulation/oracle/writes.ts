import type { Attempt } from '../../../machines/environment/types.ts'
import type { EnvironmentSettings, Plan } from '../../../src/core/vocabulary.ts'
import type { ApplyRequest } from '../../../src/ports/driver.ts'
import { isKept, wantedAt } from '../world/declared.ts'
import { LATE, type Landed, type SimTarget } from '../world/target.ts'
import type { Scene } from './scene.ts'

/** What stood behind a request when it was sent. */
interface Sending {
  readonly isRestore: boolean
  readonly attempt: Attempt
  readonly settings: EnvironmentSettings
}

const REQUESTS_KEPT = 50

/** I11 and I12: whatever lands on a target is what a commit declares, or what was there before; what goes had to go. */
export class WriteChecker {
  readonly #scene: Scene
  readonly #sendings = new Map<string, Sending>()
  /** By environment, every `key digest` that ever stood on its target. */
  readonly #seen = new Map<string, Set<string>>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  sent({ environment }: SimTarget, { idempotencyKey }: ApplyRequest): void {
    const context = this.#scene.view.environments.get(environment)?.context
    if (context === undefined || context.attempt === null || context.settings === null) return
    const { attempt, settings } = context
    this.#sendings.set(idempotencyKey, { isRestore: context.owed[0]?.kind === 'restore', attempt, settings })
    if (this.#sendings.size > REQUESTS_KEPT)
      for (const oldest of this.#sendings.keys()) if (this.#sendings.delete(oldest)) break
  }

  landed({ environment }: SimTarget, landed: Landed): void {
    const seen = this.#seen.get(environment) ?? new Set()
    this.#seen.set(environment, seen)
    const key = landed.by.startsWith(LATE) ? landed.by.slice(LATE.length) : landed.by
    const sending = this.#sendings.get(key)
    if (sending !== undefined) {
      if (landed.after === null) this.#deleted(environment, landed, sending)
      else this.#written(environment, landed.key, landed.after, sending, seen)
    } else if (key.includes('/')) this.#scene.judge.breaks('I5', `${key} lands on ${environment} and was never sent`)
    if (landed.after !== null) seen.add(`${landed.key} ${landed.after}`)
  }

  #written(environment: string, key: string, digest: string, sending: Sending, seen: ReadonlySet<string>): void {
    const { judge, world } = this.#scene
    const { attempt, isRestore } = sending
    const commit = isRestore ? attempt.restore?.commit : attempt.plan.commit
    const wanted = wantedAt(world.git.foldersAt(commit ?? ''), environment)?.get(key)?.digest
    judge.examine('I12', !key.includes('/foreign-'), () => `${attempt.id} writes ${key}, which is not ours`)
    const isKnown = isRestore && seen.has(`${key} ${digest}`)
    judge.examine('I12', wanted === digest || isKnown, () => `${attempt.id} writes ${key} as no commit declares it`)
  }

  #deleted(environment: string, { key, former }: Landed, { attempt, settings, isRestore }: Sending): void {
    const { judge, world } = this.#scene
    judge.examine('I11', !key.includes('/foreign-'), () => `${attempt.id} deletes ${key}, which is not ours`)
    const wanted = wantedAt(world.git.foldersAt(attempt.plan.commit), environment)
    if (!isRestore) {
      judge.examine('I11', settings.prune, () => `${attempt.id} deletes ${key} although prune is off`)
      judge.examine('I11', former === null || !isKept(former), () => `${attempt.id} deletes ${key}, which is protected`)
      judge.examine(
        'I11',
        wanted !== null && !wanted.has(key),
        () => `${attempt.id} deletes ${key}, which its commit declares`,
      )
      return
    }
    const text = world.disk.pairs.get(`c\0${attempt.plan.digest}`)
    const plan: Plan | null = text === undefined ? null : JSON.parse(text)
    const isCreated = plan?.changes.some((change) => change.key === key && change.action === 'create') === true
    judge.examine(
      'I11',
      settings.prune || isCreated,
      () => `the rollback of ${attempt.id} deletes ${key}, which it had not created`,
    )
  }
}
