import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { desiredErrors } from '../../core/errors/desired.ts'
import type { HonuaError } from '../../core/errors/index.ts'
import { summarizePlan } from '../../core/plan/index.ts'
import { TOPOLOGY } from '../../core/topology/index.ts'
import type {
  DeclaredResource,
  DesiredState,
  Drifted,
  Instant,
  Plan,
  Problem,
  Resource,
} from '../../core/vocabulary.ts'
import type { Driver } from '../../ports/driver.ts'
import { inventoryAfter, planFor } from './planning.ts'
import type { Sight, SightedWorld } from './sights.ts'
import { driversOf, type ObservedTarget, observeAll, representedBy, takenBy, type World } from './world.ts'

/** What one look found. */
export type Found = Invalid | { readonly kind: 'planned'; readonly sight: Sight }

interface Invalid {
  readonly kind: 'invalid'
  readonly problems: readonly Problem[]
}

/** What a commit declares, and where it belongs. */
interface Declared {
  readonly kind: 'declared'
  readonly desired: DesiredState
  readonly drivers: readonly Driver[]
}

/** Reads what Git declares at the head and what the targets hold, and plans the difference. Writes nothing anywhere. */
export async function find(
  world: World,
  context: EnvironmentContext,
  commit: string,
  signal: AbortSignal,
): Promise<Found> {
  const declared = await declaredAt(world, context, commit, signal)
  if (declared.kind === 'invalid') return declared
  return { kind: 'planned', sight: await sightOf(world, context, declared, signal) }
}

async function declaredAt(
  world: World,
  context: EnvironmentContext,
  commit: string,
  signal: AbortSignal,
): Promise<Declared | Invalid> {
  const { desired, problems: mistakes } = await world.limiter.run(() => world.loader.load(context.name, commit))
  signal.throwIfAborted()
  if (desired === null) return { kind: 'invalid', problems: mistakes }
  const drivers = driversOf(world, context)
  const problems = misplaced(desired.resources, drivers)
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'declared', desired, drivers }
}

function sightOf(
  world: World,
  context: EnvironmentContext,
  { desired, drivers }: Declared,
  signal: AbortSignal,
): Promise<Sight> {
  return world.limiter.run(async () => {
    const observed = await observeAll(world, { environment: context.name, drivers, desired: desired.resources }, signal)
    const inventory = await world.bundles.inventory(context.inventory)
    return { desired, observed, plan: planFor(context, desired, observed, inventory) }
  })
}

/** Resources that no target takes, and topologies beside the first. */
function misplaced(resources: readonly DeclaredResource[], drivers: readonly Driver[]): readonly Problem[] {
  const [, ...others] = resources.filter(({ kind }) => kind === TOPOLOGY)
  const homeless = resources.filter(
    (resource) => resource.kind !== TOPOLOGY && !drivers.some((driver) => takenBy(driver, resource)),
  )
  return [
    ...others.map((resource) => problemWith(resource, desiredErrors.topologies())),
    ...homeless.map((resource) => problemWith(resource, desiredErrors.homeless(resource))),
  ]
}

function problemWith({ location }: DeclaredResource, { code, message, remedy }: HonuaError): Problem {
  return { code, message: `${message}; ${remedy}`, location }
}

/** Carries out a `look`: what it finds is stored before the event names it. */
export async function look(
  world: SightedWorld,
  context: EnvironmentContext,
  effect: { readonly id: string; readonly commit: string },
  signal: AbortSignal,
): Promise<EnvironmentFact> {
  const at = world.clock.now()
  const declared = await declaredAt(world, context, effect.commit, signal)
  if (declared.kind === 'invalid')
    return { type: 'look.invalid', effect: effect.id, problems: declared.problems.slice(0, 20) }
  const isNew = context.applied?.release !== declared.desired.release
  const [sight] = await Promise.all([
    sightOf(world, context, declared, signal),
    // The targets take their time to answer; the release is needed whatever they say.
    isNew ? world.bundles.saveRelease(declared.desired.resources) : null,
  ])
  const { desired, observed, plan } = sight
  if (plan.changes.length > 0) {
    await world.bundles.savePlan(plan, desired.resources, bodiesOf(plan, desired.resources, observed))
    world.sights.set(context.name, { at, sight })
    const drift =
      plan.reason === 'drift'
        ? { drift: await world.bundles.saveDrift(driftedSince(plan, await world.bundles.drift(context.drift), at)) }
        : {}
    return { type: 'look.planned', effect: effect.id, plan: summarizePlan(plan), ...drift }
  }
  const inventory = inventoryAfter(await world.bundles.inventory(context.inventory), observed, desired.resources)
  return {
    type: 'look.clean',
    effect: effect.id,
    commit: desired.commit,
    release: desired.release,
    inventory: await world.bundles.saveInventory(inventory),
  }
}

/** What differs from what was deployed; what did so at the look before has done so since then. */
function driftedSince(plan: Plan, before: readonly Drifted[], at: Instant): readonly Drifted[] {
  const known = new Map(before.map((one) => [`${one.target}\t${one.key}`, one.since]))
  return plan.changes.map(({ target, key, action }) => ({
    target,
    key,
    action,
    since: known.get(`${target}\t${key}`) ?? at,
  }))
}

/** Both sides of each change: what people are shown, and what a rollback of a hand-made state goes back to. */
function bodiesOf(plan: Plan, desired: readonly Resource[], observed: readonly ObservedTarget[]): readonly Resource[] {
  const changed = new Set(plan.changes.map((change) => `${change.target}\t${change.key}`))
  return observed.flatMap(({ driver, live }) => {
    const isChanged = (resource: Resource) => changed.has(`${live.target}\t${resource.key}`)
    return [
      ...live.resources.filter(isChanged),
      ...desired.filter(isChanged).map((resource) => representedBy(driver, resource)),
    ]
  })
}
