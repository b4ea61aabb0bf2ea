import { areOnOneLine, diffResources, ignoringFor } from '../diff/index.ts'
import { isProtected, waveOf } from '../resource.ts'
import type {
  DeclaredResource,
  EnvironmentSettings,
  FieldChange,
  FixedPart,
  LiveResource,
  Refused,
  Resource,
  ResourceChange,
  ResourceKey,
  Retained,
} from '../vocabulary.ts'
import { breakingReasons, mayBreak } from './breaking.ts'
import { joinByKey, joinEqual } from './join.ts'
import { type PlanTarget, removalOf } from './target.ts'

/** What one target's live state means beside what is desired. */
export interface TargetDifference {
  readonly changes: readonly ResourceChange[]
  readonly retained: readonly Retained[]
  readonly unchanged: number
  /** Live resources that are ours to delete, whether or not they are. */
  readonly owned: number
  /** Of `changes`, those that the target cannot make. */
  readonly refused: readonly Refused[]
  /** What of the written resources the target has no place for: field → how many. */
  readonly omitted: ReadonlyMap<string, number>
}

/** What may be deleted: `prune` whatever of `owned` is no longer desired, otherwise only what is in `created`. */
export interface DeletionRight {
  readonly prune: boolean
  readonly owned: ReadonlySet<ResourceKey>
  readonly created: ReadonlySet<ResourceKey>
}

export function differenceOn(
  target: PlanTarget,
  declaredHere: readonly DeclaredResource[],
  right: DeletionRight,
  ignore: EnvironmentSettings['ignore'],
): TargetDifference {
  const { takes } = target
  // The same list where all belong here: what is known of its groups is kept with it.
  const desired = takes === undefined || declaredHere.every(takes) ? declaredHere : declaredHere.filter(takes)
  const isOurs = ({ key }: LiveResource) => target.abilities.exclusive || right.owned.has(key) || right.created.has(key)
  const changes: ResourceChange[] = []
  const retained: Retained[] = []
  const refused: Refused[] = []
  const omitted = new Map<string, number>()
  let unchanged = 0
  let owned = 0
  // A target that holds resources in a form of its own may differ from what is declared although both texts are equal.
  const { same, rest } =
    target.represent === undefined
      ? joinEqual(desired, target.live.resources)
      : { same: [], rest: joinByKey(desired, target.live.resources) }
  for (const group of same) {
    unchanged += group.length
    owned += target.abilities.exclusive ? group.length : group.filter(isOurs).length
  }
  for (const { declared, live } of rest) {
    if (live !== undefined && live.isOff !== true && isOurs(live)) owned += 1
    if (declared !== undefined) {
      const change = writeFor(target, declared, live, ignore)
      if (change === null) unchanged += 1
      else {
        changes.push(change)
        refused.push(...refusalsOf(target, declared, change))
        for (const field of target.omits?.(declared) ?? []) omitted.set(field, (omitted.get(field) ?? 0) + 1)
      }
      continue
    }
    // It was taken away as far as it can be.
    if (live.isOff === true) continue
    const why = reasonToRetain(target, live, isOurs(live), right)
    if (why === null) changes.push(deletionOf(target, live))
    else retained.push({ target: target.name, key: live.key, why })
  }
  return { changes, retained, unchanged, owned, refused, omitted }
}

function writeFor(
  target: PlanTarget,
  declared: DeclaredResource,
  live: LiveResource | undefined,
  ignore: EnvironmentSettings['ignore'],
): ResourceChange | null {
  const desired = target.represent?.(declared) ?? declared
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
  const recreate = fixedBy(target, desired.kind, fields).filter(({ then }) => then === 'recreate')
  const breaking = mayBreak(fields) ? breakingReasons(live, desired, ignoringFor(desired.kind, ignore)) : []
  return {
    ...common,
    action: 'update',
    ...(recreate.length === 0 ? {} : { means: 'recreate' as const }),
    fields,
    breaking: [...breaking, ...recreate.map(({ why }) => `${target.name} ${why}: it is deleted and created anew`)],
    before: live.digest,
    version: live.version,
  }
}

/** What the target keeps as it is of what these fields would change. */
function fixedBy(target: PlanTarget, kind: string, fields: readonly FieldChange[]): readonly FixedPart[] {
  const { fixed = [] } = target.abilities
  return fixed.filter((part) => part.kind === kind && fields.some(({ pointer }) => areOnOneLine(pointer, part.pointer)))
}

function refusalsOf(
  target: PlanTarget,
  declared: DeclaredResource,
  { key, fields }: ResourceChange,
): readonly Refused[] {
  const fixed = fixedBy(target, declared.kind, fields).filter(({ then }) => then === 'refuse')
  const objection = target.objection?.(declared, target.live) ?? null
  const reasons = [...fixed.map(({ why }) => why), ...(objection === null ? [] : [objection])]
  return reasons.map((why) => ({ target: target.name, key, why }))
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
  return removalOf(target, live.kind) === 'none' ? 'cannot-delete' : null
}

function deletionOf(target: PlanTarget, live: LiveResource): ResourceChange {
  return {
    target: target.name,
    key: live.key,
    action: 'delete',
    ...(removalOf(target, live.kind) === 'disable' ? { means: 'disable' as const } : {}),
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
