/** The words of the design, once. Plain readonly data: everything here survives JSON unchanged. */
import type { Json, JsonObject } from './json.ts'

/** SHA-256 over canonical bytes, 64 lower-case hex characters. */
export type Digest = string
/** `Kind/namespace/name`: the identity of a resource, and how it is written everywhere. */
export type ResourceKey = string
/** A full commit id, 40 or 64 lower-case hex characters. */
export type CommitId = string
/** Milliseconds since the epoch, UTC. */
export type Instant = number

/** Where something stands in the repository or a file. Line and column count from 1. */
export interface SourceLocation {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** One thing with an identity and a spec, declared or live. `${NAME}` in it is never resolved here. */
export interface Resource {
  readonly key: ResourceKey
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** Declared metadata except name and namespace: labels, annotations, description … Server-owned fields never. */
  readonly metadata: JsonObject
  readonly spec: JsonObject
  /** Over canonical {apiVersion, kind, namespace, name, metadata, spec}; numbers by value, key order ignored. */
  readonly digest: Digest
}

/** A resource as the repository declares it. */
export interface DeclaredResource extends Resource {
  readonly location: SourceLocation
}

/** A resource as a target holds it now. */
export interface LiveResource extends Resource {
  /** What a conditional write compares (an ETag, a resource version); null where the target has none. */
  readonly version: string | null
  /** Switched off: it is there and does nothing. Where Git does not declare it, it is as good as gone. */
  readonly isOff?: true
}

/** Everything one target holds, read at one moment. Sorted by key. */
export interface LiveState {
  readonly target: string
  readonly resources: readonly LiveResource[]
}

/** Git tree ids that decide whether a commit touches an environment; null where the folder is absent. */
export interface TreeIds {
  readonly environment: string | null
  readonly common: string | null
  readonly gitops: string | null
}

/** What a commit declares for one environment, parsed whole and merged with common. Sorted by key. */
export interface DesiredState {
  readonly environment: string
  readonly commit: CommitId
  readonly trees: TreeIds
  readonly resources: readonly DeclaredResource[]
  /** Digest over the sorted (key, digest) pairs of `resources`. */
  readonly release: Digest
}

/** One mistake in the repository or the configuration, told so that a person can mend it. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly location: SourceLocation | null
}

export type ChangeAction = 'create' | 'update' | 'delete'

/** One field that differs, by JSON Pointer from the resource's root, e.g. `/spec/storage/srid`. Absent sides are absent. */
export interface FieldChange {
  readonly pointer: string
  readonly before?: Json
  readonly after?: Json
}

/** A part of a resource that a target cannot change in place: everything at and below `pointer` of every `kind`. */
export interface FixedPart {
  readonly kind: string
  /** JSON Pointer from the resource's root, e.g. `/spec/geometryType`. */
  readonly pointer: string
  /** The resource is deleted and created anew, or the change cannot be made at all. */
  readonly then: 'recreate' | 'refuse'
  /** For people, after the name of the target: `keeps the geometry type of a layer for ever`. */
  readonly why: string
}

/** What else happens where a target makes a change of one kind, whether anybody wants it or not. */
export interface SideEffect {
  readonly kind: string
  readonly action: ChangeAction
  /** For people, after the name of the target: `runs its own database migrations when it publishes a layer`. */
  readonly says: string
}

/** What becomes of a resource that is taken away: it goes, it is switched off and stays there, or nothing can be done. */
export type Removal = 'delete' | 'disable' | 'none'

/** What a plan does to one resource on one target. */
export interface ResourceChange {
  readonly target: string
  readonly action: ChangeAction
  /** What the action comes to on this target, where it is not what it is called: an update that is delete and create, a deletion that switches off. */
  readonly means?: 'recreate' | 'disable'
  readonly key: ResourceKey
  readonly fields: readonly FieldChange[]
  /** Why existing readers of the layer may break; empty when nothing does. */
  readonly breaking: readonly string[]
  readonly wave: number
  /** Digest of what is live and of what is desired, as the target represents it; null where there is none. */
  readonly before: Digest | null
  readonly after: Digest | null
  /** Version of the live resource the plan was made from; apply refuses when it moved. */
  readonly version: string | null
  /** The file that declares it; null for a deletion. */
  readonly location: SourceLocation | null
}

export type RiskLevel = 'Low' | 'Medium' | 'High' | 'Critical'
/**
 * How a deployment of this plan could be undone, known before it starts. metadata-only, reapply: by writing the last good release again;
 * script: steps of the topology are done again besides; restore: something stays unless a person approves that a backup is restored;
 * manual: something stays until a person takes it away.
 */
export type RollbackClass = 'metadata-only' | 'reapply' | 'script' | 'restore' | 'manual'
/** recovery: a database goes back to a backup of it, because a person asks for that. */
export type PlanReason = 'commit' | 'drift' | 'rollback' | 'recovery'

/** A step of a topology, planned for one target. */
export interface PlannedAction {
  readonly phase: string
  /** Its name in the step library. */
  readonly step: string
  readonly means: 'probe' | 'health' | 'act'
  readonly component: string
  readonly instance: string
  readonly target: string
  /** Given to the driver; references resolved, `${NAME}` not. */
  readonly inputs: JsonObject
  readonly timeoutMs: number
  /** Tries of what failed in passing. */
  readonly tries: number
  /** What takes it back when the deployment is rolled back. */
  readonly undo: 'nothing' | 'restore' | 'again'
}

/** One thing that was looked at, and what was seen. */
export interface CheckResult {
  /** What was asked, for people: `GET /collections/city::parcels`. */
  readonly name: string
  readonly ok: boolean
  readonly message: string
  readonly ms: number
}

/** A step of a topology that was done, or not: for the journal and the record. */
export interface Deed {
  readonly step: string
  readonly component: string
  readonly instance: string
  readonly target: string
  /** Of a step that drains a server or ends that: its name. */
  readonly server?: string
  readonly ok: boolean
  readonly message: string
  readonly ms: number
  /** Of a step that checks; absent where it did something else. At most 50, those that failed among them. */
  readonly checks?: readonly CheckResult[]
}

/** Resources: how many there are, and the first 100 by name. */
export interface SomeKeys {
  readonly total: number
  readonly keys: readonly ResourceKey[]
}

/** What is on one target after a rollback failed; of the resources that were changed, or are not as the rollback would have them. */
export interface Remains {
  readonly target: string
  /** Code of the reason for which it could not be read; null where it was read. */
  readonly unread: string | null
  readonly restored: SomeKeys
  /** As the attempt that was to be undone had left them. */
  readonly asDeployed: SomeKeys
  /** Neither: written in part, or changed by somebody else. */
  readonly neither: SomeKeys
  /** All that was changed on a target that could not be read. */
  readonly unknown: SomeKeys
}

/** A step that left something behind, and where: the server of a drain, the instance of any other. */
export interface PlaceLeft {
  readonly step: string
  readonly target: string
  readonly instance: string
}

/** What a rollback did not bring back. */
export interface LeftOver {
  readonly targets: readonly Remains[]
  /** Servers that a balancer still leaves alone, as far as it said. */
  readonly drained: readonly PlaceLeft[]
  /** Steps that the rollback was to do again, and that failed. */
  readonly notDoneAgain: readonly PlaceLeft[]
}

/** What a plan means for one component. */
export interface Impact {
  readonly component: string
  readonly instance: string
  readonly target: string
  readonly creates: number
  readonly updates: number
  readonly deletes: number
  /** Names of the steps that are done to it while the plan is carried out. */
  readonly steps: readonly string[]
}

/** How a plan follows the environment's topology, beside its steps. */
export interface Coordination {
  /** Digest of the topology. */
  readonly topology: Digest
  /** Before anything is written; a failure leaves everything as it was. */
  readonly preFlight: readonly PlannedAction[]
  /** After everything was read back and is healthy; a failure rolls back. */
  readonly validation: readonly PlannedAction[]
  /** At the very end; a failure is told and changes nothing. */
  readonly postDeployment: readonly PlannedAction[]
  readonly impact: readonly Impact[]
}

/** Changes that one target takes in one go, or an action on it. Steps run by ascending wave; those of one wave run together. */
export interface PlanStep {
  readonly wave: number
  readonly target: string
  /** `target/key` of each change, in the order in which they are applied: writes, then deletions mirrored. */
  readonly changes: readonly string[]
  /** Done instead of changes. */
  readonly action?: PlannedAction
}

/** A backup of a database, as it is kept now. */
export interface DatabaseBackup {
  readonly id: string
  readonly madeAt: Instant
  /** Over all that it holds. */
  readonly digest: Digest
  /** What putting it back loses, and what it leaves: sentences for people, the same for as long as backup and database are. */
  readonly loses: readonly string[]
}

/** Something live that the plan leaves alone though it is not desired, and why. */
export interface Retained {
  readonly target: string
  readonly key: ResourceKey
  readonly why: 'prune-off' | 'protected' | 'not-ours' | 'cannot-delete'
}

/** A change that a target cannot make, and why. */
export interface Refused {
  readonly target: string
  readonly key: ResourceKey
  readonly why: string
}

/** What takes the live state to a release. Immutable; approved and applied by its digest. */
export interface Plan {
  readonly environment: string
  readonly reason: PlanReason
  readonly commit: CommitId
  readonly trees: TreeIds
  /** The release it leads to. */
  readonly release: Digest
  /** Digest over all targets' live (key, digest, version) it was made from. */
  readonly live: Digest
  /** Digest of the environment settings it was made under. */
  readonly policy: Digest
  readonly changes: readonly ResourceChange[]
  readonly steps: readonly PlanStep[]
  readonly retained: readonly Retained[]
  /** Changes that cannot be made: a plan with any is never deployed. Absent where there are none. */
  readonly refused?: readonly Refused[]
  /** Absent where the environment has no topology. */
  readonly coordination?: Coordination
  readonly unchanged: number
  readonly breaking: boolean
  readonly risk: RiskLevel
  readonly rollback: RollbackClass
  /** Share of the live resources that are ours and would be deleted, 0 … 100. */
  readonly deletePercent: number
  /** What the targets cannot do for this plan, said before approval. */
  readonly notes: readonly string[]
  /** Over everything above, canonical. */
  readonly digest: Digest
}

/** What the statechart needs to know of a plan; the plan itself is stored by its digest. */
export interface PlanSummary {
  readonly digest: Digest
  readonly reason: PlanReason
  readonly commit: CommitId
  readonly release: Digest
  readonly live: Digest
  readonly creates: number
  readonly updates: number
  readonly deletes: number
  readonly breaking: boolean
  readonly risk: RiskLevel
  readonly rollback: RollbackClass
  readonly deletePercent: number
  /** Why it cannot be carried out, approved or not; absent where it can. */
  readonly refused?: string
  /** Time, in ms, that steps of a topology may take beside writing, looking and verifying; absent where there are none. */
  readonly stepsMs?: number
  /** The longest that the steps of one wave may take, in ms; absent as `stepsMs` is. */
  readonly waveMs?: number
  /** Number of waves; apply runs 0 … waves-1. */
  readonly waves: number
}

/** One gate's answer. All gates are asked; the decision is their conjunction. */
export type Verdict =
  | { readonly gate: string; readonly answer: 'allow' }
  | { readonly gate: string; readonly answer: 'ask'; readonly reason: string }
  | { readonly gate: string; readonly answer: 'deny'; readonly reason: string }
  | { readonly gate: string; readonly answer: 'defer'; readonly reason: string; readonly until: Instant }

/** deny beats defer beats ask beats allow. */
export interface Decision {
  readonly outcome: 'deploy' | 'ask' | 'wait' | 'block'
  readonly reason: string
  /** When to look again; null where only an event helps. */
  readonly until: Instant | null
  readonly verdicts: readonly Verdict[]
}

export type Weekday = 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun'

/** When automatic deployment may start. Local minutes of the day in `timeZone`; `to` ≤ `from` crosses midnight. */
export interface TimeWindow {
  readonly days: readonly Weekday[]
  readonly fromMinute: number
  readonly toMinute: number
  readonly timeZone: string
}

export interface RetrySettings {
  readonly enabled: boolean
  readonly attemptsMax: number
  readonly backoff: 'exponential' | 'constant'
  readonly initialDelayMs: number
  readonly maxDelayMs: number
}

/** Leave differences at `pointer` of every `kind` out of diffs; kind `*` is every kind. */
export interface IgnoreRule {
  readonly kind: string
  readonly pointer: string
}

/**
 * What is done about drift. `heal`: what was deployed is put back, each time after a longer pause. `warn`: it is told, and left alone
 * until a person asks for a sync. `ignore`: nobody looks for it between commits.
 */
export interface DriftSettings {
  readonly mode: 'ignore' | 'warn' | 'heal'
  /** Pause between the first time that drift is healed and the second; each pause is twice the one before. */
  readonly initialDelayMs: number
  readonly maxDelayMs: number
}

/** A resource that was not as it was deployed when it was looked at last. */
export interface Drifted {
  readonly target: string
  readonly key: ResourceKey
  /** What would put it back. */
  readonly action: ChangeAction
  /** When a look found it so first, and each look since. */
  readonly since: Instant
}

/** How many of the changes that a target is sent now it has made; those of later waves are not counted yet. */
export interface TargetProgress {
  readonly target: string
  readonly done: number
  readonly total: number
}

/** How one environment is run. Comes from the controller's configuration, out of Git's reach. */
export interface EnvironmentSettings {
  readonly autoSync: boolean
  readonly prune: boolean
  readonly windows: readonly TimeWindow[]
  readonly outsideWindow: 'ask' | 'wait'
  readonly retry: RetrySettings
  readonly reconcileIntervalMs: number
  readonly approvalTtlMs: number
  readonly maxDeletePercent: number
  readonly ignore: readonly IgnoreRule[]
  readonly targets: readonly string[]
  readonly verifyTimeoutMs: number
  /** Absent in journals of versions that healed without a pause. */
  readonly drift?: DriftSettings
}

/** Who did something. Never a free-text claim: `how` says what vouches for the name. */
export interface Actor {
  readonly name: string
  readonly how: 'socket-peer' | 'token' | 'controller'
}

export type DeploymentState =
  | 'Pending'
  | 'Validating'
  | 'Planning'
  | 'AwaitingApproval'
  | 'BackingUp'
  | 'Applying'
  | 'PostValidating'
  | 'Completed'
  | 'Failed'
  | 'RollingBack'
  | 'RolledBack'

/** How a deployment left the usual path. */
export type DeploymentOutcome =
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'stale'
  | 'cancelled'
  | 'validation-failed'
  | 'backup-failed'
  | 'apply-failed'
  | 'verify-failed'
  | 'rollback-failed'
  | 'recovery-failed'

export interface StateChange {
  readonly from: DeploymentState
  readonly to: DeploymentState
  readonly at: Instant
  readonly message: string
}

/** One attempt to carry out one plan, as people and APIs see it. */
export interface Deployment {
  /** `<environment>-yyyyMMdd-HHmmss`, with `-2`, `-3` … on a collision. */
  readonly id: string
  readonly environment: string
  readonly state: DeploymentState
  readonly outcome: DeploymentOutcome | null
  readonly commit: CommitId
  readonly release: Digest
  readonly plan: PlanSummary
  readonly initiatedBy: Actor
  readonly approvedBy: Actor | null
  readonly startedAt: Instant
  readonly updatedAt: Instant
  readonly completedAt: Instant | null
  /** When a pending approval request lapses. */
  readonly expiresAt: Instant | null
  /** Digest of the bundle that holds the live state before the first write. */
  readonly backup: Digest | null
  readonly error: { readonly code: string; readonly message: string } | null
  readonly history: readonly StateChange[]
  /** Steps of the topology, in the order in which they were done; absent where there were none. */
  readonly deeds?: readonly Deed[]
  /** Absent where no rollback left anything. */
  readonly left?: LeftOver
}

/** A release's content: what rollback re-applies with Git down. Bodies are stored by digest. */
export interface Bundle {
  readonly environment: string
  readonly commit: CommitId
  readonly resources: readonly { readonly key: ResourceKey; readonly digest: Digest }[]
}
