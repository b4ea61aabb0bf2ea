import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import { runtimeErrors } from '../../core/errors/runtime.ts'
import { MIGRATION } from '../../core/migrations/index.ts'
import { declaredSecrets } from '../../core/placeholders.ts'
import { TOPOLOGY } from '../../core/topology/index.ts'
import type { EnvironmentSettings, LiveState, Resource } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Abilities, Driver } from '../../ports/driver.ts'
import type { Log } from '../../ports/log.ts'
import type { Bundles } from '../bundles.ts'
import type { Limiter } from '../limiter.ts'
import type { DesiredLoader } from '../load-desired.ts'
import type { Doing } from './doing.ts'
import type { Progress } from './progress.ts'
import type { Reached } from './reached.ts'

/** What the work of an environment is done with. */
export interface World {
  readonly clock: Clock
  readonly log: Log
  readonly loader: DesiredLoader
  readonly bundles: Bundles
  /** The drivers of an environment's targets, in the order of its settings. */
  readonly drivers: (environment: string, targets: readonly string[]) => readonly Driver[]
  /** Shared by all environments: bounds how many read and plan at once. */
  readonly limiter: Limiter
  readonly progress: Progress
  readonly doing: Doing
  readonly reached: Reached
}

/** A target as it was found: what answers there, what it can do, what it holds. */
export interface ObservedTarget {
  readonly driver: Driver
  readonly description: string
  readonly abilities: Abilities
  readonly live: LiveState
}

/** How long one step may take in all, in ms. Applying and restoring are long because servers may be slow; hung ones must still end. */
export const STEP_LIMIT_MS = {
  look: 120_000,
  validate: 120_000,
  backUp: 120_000,
  /** As long as the longest step of the library may take, and a little. */
  applyWave: 2_400_000,
  /** A little longer than its parts, each of which is bounded. */
  restore: 1_800_000,
} as const

export function settingsOf(context: EnvironmentContext): EnvironmentSettings {
  if (context.settings === null) throw new TypeError(`environment "${context.name}" has no settings yet`)
  return context.settings
}

/** The drivers of the environment. Throws HONUA_TARGET_NONE when its configuration names none. */
export function driversOf(world: World, context: EnvironmentContext): readonly Driver[] {
  const drivers = world.drivers(context.name, settingsOf(context).targets)
  if (drivers.length === 0) throw runtimeErrors.noTarget({ environment: context.name })
  return drivers
}

/** Whether a declared resource belongs on the driver's target: the topology on none, migrations on databases only, everything else wherever it is not said otherwise. */
export function takenBy(driver: Driver, resource: Resource): boolean {
  if (resource.kind === TOPOLOGY) return false
  return driver.takes?.(resource) ?? resource.kind !== MIGRATION
}

/** A declared resource as the target would hold it. */
export function representedBy(driver: Driver, declared: Resource): Resource {
  return driver.represent?.(declared) ?? declared
}

/** Reads the targets at once. `desired` tells where `${NAME}` may stand in for a live value. */
export async function observeAll(
  { reached, clock }: Pick<World, 'reached' | 'clock'>,
  of: {
    readonly environment: string
    readonly drivers: readonly Driver[]
    readonly desired: readonly Resource[]
  },
  signal: AbortSignal,
): Promise<readonly ObservedTarget[]> {
  const { environment, drivers, desired } = of
  return Promise.all(
    drivers.map((driver) =>
      reached.noting({ environment, target: driver.name, now: () => clock.now() }, async (answers) => {
        const { description, abilities } = await driver.probe(signal)
        answers(description)
        const hints = desired
          .filter((resource) => takenBy(driver, resource) && declaredSecrets(resource).length > 0)
          .map((resource) => representedBy(driver, resource))
        return { driver, description, abilities, live: await driver.observe(hints, signal) }
      }),
    ),
  )
}
