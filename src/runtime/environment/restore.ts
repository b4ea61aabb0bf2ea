import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { makePlan, summarizePlan } from '../../core/plan/index.ts'
import type { CommitId, Digest, Plan, PlanSummary, Resource } from '../../core/vocabulary.ts'
import type { OwnedKey, StoredBundle } from '../bundles.ts'
import { applySteps, assertNothingLeft, awaitHealth } from './deploy.ts'
import { asDesired, inventoryAfter, planTarget } from './planning.ts'
import { driversOf, type ObservedTarget, observeAll, settingsOf, type World } from './world.ts'

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

/** Carries out a `restore`: writes the stored bundle back over whatever is live. Needs no Git. */
export async function restore(
  world: World,
  context: EnvironmentContext,
  effect: RestoreEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const ways = await waysBack(world, context, effect.release, signal)
  const waves = [...new Set(ways.flatMap(({ plan }) => plan.steps.map((step) => step.wave)))].sort((a, b) => a - b)
  for (const wave of waves)
    for (const { plan, resources, observed } of ways) {
      const steps = plan.steps.filter((step) => step.wave === wave)
      await applySteps(world, plan, steps, resources, [observed], effect.id, signal)
    }
  return { type: 'restore.done', effect: effect.id }
}

/** Carries out a `verifyRestore`. */
export async function verifyRestore(
  world: World,
  context: EnvironmentContext,
  effect: RestoreEffect,
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const ways = await waysBack(world, context, effect.release, signal)
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
  signal: AbortSignal,
): Promise<readonly WayBack[]> {
  const bundle = await world.bundles.bundle(release)
  const hints = bundle.kind === 'release' ? bundle.resources : [...bundle.targets.values()].flat()
  const observed = await observeAll(driversOf(world, context), hints, signal)
  const owned = await world.bundles.inventory(context.inventory)
  const attempt = context.attempt
  const failed = attempt === null || attempt.kind === 'rollback' ? null : await world.bundles.plan(attempt.plan.digest)
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

/** What going back to a deployment's release would do now, stored like any plan so that it can be shown. */
export async function planRollback(
  world: World,
  context: EnvironmentContext,
  target: { readonly commit: CommitId; readonly release: Digest },
  signal: AbortSignal,
): Promise<PlanSummary> {
  const bundle = await world.bundles.bundle(target.release)
  const resources = resourcesOf(bundle, '')
  const observed = await observeAll(driversOf(world, context), resources, signal)
  const plan = makePlan({
    desired: asDesired(context.name, target.commit, target.release, resources, null),
    reason: 'rollback',
    targets: observed.map(planTarget),
    inventory: await world.bundles.inventory(context.inventory),
    settings: settingsOf(context),
  })
  await world.bundles.savePlan(
    plan,
    resources,
    observed.flatMap(({ live }) => live.resources),
  )
  return summarizePlan(plan)
}
