import type { Deployment } from '../../../src/core/vocabulary.ts'
import type { ApplyRequest } from '../../../src/ports/driver.ts'
import type { SimTarget } from '../world/target.ts'
import { endedAttempt, openedAttempt, type Scene } from './scene.ts'
import type { EnvironmentStep } from './view.ts'

/** How an attempt may end without its release having become a bad one. */
const HARMLESS = new Set(['superseded', 'stale', 'expired'])

/** I2 and I8: one deployment at a time, each with an id of its own, and no bad release again. */
export class DeploymentChecker {
  readonly #scene: Scene
  /** Calls under way, by environment and target: the key each was sent with. */
  readonly #open = new Map<string, string>()
  /** Releases that failed or were turned down, by environment. */
  readonly #bad = new Map<string, Set<string>>()
  /** What was verified last, by environment. */
  readonly #good = new Map<string, string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  crashed(): void {
    this.#open.clear()
  }

  sent({ environment, name }: SimTarget, { idempotencyKey }: ApplyRequest): void {
    const place = `${environment}/${name}`
    const other = this.#open.get(place)
    this.#scene.judge.examine('I2', other === undefined, () => `${idempotencyKey} is sent while ${other} is under way`)
    this.#open.set(place, idempotencyKey)
  }

  over({ environment, name }: SimTarget, { idempotencyKey }: ApplyRequest): void {
    const place = `${environment}/${name}`
    if (this.#open.get(place) === idempotencyKey) this.#open.delete(place)
  }

  record(record: Deployment, former: Deployment | undefined): void {
    const { judge } = this.#scene
    if (former === undefined) return
    judge.examine('I2', former.startedAt === record.startedAt, () => `two deployments have the id ${record.id}`)
    judge.examine(
      'I2',
      former.completedAt === null || record.completedAt !== null,
      () => `${record.id} goes on although it had ended`,
    )
  }

  /** After a whole batch: records that are not final belong to the attempt that is open. */
  settled(): void {
    const { judge, view } = this.#scene
    for (const record of view.records.values()) {
      if (record.completedAt !== null) continue
      const open = view.environments.get(record.environment)?.context.attempt?.id
      judge.examine(
        'I2',
        open === record.id,
        () => `${record.id} is ${record.state} for ever: the open attempt is ${open}`,
      )
    }
  }

  step({ environment, event, before, after }: EnvironmentStep): void {
    const { judge } = this.#scene
    const bad = this.#bad.get(environment) ?? new Set()
    this.#bad.set(environment, bad)
    if (event.type === 'hold.lifted') bad.clear()
    const opened = openedAttempt(before?.context, after.context)
    const last = before?.context.attempt?.id ?? before?.context.ended?.attempt.id
    if (opened !== null && last !== undefined)
      judge.examine(
        'I2',
        stampOf(environment, opened.id) >= stampOf(environment, last),
        () => `${opened.id} comes after ${last}, and is called as if it came before`,
      )
    if (opened?.kind === 'rollback') bad.delete(opened.plan.release)
    if (opened?.kind === 'apply')
      judge.examine(
        'I8',
        !bad.has(opened.plan.release),
        () => `${opened.id} deploys a release that had failed or was turned down`,
      )
    const ended = endedAttempt(before?.context, after.context)
    if (ended !== null) {
      const { attempt, result } = ended
      const isPostponed = after.context.series !== null && after.context.series.release === attempt.plan.release
      if (attempt.kind === 'rollback') {
        const from = before?.context.seen?.release
        if (result === 'RolledBack' && from !== undefined && from !== attempt.plan.release) bad.add(from)
      } else if (
        attempt.kind === 'apply' &&
        result !== 'Completed' &&
        !HARMLESS.has(attempt.failure?.outcome ?? '') &&
        !isPostponed
      )
        bad.add(attempt.plan.release)
    }
    this.#tries(step(after.context.series?.count, after.context.settings?.retry.attemptsMax))
    const { attempt } = after.context
    if (
      attempt !== null &&
      attempt.kind === 'apply' &&
      attempt.restore !== null &&
      before?.context.attempt?.restore === null
    ) {
      const good = this.#good.get(environment)
      const { release } = attempt.restore
      const isRight = release === attempt.backup || (release === good && release !== attempt.plan.release)
      judge.examine('I8', isRight, () => `${attempt.id} is rolled back to a release that was never verified`)
    }
    if (event.type === 'look.clean') this.#good.set(environment, event.release)
    if (ended?.result === 'Completed') this.#good.set(environment, ended.attempt.plan.release)
    if (ended?.result === 'RolledBack' && ended.attempt.kind === 'rollback' && ended.attempt.restore !== null)
      this.#good.set(environment, ended.attempt.restore.release)
  }

  #tries({ count, most }: { readonly count: number; readonly most: number }): void {
    if (count > 0)
      this.#scene.judge.examine(
        'I8',
        count < most,
        () => `attempt ${count} of at most ${most} is to be followed by another`,
      )
  }
}

/** The time in an attempt's id, without the count. */
function stampOf(environment: string, id: string): string {
  return id.slice(environment.length, environment.length + '-yyyyMMdd-HHmmss'.length)
}

function step(count = 0, most = Number.POSITIVE_INFINITY) {
  return { count, most }
}
