/** From live and desired to the plan between them. Pure: equal inputs give equal plans, whatever the order they come in. */
import { canonicalJson, digestOf, sha256 } from '../canonical.ts'
import { GroupedDigests } from '../grouped.ts'
import { asJson } from '../json.ts'
import type { ResourcePair } from '../release.ts'
import { type Coordinated, coordinate, coordinateBack, topologyIn } from '../topology/index.ts'
import type {
  Coordination,
  DesiredState,
  Digest,
  EnvironmentSettings,
  LiveResource,
  LiveState,
  Plan,
  PlannedAction,
  PlanReason,
  PlanStep,
  PlanSummary,
  Resource,
  ResourceChange,
  ResourceKey,
} from '../vocabulary.ts'
import { differenceOn } from './changes.ts'
import { notesOf, omissionNotes, repeatNotes } from './notes.ts'
import { compare, inOrder, stepsOf } from './order.ts'
import { riskOf, rollbackClassOf } from './risk.ts'
import type { PlanTarget } from './target.ts'

export { isWipeOut } from './risk.ts'
export type { PlanTarget } from './target.ts'

/** Something on a target, by name. */
export interface TargetKey {
  readonly target: string
  readonly key: ResourceKey
}

export interface PlanInput {
  readonly desired: DesiredState
  readonly reason: PlanReason
  /** Every target takes all that is desired. */
  readonly targets: readonly PlanTarget[]
  /** What is ours: only that may be deleted. */
  readonly inventory: readonly TargetKey[]
  readonly settings: EnvironmentSettings
  /** What a rollback takes away again although `prune` is off: what the failed deployment had created. */
  readonly created?: readonly TargetKey[]
  /** The release that a rollback leaves: the way of its topology is taken backwards. No order but that of the waves where nothing is said. */
  readonly from?: readonly Resource[]
}

/** Plans what takes the live state to the desired one. No changes: the two mean the same. */
export function makePlan(input: PlanInput): Plan {
  const { desired, reason, settings } = input
  const targets = [...input.targets].sort((a, b) => compare(a.name, b.name))
  const differences = targets.map((target) =>
    differenceOn(
      target,
      desired.resources,
      {
        prune: settings.prune,
        owned: keysOn(input.inventory, target.name),
        created: keysOn(input.created ?? [], target.name),
      },
      settings.ignore,
    ),
  )
  const unable = differences.flatMap((difference) => difference.refused)
  // What cannot be changed cannot be changed back either: a rollback leaves it, and says so.
  const leaves = reason === 'rollback' ? new Set(unable.map(({ target, key }) => `${target}/${key}`)) : new Set()
  const changes = inOrder(
    differences
      .flatMap((difference) => difference.changes)
      .filter(({ target, key }) => !leaves.has(`${target}/${key}`)),
  )
  const deletePercent = percent(
    changes.filter(isDeletion).length,
    sum(differences.map((difference) => difference.owned)),
  )
  const coordinated = coordinatedBy(input, changes, targets)
  const refused = [...unable, ...(coordinated?.refused ?? [])]
  const breaking = changes.some((change) => change.breaking.length > 0)
  const steps = coordinated?.steps ?? stepsOf(changes, targets)
  const plan: Omit<Plan, 'digest'> = {
    environment: desired.environment,
    reason,
    commit: desired.commit,
    trees: desired.trees,
    release: desired.release,
    live: liveDigest(targets.map((target) => target.live)),
    policy: digestOf(asJson(settings)),
    changes,
    steps,
    retained: differences
      .flatMap((difference) => difference.retained)
      .sort((a, b) => compare(a.target, b.target) || compare(a.key, b.key)),
    ...(refused.length === 0 || reason === 'rollback' ? {} : { refused }),
    ...(coordinated === null ? {} : { coordination: coordinated.coordination }),
    unchanged: sum(differences.map((difference) => difference.unchanged)),
    breaking,
    risk: riskOf(changes, { breaking, deletePercent, maxDeletePercent: settings.maxDeletePercent }),
    rollback: rollbackClassOf(changes, targets, steps),
    deletePercent,
    notes: [
      ...notesOf(changes, targets),
      ...differences.flatMap(({ omitted }, at) => omissionNotes(targets[at]?.name ?? '', omitted)),
      ...repeatNotes(actionsIn(steps, coordinated?.coordination), targets),
      ...(reason === 'rollback' ? unable.map(({ target, key, why }) => `${key} stays as it is: ${target} ${why}`) : []),
    ],
  }
  const text = canonicalJson(asJson(plan))
  const whole = { ...plan, digest: sha256(text) }
  texts.set(whole, text)
  return whole
}

/** Of plans that were just made and not stored yet: a large plan takes as long to put into words as to make. */
const texts = new WeakMap<Plan, string>()

/** The words whose SHA-256 is the plan's digest. */
export function planText(plan: Plan): string {
  const text = texts.get(plan)
  texts.delete(plan)
  if (text !== undefined) return text
  const { digest: _, ...content } = plan
  return canonicalJson(asJson(content))
}

function actionsIn(steps: readonly PlanStep[], coordination: Coordination | undefined): readonly PlannedAction[] {
  const { preFlight = [], validation = [], postDeployment = [] } = coordination ?? {}
  return [...preFlight, ...steps.flatMap(({ action }) => action ?? []), ...validation, ...postDeployment]
}

/** The changes along the topology that says how: what is deployed is deployed by its own, and taken back by the way it came. */
function coordinatedBy(
  { reason, desired, from = [] }: PlanInput,
  changes: readonly ResourceChange[],
  targets: readonly PlanTarget[],
): Coordinated | null {
  const declared = topologyIn(desired.resources)
  if (reason !== 'rollback') return declared === null ? null : coordinate(declared, changes, targets)
  const left = topologyIn(from)
  return left === null ? null : coordinateBack(left, declared, changes, targets)
}

/** What the statechart and the gates need of a plan. */
export function summarizePlan(plan: Plan): PlanSummary {
  const { digest, reason, commit, release, live, breaking, risk, rollback, deletePercent, refused } = plan
  const count = (action: ResourceChange['action']) => plan.changes.filter((change) => change.action === action).length
  return {
    digest,
    reason,
    commit,
    release,
    live,
    creates: count('create'),
    updates: count('update'),
    deletes: count('delete'),
    breaking,
    risk,
    rollback,
    deletePercent,
    ...(refused === undefined
      ? {}
      : { refused: refused.map(({ target, key, why }) => `${key}: ${target} ${why}`).join('; ') }),
    ...(plan.coordination === undefined ? {} : { stepsMs: stepsMs(plan.coordination), waveMs: waveMs(plan.steps) }),
    waves: (plan.steps.at(-1)?.wave ?? -1) + 1,
  }
}

/** Pauses between the tries of a step are at most so long, in ms. */
const PAUSE_MAX_MS = 10_000

function stepsMs({ preFlight, validation, postDeployment }: Coordination): number {
  return sum([...preFlight, ...validation, ...postDeployment].map(atMostMs))
}

function atMostMs({ timeoutMs, tries }: PlannedAction): number {
  return timeoutMs * tries + PAUSE_MAX_MS * (tries - 1)
}

/** The longest that the steps of one wave may take: they run side by side. */
function waveMs(steps: readonly PlanStep[]): number {
  return Math.max(0, ...steps.map(({ action }) => (action === undefined ? 0 : atMostMs(action))))
}

/** What a target should hold after the whole plan: what is written, what is as it was, what is retained. `wanted` is as the target represents it. */
export function resultOf(
  plan: Plan,
  target: string,
  wanted: readonly Resource[],
  live: LiveState,
): readonly ResourcePair[] {
  const changes = new Map(
    plan.changes.filter((change) => change.target === target).map((change) => [change.key, change]),
  )
  const kept = live.resources.filter((resource) => !changes.has(resource.key))
  const written = wanted.filter((resource) => changes.get(resource.key)?.after === resource.digest)
  return [...kept, ...written].map(({ key, digest }) => ({ key, digest })).sort((a, b) => compare(a.key, b.key))
}

const versions = new GroupedDigests<LiveResource>(({ digest, version }) =>
  version === digest ? digest : `${digest} ${version ?? ''}`,
)

/** Digest of what all targets hold, versions included. */
export function liveDigest(lives: readonly LiveState[]): Digest {
  const parts = lives.map(({ target, resources }) => {
    const digests = versions.groups(resources).map(({ digest }) => digest)
    return `${target}\n${digests.join('\n')}\n\n`
  })
  return sha256(parts.sort().join(''))
}

function keysOn(list: readonly TargetKey[], target: string): ReadonlySet<ResourceKey> {
  return new Set(list.filter((one) => one.target === target).map((one) => one.key))
}

function isDeletion(change: ResourceChange): boolean {
  return change.action === 'delete'
}

/** Rounded up, so that "everything but one of a thousand" is not shown as less than it is. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.ceil((part / whole) * 100)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
