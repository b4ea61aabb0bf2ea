import { diffResources, ignoringFor } from '../diff/index.ts'
import { isProtected, waveOf } from '../resource.ts'
import type {
  DeclaredResource,
  EnvironmentSettings,
  LiveResource,
  Resource,
  ResourceChange,
  ResourceKey,
  Retained,
} from '../vocabulary.ts'
import { breakingReasons } from './breaking.ts'
import type { PlanTarget } from './target.ts'

/** What one target's live state means beside what is desired. */
export interface TargetDifference {
  readonly changes: readonly ResourceChange[]
  readonly retained: readonly Retained[]
  readonly unchanged: number
  /** Live resources that are ours to delete, whether or not they are. */
  readonly owned: number
}

/** What may be deleted: `prune` whatever of `owned` is no longer desired, otherwise only what is in `created`. */
export interface DeletionRight {
  readonly prune: boolean
  readonly owned: ReadonlySet<ResourceKey>
  readonly created: ReadonlySet<ResourceKey>
}

export function differenceOn(
  target: PlanTarget,
  desired: readonly DeclaredResource[],
  right: DeletionRight,
  ignore: EnvironmentSettings['ignore'],
): TargetDifference {
  const live = new Map(target.live.resources.map((resource) => [resource.key, resource]))
  const changes: ResourceChange[] = []
  let unchanged = 0
  for (const declared of desired) {
    const change = writeFor(target, declared, live.get(declared.key), ignore)
    if (change === null) unchanged += 1
    else changes.push(change)
  }
  const wanted = new Set(desired.map((resource) => resource.key))
  const retained: Retained[] = []
  let owned = 0
  for (const resource of target.live.resources) {
    const isOurs = target.abilities.exclusive || right.owned.has(resource.key) || right.created.has(resource.key)
    if (isOurs) owned += 1
    if (wanted.has(resource.key)) continue
    const why = reasonToRetain(target, resource, isOurs, right)
    if (why === null) changes.push(deletionOf(target, resource))
    else retained.push({ target: target.name, key: resource.key, why })
  }
  return { changes, retained, unchanged, owned }
}

function writeFor(
  target: PlanTarget,
  declared: DeclaredResource,
  live: LiveResource | undefined,
  ignore: EnvironmentSettings['ignore'],
): ResourceChange | null {
  const desired = target.represent(declared)
  if (live?.digest === desired.digest) return null
  const common = {
    target: target.name,
    key: declared.key,
    wave: waveOf(declared),
    after: desired.digest,
    location: declared.location,
  }
  if (live === undefined) return { ...common, action: 'create', fields: [], breaking: [], before: null, version: null }
  const fields = diffResources(live, desired, ignore)
  if (fields.length === 0) return null
  return {
    ...common,
    action: 'update',
    fields,
    breaking: breakingReasons(live, desired, ignoringFor(desired.kind, ignore)),
    before: live.digest,
    version: live.version,
  }
}

function reasonToRetain(
  target: PlanTarget,
  live: LiveResource,
  isOurs: boolean,
  right: DeletionRight,
): Retained['why'] | null {
  if (!isOurs) return 'not-ours'
  if (!right.prune && !right.created.has(live.key)) return 'prune-off'
  if (isProtected(live)) return 'protected'
  return target.abilities.delete ? null : 'cannot-delete'
}

function deletionOf(target: PlanTarget, live: LiveResource): ResourceChange {
  return {
    target: target.name,
    key: live.key,
    action: 'delete',
    fields: [],
    breaking: isResource(live) ? [`${live.kind} "${live.name}" is removed`] : [],
    wave: waveOf(live),
    before: live.digest,
    after: null,
    version: live.version,
    location: null,
  }
}

/** A file that nobody declared, found where only our files belong, breaks nobody when it goes. */
function isResource(live: Resource): boolean {
  return live.kind !== 'File' || live.namespace !== '-'
}
