import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { Instant } from '../../../src/core/vocabulary.ts'
import type { Ordered } from '../world/people.ts'
import type { Scene } from './scene.ts'

const MINUTE = 60_000
/** A timer naps for a minute at most; an order looks at targets for a minute. */
const LATE_MS = 5 * MINUTE
/** The longest step is a wave: fifteen minutes. Others may have to be waited for before it. */
const STEP_MS = 40 * MINUTE
/** A backup may take two hours to be put back. */
const RECOVER_MS = 120 * MINUTE + STEP_MS
/** From an order to look until the remote is asked, when nobody is asking it. */
const TRIGGER_MS = 20_000

/** I14, and the deadline of I1: while nothing is wrong with the disk, everything is served in bounded time, whatever else hangs. */
export class TimelinessChecker {
  readonly #scene: Scene
  readonly #open = new Map<Ordered, true>()
  /** By environment, the effect that is owed and since when. */
  readonly #owed = new Map<string, { readonly id: string; readonly since: number }>()
  /** When the disk was last in trouble, the clock was set, or the controller began: waiting counts from there. */
  #calmSince = 0
  #lookedAt = 0

  constructor(scene: Scene) {
    this.#scene = scene
  }

  disturbed(): void {
    this.#calmSince = this.#scene.world.time.elapsed
  }

  crashed(): void {
    this.#open.clear()
    this.disturbed()
  }

  ordered(ordered: Ordered): void {
    this.#open.set(ordered, true)
  }

  answered(ordered: Ordered): void {
    this.#open.delete(ordered)
  }

  looked(): void {
    const { world } = this.#scene
    const { elapsed } = world.time
    if (world.run === null || world.disk.isFull || world.disk.slowMs > 0 || world.run.store.health().state !== 'ok')
      this.disturbed()
    this.#calmSince = Math.max(this.#calmSince, world.jumpedAt)
    if (elapsed - this.#lookedAt < MINUTE / 4) return
    this.#lookedAt = elapsed
    for (const [environment, { path, context }] of this.#scene.view.environments)
      this.#environment(environment, path, context)
    for (const ordered of this.#open.keys()) this.#order(ordered)
  }

  #environment(environment: string, path: string, context: EnvironmentContext): void {
    const { judge, world } = this.#scene
    const { elapsed } = world.time
    const [effect] = context.owed
    const owed = this.#owed.get(environment)
    if (effect === undefined) this.#owed.delete(environment)
    else if (owed?.id !== effect.id) this.#owed.set(environment, { id: effect.id, since: elapsed })
    else
      judge.examine(
        'I14',
        elapsed - Math.max(owed.since, this.#calmSince) < (effect.kind === 'recover' ? RECOVER_MS : STEP_MS),
        () =>
          `${effect.kind} of ${environment} is under way for ${Math.round((elapsed - owed.since) / MINUTE)} minutes`,
      )
    this.#age(environment, path, context)
    const due = dueAt(context)
    if (due === null || elapsed - this.#calmSince < LATE_MS) return
    const late = world.time.now() - due
    judge.examine(
      'I14',
      late < LATE_MS,
      () => `${environment} should have been woken ${Math.round(late / MINUTE)} minutes ago`,
    )
    const expires = context.attempt?.approvedBy === null ? context.attempt.expiresAt : null
    if (expires !== null)
      judge.examine('I1', world.time.now() - expires < LATE_MS, () => `a request of ${environment} outlives its time`)
  }

  /** Whoever is Synced was looked at lately, where drift is looked for. */
  #age(environment: string, path: string, { settings }: EnvironmentContext): void {
    const { judge, world } = this.#scene
    const seen = world.targetsOf(environment).flatMap(({ shown: [newest] }) => newest?.at ?? [])
    if (path !== 'Synced.quiet' || settings === null || seen.length === 0 || settings.drift?.mode === 'ignore') return
    const seenAt = Math.min(...seen)
    const age = world.time.elapsed - Math.max(seenAt, this.#calmSince)
    const isFresh = age < settings.reconcileIntervalMs + LATE_MS
    judge.examine(
      'I13',
      isFresh,
      () => `${environment} is Synced, and was not looked at for ${Math.round(age / MINUTE)} minutes`,
    )
  }

  #order(ordered: Ordered): void {
    const { judge, world } = this.#scene
    const { elapsed } = world.time
    const since = Math.max(ordered.orderedAt, this.#calmSince)
    judge.examine('I14', elapsed - since < LATE_MS, () => `"${ordered.order}" is not answered for minutes`)
    const { calls, calledAt, calledUntil } = world.git
    if (ordered.order !== 'sync' || calls > 0 || calledAt > ordered.orderedAt) return
    const waits = elapsed - Math.max(since, calledUntil)
    judge.examine('I14', waits < TRIGGER_MS, () => 'a sync does not lead to a look at the remote')
  }
}

/** The earliest moment for which the environment waits. */
function dueAt({ nextLookAt, waiting, hold, attempt }: EnvironmentContext): Instant | null {
  const expires = attempt?.approvedBy === null ? attempt.expiresAt : null
  const times = [nextLookAt, waiting?.until ?? null, hold?.until ?? null, expires].filter((time) => time !== null)
  return times.length === 0 ? null : Math.min(...times)
}
