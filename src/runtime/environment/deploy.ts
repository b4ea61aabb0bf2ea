import type { Attempt, EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { runtimeErrors } from '../../core/errors/runtime.ts'
import { targetErrors } from '../../core/errors/target.ts'
import type { Deed, Plan, PlannedAction, Resource } from '../../core/vocabulary.ts'
import { failureFacts } from '../failure.ts'
import { actAnyway, actInOrder, afterSteps, stepRefusals } from './actions.ts'
import { applySteps, requestsOf } from './apply.ts'
import { decisionFor } from './decide.ts'
import { awaitHealth } from './health.ts'
import { type Found, find } from './look.ts'
import { asDesired, inventoryAfter, planFor } from './planning.ts'
import { freshSight, type SightedWorld } from './sights.ts'
import { driversOf, observeAll, type World } from './world.ts'

interface StepEffect {
  readonly id: string
  readonly plan: string
}

export function attemptOf(context: EnvironmentContext): Attempt {
  if (context.attempt === null) throw new TypeError(`environment "${context.name}" has no open attempt`)
  return context.attempt
}

/** Carries out a `validate`: the plan must still be exactly true, allowed now, and acceptable to every target. */
export async function validate(
  world: SightedWorld,
  context: EnvironmentContext,
  effect: StepEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const attempt = attemptOf(context)
  const stale = (error: HonuaError): EnvironmentFact => ({
    type: 'plan.stale',
    effect: effect.id,
    message: error.message,
  })
  const decision = decisionFor(context, attempt.plan, world.clock.now(), attempt.approvedBy !== null)
  if (decision.outcome !== 'deploy') return stale(runtimeErrors.windowClosed({ reason: decision.reason }))
  const at = world.clock.now()
  // An approval may have been given long after the look, or by a program at once: it always looks again.
  const known = attempt.approvedBy === null ? freshSight(world, context, effect.plan) : undefined
  const found: Found =
    known === undefined ? await find(world, context, attempt.plan.commit, signal) : { kind: 'planned', sight: known }
  const differs = runtimeErrors.planDiffers({ environment: context.name, commit: attempt.plan.commit })
  if (found.kind === 'invalid' || found.sight.plan.digest !== effect.plan) return stale(differs)
  const { plan, desired, observed } = found.sight
  const acting = {
    ...{ world, plan, desired: desired.resources, drivers: observed.map(({ driver }) => driver) },
    ...{ idempotencyKey: effect.id, signal },
  }
  const impossible = stepRefusals(acting, actionsOf(plan))
  const did = impossible.length > 0 ? [] : await actInOrder(acting, plan.coordination?.preFlight ?? [])
  const rehearsals = Promise.all(
    requestsOf(plan, plan.steps, desired.resources, observed, effect.id).map(
      async ({ observed: { driver }, request }) =>
        (await driver.dryRun(request, signal)).map((refusal) => ({ target: driver.name, ...refusal })),
    ),
  )
  const refusals = await afterSteps(did, rehearsals)
  const [first, ...others] = [...impossible, ...refusals.flat()]
  if (first === undefined) {
    if (known === undefined) world.sights.set(context.name, { at, sight: found.sight })
    return { type: 'validation.passed', effect: effect.id, ...deedsOf(did) }
  }
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return {
    type: 'validation.failed',
    effect: effect.id,
    ...failureFacts(
      targetErrors.refused({
        target: first.target,
        reason: `${first.key}: ${first.message}${more}`,
      }),
    ),
    transient: false,
    ...deedsOf(did),
  }
}

/** Carries out a `backUp`: what every target holds, stored before the first write. */
export async function backUp(
  world: SightedWorld,
  context: EnvironmentContext,
  effect: StepEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const { desired, observed } = await before(world, context, effect.plan, signal)
  const bundle = await world.bundles.saveBackup(observed.map(({ live }) => live))
  world.log.debug({ environment: context.name, resources: desired.length }, 'backed up')
  return { type: 'backup.done', effect: effect.id, bundle }
}

/** Carries out an `applyWave`. */
export async function applyWave(
  world: SightedWorld,
  context: EnvironmentContext,
  effect: StepEffect & { readonly wave: number },
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const { plan, desired, observed } = await before(world, context, effect.plan, signal)
  world.sights.delete(context.name)
  const steps = plan.steps.filter((step) => step.wave === effect.wave)
  try {
    const did = await applySteps(world, plan, steps, desired, observed, effect.id, signal)
    return { type: 'wave.applied', effect: effect.id, ...deedsOf(did) }
  } catch (error) {
    const isStale = error instanceof HonuaError && error.code === 'HONUA_TARGET_STALE'
    if (isStale && effect.wave === 0 && (await nothingLanded(plan, world, context, desired, signal)))
      return { type: 'plan.stale', effect: effect.id, message: error.message }
    throw error
  }
}

/** Carries out a `verify`: everything read back must be what was planned, and every target healthy within the time allowed. */
export async function verify(
  world: World,
  context: EnvironmentContext,
  effect: StepEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const { desired, observed, plan } = await stored(world, context, effect.plan, signal)
  const inventory = inventoryAfter(await world.bundles.inventory(context.inventory), observed, desired)
  const after = planFor(context, asDesired(context.name, plan.commit, plan.release, desired, plan), observed, inventory)
  assertNothingLeft(after)
  await awaitHealth(world, context, signal)
  const acting = {
    ...{ world, plan, desired, drivers: observed.map(({ driver }) => driver) },
    ...{ idempotencyKey: effect.id, signal },
  }
  const did = [
    ...(await actInOrder(acting, plan.coordination?.validation ?? [])),
    ...(await actAnyway(acting, plan.coordination?.postDeployment ?? [])),
  ]
  const saved = await world.bundles.saveInventory(inventory)
  return { type: 'verification.passed', effect: effect.id, inventory: saved, ...deedsOf(did) }
}

/** Throws HONUA_TARGET_NOT_APPLIED when a plan made from what was read back still has something to do. */
export function assertNothingLeft(plan: Plan): void {
  const [first] = plan.changes
  if (first === undefined) return
  const keys = plan.changes.filter((change) => change.target === first.target).map((change) => change.key)
  throw runtimeErrors.notAsPlanned({ target: first.target, keys })
}

/** Every step of the topology that a plan holds, whenever it is done. */
function actionsOf({ steps, coordination }: Plan): readonly PlannedAction[] {
  const { preFlight = [], validation = [], postDeployment = [] } = coordination ?? {}
  return [...preFlight, ...steps.flatMap(({ action }) => action ?? []), ...validation, ...postDeployment]
}

function deedsOf(did: readonly Deed[]): { readonly did?: readonly Deed[] } {
  return did.length === 0 ? {} : { did }
}

/** As `stored`, or as found a moment ago when nothing was written since. */
async function before(world: SightedWorld, context: EnvironmentContext, digest: string, signal: AbortSignal) {
  const sight = freshSight(world, context, digest)
  if (sight === undefined) return stored(world, context, digest, signal)
  return { plan: sight.plan, desired: sight.desired.resources, observed: sight.observed }
}

/** The plan and its release from the store (Git is not needed), and the targets as they are now. */
async function stored(world: World, context: EnvironmentContext, digest: string, signal: AbortSignal) {
  const plan = await world.bundles.plan(digest)
  const bundle = await world.bundles.bundle(plan.release)
  if (bundle.kind !== 'release') throw runtimeErrors.contentMissing({ what: 'the release', digest: plan.release })
  const of = { environment: context.name, drivers: driversOf(world, context), desired: bundle.resources }
  const observed = await world.limiter.run(() => observeAll(world, of, signal))
  return { plan, desired: bundle.resources, observed }
}

async function nothingLanded(
  plan: Plan,
  world: World,
  context: EnvironmentContext,
  desired: readonly Resource[],
  signal: AbortSignal,
): Promise<boolean> {
  const observed = await observeAll(
    world,
    { environment: context.name, drivers: driversOf(world, context), desired },
    signal,
  )
  const live = new Map(
    observed.flatMap(({ live: one }) =>
      one.resources.map((resource) => [`${one.target}/${resource.key}`, resource.digest] as const),
    ),
  )
  return plan.changes.every((change) => (live.get(`${change.target}/${change.key}`) ?? null) !== change.after)
}
