import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { DesiredState, Digest, Instant, Plan } from '../../core/vocabulary.ts'
import { Recent } from '../recent.ts'
import { driversOf, type ObservedTarget, type World } from './world.ts'

/** For this long, in ms, steps that follow each other at once build on one look at the targets: a driver looks itself before it writes. */
const FRESH_MS = 1_000
/** As many as environments usually look and deploy at the same moment. */
const SIGHTS_MAX = 16

/** What is desired, what the targets hold, and the plan between them. */
export interface Sight {
  readonly desired: DesiredState
  readonly observed: readonly ObservedTarget[]
  readonly plan: Plan
}

/** The world, and what was seen of it a moment ago. Lost with the process: whatever goes on after a restart looks anew. */
export interface SightedWorld extends World {
  /** The newest sight of an environment that nothing was written to since, with when the look began. */
  readonly sights: Recent<{ readonly at: Instant; readonly sight: Sight }>
}

export function sighted(world: World): SightedWorld {
  return { ...world, sights: new Recent(SIGHTS_MAX) }
}

/** What was seen when this plan was made, if that was a moment ago and by the drivers of today. */
export function freshSight(world: SightedWorld, context: EnvironmentContext, plan: Digest): Sight | undefined {
  const newest = world.sights.get(context.name)
  if (newest?.sight.plan.digest !== plan) return undefined
  const age = world.clock.now() - newest.at
  // A clock that was set back says nothing about the age.
  if (age < 0 || age > FRESH_MS) return undefined
  const drivers = driversOf(world, context)
  const { observed } = newest.sight
  return observed.every(({ driver }, at) => driver === drivers[at]) ? newest.sight : undefined
}
