import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import { makePlan } from '../../core/plan/index.ts'
import type { CommitId, DesiredState, Digest, Plan, PlanReason, Resource } from '../../core/vocabulary.ts'
import type { OwnedKey } from '../bundles.ts'
import { type ObservedTarget, settingsOf, takenBy } from './world.ts'

/** The plan from what was observed to what is desired; the same inputs give the same digest. */
export function planFor(
  context: EnvironmentContext,
  desired: DesiredState,
  observed: readonly ObservedTarget[],
  inventory: readonly OwnedKey[],
): Plan {
  const reason: PlanReason = context.applied?.release === desired.release ? 'drift' : 'commit'
  return makePlan({
    desired,
    reason,
    targets: observed.map(planTarget),
    inventory,
    settings: settingsOf(context),
  })
}

export function planTarget({ driver, description, abilities, live }: ObservedTarget) {
  return {
    name: driver.name,
    description,
    abilities,
    takes: (resource: Resource) => takenBy(driver, resource),
    represent: driver.represent?.bind(driver),
    omits: driver.omits?.bind(driver),
    objection: driver.objection?.bind(driver),
    live,
  }
}

/** What is ours once `desired` is on the targets: what was ours and is still live or wanted, and all that is desired. */
export function inventoryAfter(
  inventory: readonly OwnedKey[],
  observed: readonly ObservedTarget[],
  desired: readonly Resource[],
): readonly OwnedKey[] {
  const live = new Set(observed.flatMap(({ live }) => live.resources.map(({ key }) => `${live.target}\t${key}`)))
  const kept = inventory.filter((one) => live.has(`${one.target}\t${one.key}`))
  const wanted = observed.flatMap(({ driver, live }) =>
    desired.filter((resource) => takenBy(driver, resource)).map(({ key }) => ({ target: live.target, key })),
  )
  return [...kept, ...wanted]
}

/** A stored release seen as a desired state, so that one planner serves both. */
export function asDesired(
  environment: string,
  commit: CommitId,
  release: Digest,
  resources: readonly Resource[],
  like: Plan | null,
): DesiredState {
  return {
    environment,
    commit,
    trees: like?.trees ?? { environment: null, common: null, gitops: null },
    resources: resources.map((resource) => ({ ...resource, location: { path: '', line: 1, column: 1 } })),
    release,
  }
}
