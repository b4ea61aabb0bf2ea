/** All that CLI and web may know of the rest: what the HTTP API over the socket takes and answers. Plain JSON. */
import type { JsonObject } from '../core/json.ts'
import type {
  Actor,
  ChangeAction,
  CommitId,
  Decision,
  Deployment,
  Digest,
  Instant,
  Plan,
  PlanSummary,
  Problem,
} from '../core/vocabulary.ts'

/** `Unknown`, `Synced`, `OutOfSync`, `AwaitingApproval`, `Deploying` or `RollingBack`. */
export type TopState = 'Unknown' | 'Synced' | 'OutOfSync' | 'AwaitingApproval' | 'Deploying' | 'RollingBack'

export interface EnvironmentView {
  readonly name: string
  readonly state: TopState
  /** The whole way down, e.g. `OutOfSync.waiting`. */
  readonly path: string
  /** A reason word and a sentence while it waits; null otherwise. */
  readonly waiting: {
    readonly reason: string
    readonly message: string
    readonly since: Instant
    readonly until: Instant | null
  } | null
  readonly hold: {
    readonly kind: 'person' | 'intervention'
    readonly by: Actor
    readonly reason: string
    readonly since: Instant
    readonly until: Instant | null
  } | null
  readonly quarantine: readonly {
    readonly release: Digest
    readonly commit: CommitId
    readonly reason: string
    readonly since: Instant
  }[]
  /** Newest commit that touches it, and what is deployed. */
  readonly latestCommit: CommitId | null
  readonly deployedCommit: CommitId | null
  readonly deployedRelease: Digest | null
  readonly deployedAt: Instant | null
  /** When live was last read and compared successfully; the age of everything said here. */
  readonly observedAt: Instant | null
  readonly nextLookAt: Instant | null
  readonly plan: PlanSummary | null
  readonly decision: Decision | null
  /** Id of the deployment under way or asked for. */
  readonly deployment: string | null
  readonly problems: readonly Problem[]
  readonly autoSync: boolean
  readonly prune: boolean
  readonly targets: readonly string[]
}

export interface SourceView {
  readonly state: 'Connecting' | 'Watching' | 'Fetching' | 'Unreachable' | 'Invalid'
  readonly url: string
  readonly branch: string
  readonly head: CommitId | null
  /** A commit that waits because history was rewritten. */
  readonly pending: CommitId | null
  readonly failure: { readonly code: string; readonly message: string; readonly since: Instant } | null
  readonly lastCheckAt: Instant | null
  readonly lastSuccessAt: Instant | null
  readonly nextPollAt: Instant | null
}

export interface StatusView {
  readonly version: string
  readonly state: 'Starting' | 'Running' | 'DiskFull' | 'Stopping'
  readonly startedAt: Instant
  readonly now: Instant
  readonly source: SourceView
  /** Newest successful sync (look or deployment) of any environment. */
  readonly lastSyncAt: Instant | null
  readonly environments: { readonly [state in TopState]: number }
  /** Accepted configuration that does nothing yet, and what is wrong with a configuration that was not taken. */
  readonly notices: readonly string[]
}

/** A plan with the two sides of each change as YAML text, for field diffs and unified diffs. Secrets are never in it. */
export interface PlanView {
  readonly plan: Plan
  readonly documents: readonly {
    readonly target: string
    readonly key: string
    readonly action: ChangeAction
    readonly before: string | null
    readonly after: string | null
  }[]
}

export interface ErrorView {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** What one journal entry changed: the line `events` and `replay` print. */
export interface EventView {
  readonly stream: string
  readonly sequence: number
  readonly at: Instant
  readonly type: string
  readonly from: string
  readonly to: string
  readonly event: JsonObject
  readonly owed: readonly string[]
}

/** Everything needed to replay one actor elsewhere. */
export interface ReplayBundle {
  readonly format: 'honua-replay'
  readonly version: 1
  readonly stream: string
  readonly machine: { readonly name: string; readonly version: number; readonly chart: Digest }
  readonly input: JsonObject
  readonly entries: readonly JsonObject[]
  readonly snapshot: JsonObject
}

export interface HoldBody {
  readonly reason: string
  readonly until: Instant | null
}
export interface ReasonBody {
  readonly reason: string
}
export interface ApproveBody {
  readonly reason: string
  /** When given, the approval counts only for this plan digest (or an unambiguous prefix of at least 8). */
  readonly plan: string | null
}
export interface RollbackBody {
  readonly reason: string
  /** A deployment id or a commit (prefix of at least 7); null is the release deployed before the present one. */
  readonly to: string | null
}
export interface DeploymentList {
  readonly deployments: readonly Deployment[]
}
