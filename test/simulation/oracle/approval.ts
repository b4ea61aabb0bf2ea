import type { Attempt, EnvironmentContext } from '../../../machines/environment/types.ts'
import { liveDigest } from '../../../src/core/plan/index.ts'
import type { Instant, LiveState, Plan } from '../../../src/core/vocabulary.ts'
import type { ApplyRequest } from '../../../src/ports/driver.ts'
import type { Ordered } from '../world/people.ts'
import type { SimTarget } from '../world/target.ts'
import type { PromiseId } from './promises.ts'
import { openedAttempt, type Scene } from './scene.ts'
import type { EnvironmentStep } from './view.ts'
import { isOpenAt } from './zones.ts'

/** A validation may take that long, and its answer a little. */
const VALIDATION_MS = 180_000

/** What an attempt needed when it began, judged from the settings and the plan alone. */
interface Needs {
  readonly asks: readonly { readonly promise: PromiseId; readonly why: string }[]
}

/** I1, I11 and I15 at the moment when an attempt begins and when it writes: approval where it is needed, of the very plan. */
export class ApprovalChecker {
  readonly #scene: Scene
  readonly #needs = new Map<string, Needs>()
  readonly #approved = new Map<string, Instant>()
  /** The same, in elapsed ms. */
  readonly #approvedAt = new Map<string, number>()
  /** Plans that people named when they approved. */
  readonly #named = new Map<string, string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  step({ environment, event, before, after }: EnvironmentStep): void {
    if (event.type === 'approval.granted') {
      this.#approved.set(event.deployment, event.at)
      this.#approvedAt.set(event.deployment, this.#scene.world.time.elapsed)
    }
    const attempt = openedAttempt(before?.context, after.context)
    if (attempt !== null && attempt.kind === 'apply')
      this.#begun(environment, attempt, after.context, event.at, after.path)
    if (event.type === 'validation.passed') {
      this.#compared(environment, after.context)
      this.#validated(after.context, event.at)
    }
  }

  answered({ order, deployment, plan }: Ordered): void {
    if (order === 'approve' && deployment !== null && plan !== null) this.#named.set(deployment, plan)
  }

  sent(target: SimTarget, request: ApplyRequest): void {
    const { judge, view, world } = this.#scene
    const context = view.environments.get(target.environment)?.context
    const attempt = context?.attempt
    if (attempt === undefined || attempt === null || attempt.kind !== 'apply' || context?.owed[0]?.kind !== 'applyWave')
      return
    const approvedAt = this.#approved.get(attempt.id)
    const named = this.#named.get(attempt.id)
    for (const { promise, why } of this.#needs.get(attempt.id)?.asks ?? [])
      judge.examine(promise, approvedAt !== undefined, () => `${attempt.id} writes without approval, although ${why}`)
    judge.examine(
      'I1',
      attempt.expiresAt === null || (approvedAt !== undefined && approvedAt < attempt.expiresAt),
      () => `${attempt.id} writes on an approval that came too late or not at all`,
    )
    judge.examine(
      'I1',
      named === undefined || attempt.plan.digest.startsWith(named),
      () => `${attempt.id} carries out another plan than was approved`,
    )
    const text = world.disk.pairs.get(`c\0${attempt.plan.digest}`)
    const plan: Plan | null = text === undefined ? null : JSON.parse(text)
    judge.examine(
      'I1',
      plan !== null && isOf(plan, target.name, request),
      () => `${attempt.id} writes what its plan does not hold`,
    )
  }

  #begun(environment: string, attempt: Attempt, context: EnvironmentContext, at: Instant, path: string): void {
    const { judge, world } = this.#scene
    const { settings } = context
    if (settings === null) {
      judge.breaks('I1', `${attempt.id} begins without settings`)
      return
    }
    const isOpen = settings.windows.length === 0 || settings.windows.some((window) => isOpenAt(window, at))
    const isAsked = path.startsWith('AwaitingApproval')
    const asks: { promise: PromiseId; why: string }[] = []
    if (!settings.autoSync) asks.push({ promise: 'I1', why: 'it is not deployed automatically' })
    if (!isOpen) asks.push({ promise: 'I15', why: 'no window is open' })
    const ours = world
      .targetsOf(environment)
      .flatMap(({ resources }) => [...resources.keys()].filter((key) => !key.includes('/foreign-')))
    const share = ours.length === 0 ? 0 : (attempt.plan.deletes / ours.length) * 100
    if (attempt.plan.deletes > 0 && (share > settings.maxDeletePercent || share >= 100))
      asks.push({ promise: 'I11', why: `it deletes ${Math.floor(share)} % of what is there` })
    this.#needs.set(attempt.id, { asks })
    for (const { promise, why } of asks)
      judge.examine(promise, isAsked, () => `${attempt.id} begins unasked, although ${why}`)
    if (asks.length === 0) judge.examine('I15', isOpen, () => `${attempt.id} begins outside its window`)
  }

  /** A plan is of what was live when it was made: what was seen since, and since it was approved, must be the same. */
  #compared(environment: string, { attempt }: EnvironmentContext): void {
    const { judge, world } = this.#scene
    if (attempt === null) return
    const since = this.#approvedAt.get(attempt.id) ?? 0
    const shown = world.targetsOf(environment).map((target) => differentOf(target, since))
    const isSame = combined(shown).some((lives) => liveDigest(lives) === attempt.plan.live)
    judge.examine('I1', isSame, () => `${attempt.id} is found valid, and its plan is of another live state`)
  }

  /** An attempt that waited for its validation, over a crash for example, may find its window shut. */
  #validated({ attempt, settings }: EnvironmentContext, at: Instant): void {
    const { judge, world } = this.#scene
    if (attempt === null || settings === null || attempt.approvedBy !== null || settings.windows.length === 0) return
    if (world.time.elapsed - world.jumpedAt < VALIDATION_MS) return
    const wasOpen = settings.windows.some((window) => {
      for (let moment = at; moment >= at - VALIDATION_MS; moment -= 30_000) if (isOpenAt(window, moment)) return true
      return false
    })
    judge.examine('I15', wasOpen, () => `${attempt.id} was found valid outside its window`)
  }
}

/** What a target was seen to hold since, each state once. */
function differentOf({ shown }: SimTarget, since: number): readonly LiveState[] {
  const states = shown.filter(({ at }) => at >= since).map(({ live }) => [liveDigest([live]), live] as const)
  return [...new Map(states).values()]
}

/** Every way to take one of each. */
function combined(choices: readonly (readonly LiveState[])[]): readonly (readonly LiveState[])[] {
  return choices.reduce<readonly (readonly LiveState[])[]>(
    (ways, some) => ways.flatMap((way) => some.map((one) => [...way, one])),
    [[]],
  )
}

function isOf(plan: Plan, target: string, { changes }: ApplyRequest): boolean {
  const own = plan.changes.filter((change) => change.target === target)
  const planned = new Map(own.map((change) => [change.key, change]))
  return changes.every(({ change, desired }) => {
    const one = planned.get(change.key)
    return (
      one !== undefined &&
      one.action === change.action &&
      one.before === change.before &&
      one.after === (desired?.digest ?? null)
    )
  })
}
