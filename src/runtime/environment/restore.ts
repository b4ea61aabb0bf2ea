import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { HonuaError } from '../../core/errors/index.ts'
import { makePlan } from '../../core/plan/index.ts'
import { type Retreat, retreatAlong, retreatFrom, TOPOLOGY, topologyIn } from '../../core/topology/index.ts'
import type { CommitId, Digest, Plan, PlannedAction, PlanStep, Resource } from '../../core/vocabulary.ts'
import type { Driver } from '../../ports/driver.ts'
import type { OwnedKey, StoredBundle } from '../bundles.ts'
import { withDeadline } from '../patience.ts'
import { actAnyway } from './actions.ts'
import { applySteps } from './apply.ts'
import { assertNothingLeft, attemptOf } from './deploy.ts'
import { awaitHealth } from './health.ts'
import { asDesired, inventoryAfter, planTarget } from './planning.ts'
import { driversOf, type ObservedTarget, observeAll, settingsOf, type World } from './world.ts'

/** Writing back may take so long in all, in ms; what is done again afterwards so long. */
const WRITING_BACK_MS = 900_000
const AGAIN_MS = 600_000

interface RestoreEffect {
  readonly id: string
  readonly release: Digest
}

/** One target's way back: its plan, and what it should hold at the end. */
interface WayBack {
  readonly observed: ObservedTarget
  readonly resources: readonly Resource[]
  /** Those of them that a release of ours declares: nothing that a backup found there becomes ours by being put back. */
  readonly released: readonly Resource[]
  readonly plan: Plan
}

/**
 * Carries out a `restore`: writes the stored bundle back over whatever is live. Needs no Git. Where a topology tells the way, targets are
 * restored one after the other in mirrored order, then steps that must be done again are.
 */
export async function restore(
  world: World,
  context: EnvironmentContext,
  effect: RestoreEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const { plan: undone, retreat } = await retreatOf(world, context, effect.release)
  const drivers = driversOf(world, context)
  const restored = new Map<string, Resource>()
  const limit = { ms: WRITING_BACK_MS, what: `writing back what "${context.name}" held`, signal }
  await withDeadline(world.clock, limit, async (limited) => {
    const ways = await waysBack(world, context, effect.release, drivers, limited)
    for (const { resources } of ways) for (const resource of resources) restored.set(resource.key, resource)
    for (const { plan, steps, resources, observed } of inOrder(ways, retreat))
      await applySteps(world, plan, steps, resources, [observed], effect.id, limited)
  })
  const again = inTime(retreat?.again ?? [])
  if (again.length === 0) return { type: 'restore.done', effect: effect.id }
  const owed = { idempotencyKey: effect.id, signal }
  const did = await actAnyway({ world, plan: undone, desired: [...restored.values()], drivers, ...owed }, again)
  return { type: 'restore.done', effect: effect.id, did }
}

/** Steps that together take no longer than they may: what is back already is not to be lost because a cache does not answer. */
function inTime(actions: readonly PlannedAction[]): readonly PlannedAction[] {
  return actions.map((action) => {
    const ms = Math.floor(AGAIN_MS / actions.length / action.tries)
    return ms < action.timeoutMs ? { ...action, timeoutMs: ms } : action
  })
}

/**
 * The plan of the open attempt, and how the targets go back: against the order of a deployment that failed, and as the plan says that was
 * made for a person. Null where no topology says how.
 */
async function retreatOf(
  world: World,
  context: EnvironmentContext,
  release: Digest,
): Promise<{ readonly plan: Plan; readonly retreat: Retreat | null }> {
  const { kind, plan: summary } = attemptOf(context)
  const plan = await world.bundles.plan(summary.digest)
  if (plan.coordination === undefined) return { plan, retreat: null }
  if (kind === 'rollback') return { plan, retreat: retreatAlong(plan.steps) }
  const topology = topologyIn(resourcesOf(await world.bundles.bundle(release), ''))
  return { plan, retreat: retreatFrom(plan.steps, topology) }
}

/** Steps of the ways back in the order in which they are taken: wave by wave, or target by target. */
function inOrder(
  ways: readonly WayBack[],
  retreat: Retreat | null,
): readonly (WayBack & { readonly steps: readonly PlanStep[] })[] {
  const stepsOf = (way: WayBack) => way.plan.steps.filter(({ action }) => action === undefined)
  if (retreat === null) {
    const waves = [...new Set(ways.flatMap((way) => stepsOf(way).map(({ wave }) => wave)))].sort((a, b) => a - b)
    return waves.flatMap((wave) =>
      ways.map((way) => ({ ...way, steps: stepsOf(way).filter((step) => step.wave === wave) })),
    )
  }
  const known = retreat.targets.flatMap((name) => ways.filter(({ observed }) => observed.driver.name === name))
  const others = ways.filter((way) => !known.includes(way))
  return [...known, ...others].flatMap((way) => {
    const waves = [...new Set(stepsOf(way).map(({ wave }) => wave))]
    return waves.map((wave) => ({ ...way, steps: stepsOf(way).filter((step) => step.wave === wave) }))
  })
}

/** Carries out a `verifyRestore`. */
export async function verifyRestore(
  world: World,
  context: EnvironmentContext,
  effect: RestoreEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const ways = await waysBack(world, context, effect.release, driversOf(world, context), signal)
  for (const { plan } of ways) assertNothingLeft(plan)
  await awaitHealth(world, context, signal)
  const owned = await world.bundles.inventory(context.inventory)
  const inventory = ways.flatMap(({ observed, released }) =>
    inventoryAfter(
      owned.filter((one) => one.target === observed.live.target),
      [observed],
      released,
    ),
  )
  return { type: 'restore.verified', effect: effect.id, inventory: await world.bundles.saveInventory(inventory) }
}

/** Plans from what is live to a stored bundle, target by target. */
export async function waysBack(
  world: World,
  context: EnvironmentContext,
  release: Digest,
  drivers: readonly Driver[],
  signal: AbortSignal,
): Promise<readonly WayBack[]> {
  const bundle = await world.bundles.bundle(release)
  const hints = bundle.kind === 'release' ? bundle.resources : [...bundle.targets.values()].flat()
  const observed = await observeAll(world, { environment: context.name, drivers, desired: hints }, signal)
  const owned = await world.bundles.inventory(context.inventory)
  const attempt = context.attempt
  const failed = await failedPlan(world, context)
  return observed.map((target) => {
    const resources = ownPart(resourcesOf(bundle, target.live.target), bundle, target, failed, owned)
    const desired = asDesired(context.name, attempt?.restore?.commit ?? '', release, resources, failed)
    const plan = makePlan({
      desired,
      reason: 'rollback',
      targets: [planTarget(target)],
      inventory: owned,
      settings: settingsOf(context),
      created: createdBy(failed, target.live.target),
    })
    return { observed: target, resources, released: bundle.kind === 'release' ? resources : [], plan }
  })
}

/** The plan of the deployment that is rolled back; null where a person rolls back one that had ended. */
async function failedPlan(world: World, { attempt }: EnvironmentContext): Promise<Plan | null> {
  return attempt === null || attempt.kind === 'rollback' ? null : world.bundles.plan(attempt.plan.digest)
}

/**
 * What of a bundle is put back. A backup holds what others keep on the target too, and they may have changed it since: of it, only
 * what is ours or was touched by the failed deployment.
 */
function ownPart(
  resources: readonly Resource[],
  bundle: StoredBundle,
  { live, abilities }: ObservedTarget,
  failed: Plan | null,
  owned: readonly OwnedKey[],
): readonly Resource[] {
  if (bundle.kind === 'release' || abilities.exclusive) return resources
  const touched = failed?.changes ?? []
  const keys = new Set([...owned, ...touched].filter(({ target }) => target === live.target).map(({ key }) => key))
  return resources.filter(({ key }) => keys.has(key))
}

/** What the failed deployment brought into being on a target: the rollback takes it away again, whatever `prune` says. */
function createdBy(failed: Plan | null, target: string): readonly { readonly target: string; readonly key: string }[] {
  const created = failed?.changes.filter((change) => change.action === 'create' && change.target === target) ?? []
  return created.map((change) => ({ target, key: change.key }))
}

function resourcesOf(bundle: StoredBundle, target: string): readonly Resource[] {
  return bundle.kind === 'release' ? bundle.resources : (bundle.targets.get(target) ?? [])
}

/**
 * What going back to a deployment's release would do now, stored like any plan so that it can be shown: the way of the release that is
 * deployed, backwards. How that one came there does not matter, it may be by a rollback or by parts.
 */
export async function planRollback(
  world: World,
  context: EnvironmentContext,
  target: { readonly commit: CommitId; readonly release: Digest },
  signal: AbortSignal,
): Promise<Plan> {
  const bundle = await world.bundles.bundle(target.release)
  const resources = resourcesOf(bundle, '')
  const observed = await observeAll(
    world,
    { environment: context.name, drivers: driversOf(world, context), desired: resources },
    signal,
  )
  const { applied } = context
  const plan = makePlan({
    desired: asDesired(context.name, target.commit, target.release, resources, null),
    reason: 'rollback',
    from: applied === null ? [] : await topologyOf(world, context.name, applied.release),
    targets: observed.map(planTarget),
    inventory: await world.bundles.inventory(context.inventory),
    settings: settingsOf(context),
  })
  await world.bundles.savePlan(
    plan,
    resources,
    observed.flatMap(({ live }) => live.resources),
  )
  return plan
}

/** None where the store does not hold the release any more: what is gone or damaged of it keeps nobody from going back to another. */
async function topologyOf(world: World, environment: string, release: Digest): Promise<readonly Resource[]> {
  try {
    return await world.bundles.ofKind(release, TOPOLOGY)
  } catch (error) {
    if (!(error instanceof HonuaError) || !UNREADABLE.has(error.code)) throw error
    world.log.warn(
      { environment, release, code: error.code },
      'the rollback follows no topology: what is deployed cannot be read',
    )
    return []
  }
}

const UNREADABLE = new Set(['HONUA_CONTENT_MISSING', 'HONUA_STORE_CORRUPT'])
