import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import type { Digest, Plan, Remains, ResourceKey, SomeKeys } from '../../core/vocabulary.ts'
import type { Driver } from '../../ports/driver.ts'
import { failureFacts } from '../failure.ts'
import { withDeadline } from '../patience.ts'
import { waysBack } from './restore.ts'
import { driversOf, type World } from './world.ts'

/** One target is read within so long, in ms, to tell what is on it. */
const LOOK_MS = 60_000
/** So many resources are told by name, of each kind on each target: what is told stands in an event and in a record. */
const KEYS_MAX = 100

/** What a rollback to `release` that failed has left, target by target: for the person who must go on. Throws when the signal aborts. */
export async function remainsOf(
  world: World,
  context: EnvironmentContext,
  release: Digest,
  signal: AbortSignal,
): Promise<readonly Remains[]> {
  const { attempt } = context
  if (attempt === null) return []
  const plan = await world.bundles.plan(attempt.plan.digest)
  const deployed = deployedBy(plan, attempt.kind === 'rollback')
  return Promise.all(
    driversOf(world, context).map(async (driver): Promise<Remains> => {
      const digests = deployed.get(driver.name) ?? new Map()
      try {
        return sorted(driver, digests, await planBack(driver))
      } catch (error) {
        signal.throwIfAborted()
        const unknown = some([...digests.keys()])
        const none = some([])
        return {
          ...{ target: driver.name, unread: failureFacts(error).code },
          ...{ restored: none, asDeployed: none, neither: none, unknown },
        }
      }
    }),
  )

  async function planBack(driver: Driver): Promise<readonly Plan[]> {
    const limit = { ms: LOOK_MS, what: `reading "${driver.name}"`, signal }
    const ways = await withDeadline(world.clock, limit, (limited) =>
      waysBack(world, context, release, [driver], limited),
    )
    return ways.map(({ plan: way }) => way)
  }
}

/** The same in a few words, for a reason that is shown in one line. */
export function remainsWords(remains: readonly Remains[]): string {
  return remains
    .map(({ target, unread, asDeployed, neither }) => {
      if (unread !== null) return `${target} cannot be read (${unread})`
      const left = [
        ...(asDeployed.total === 0 ? [] : [`${asDeployed.total} as deployed`]),
        ...(neither.total === 0 ? [] : [`${neither.total} neither as before nor as deployed`]),
      ]
      return left.length === 0 ? `${target} is restored` : `${target} holds ${left.join(' and ')}`
    })
    .join('; ')
}

type Digests = ReadonlyMap<ResourceKey, Digest | null>

/** What the attempt that is undone left of each resource: what a deployment led to; what a person's rollback found. */
function deployedBy({ changes }: Plan, byPerson: boolean): ReadonlyMap<string, Digests> {
  const targets = new Map<string, Map<ResourceKey, Digest | null>>()
  for (const { target, key, before, after } of changes) {
    const digests = targets.get(target) ?? new Map<ResourceKey, Digest | null>()
    targets.set(target, digests.set(key, byPerson ? before : after))
  }
  return targets
}

function sorted({ name }: Driver, deployed: Digests, back: readonly Plan[]): Remains {
  const left = new Map(back.flatMap(({ changes }) => changes.map(({ key, before }) => [key, before] as const)))
  const isAsDeployed = (key: ResourceKey) => deployed.has(key) && deployed.get(key) === left.get(key)
  return {
    target: name,
    unread: null,
    restored: some([...deployed.keys()].filter((key) => !left.has(key))),
    asDeployed: some([...left.keys()].filter(isAsDeployed)),
    neither: some([...left.keys()].filter((key) => !isAsDeployed(key))),
    unknown: some([]),
  }
}

function some(keys: readonly ResourceKey[]): SomeKeys {
  return { total: keys.length, keys: keys.toSorted().slice(0, KEYS_MAX) }
}
