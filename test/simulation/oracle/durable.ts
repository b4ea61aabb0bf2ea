import { parseHistoryKey } from '../../../src/adapters/store/keys.ts'
import type { ApplyRequest } from '../../../src/ports/driver.ts'
import type { AuditEntry } from '../../../src/ports/store.ts'
import type { Answer } from '../../../src/runtime/facade.ts'
import type { Ordered } from '../world/people.ts'
import type { SimTarget } from '../world/target.ts'
import { openedAttempt, type Scene } from './scene.ts'
import type { EnvironmentStep } from './view.ts'

/** I4 and I5: what was acknowledged is on disk and acted upon; what is sent to a target was intended on disk before. */
export class DurabilityChecker {
  readonly #scene: Scene
  /** Reasons that stand in the audit log on the disk; each order has its own. */
  readonly #written = new Set<string>()
  readonly #acknowledged = new Set<string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  audit({ details }: AuditEntry): void {
    const reason = details['reason']
    if (typeof reason === 'string') this.#written.add(reason)
  }

  answered({ order, reason }: Ordered, answer: Answer<unknown>): void {
    if (!answer.ok || order === 'sync') return
    this.#acknowledged.add(reason)
    this.#scene.judge.examine(
      'I4',
      this.#written.has(reason),
      () => `"${reason}" (${order}) was acknowledged and is not on the disk`,
    )
  }

  /** After a start: everything that was ever acknowledged is still there. */
  started(): void {
    const { judge, world } = this.#scene
    const kept = new Set<string>()
    for (const [key, text] of world.disk.pairs) {
      if (parseHistoryKey(key).kind !== 'audit') continue
      const line: AuditEntry = JSON.parse(text)
      kept.add(String(line.details['reason']))
    }
    for (const reason of this.#acknowledged)
      judge.examine('I4', kept.has(reason), () => `"${reason}" was acknowledged and is gone after a restart`)
  }

  step({ event, before, after }: EnvironmentStep): void {
    const { judge } = this.#scene
    const hold = before?.context.hold ?? null
    if (hold === null) return
    const stands = hold.until === null || hold.until > event.at
    const opened = openedAttempt(before?.context, after.context)
    if (opened?.kind === 'apply')
      judge.examine(
        'I4',
        !stands,
        () => `${opened.id} begins although ${hold.by.name} holds the environment (${hold.reason})`,
      )
    if (after.context.hold === null)
      judge.examine('I4', !stands || event.type === 'hold.lifted', () => `a hold was lost at ${event.type}`)
  }

  sent({ environment }: SimTarget, { idempotencyKey }: ApplyRequest): void {
    const { judge, view } = this.#scene
    const owed = view.environments.get(environment)?.context.owed ?? []
    const isOwed = owed.some(
      ({ id, kind }) => idempotencyKey.startsWith(`${id}/`) && (kind === 'applyWave' || kind === 'restore'),
    )
    judge.examine('I5', isOwed, () => `${idempotencyKey} is sent and no intent of it is on the disk`)
  }
}
