/** All that CLI and web may know of the rest: what the HTTP API over the socket takes and answers. Plain JSON. */
import type { JsonObject } from '../core/json.ts'
import type { ReplayEntry } from '../core/replay/bundle.ts'
import type { Rights } from '../core/rights.ts'
import type {
  Actor,
  ChangeAction,
  CommitId,
  Decision,
  Deployment,
  Digest,
  Drifted,
  DriftSettings,
  FieldChange,
  Instant,
  Plan,
  PlanSummary,
  Problem,
  TargetProgress,
} from '../core/vocabulary.ts'

export type { ReplayBundle, ReplayEntry } from '../core/replay/bundle.ts'
export type * from './contract/overview.ts'

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
  /** What is not as it was deployed though Git did not change, by the newest look; null where nothing is. */
  readonly drift: DriftView | null
  readonly driftMode: DriftSettings['mode']
  /** How far each target has come with what is being written to it; empty while nothing is. */
  readonly progress: readonly TargetProgress[]
  readonly autoSync: boolean
  readonly prune: boolean
  readonly targets: readonly string[]
}

export interface DriftView {
  /** When the oldest of it was found first. */
  readonly since: Instant
  readonly total: number
  /** The first 100. The fields that differ stand in the plan. */
  readonly resources: readonly Drifted[]
}

export interface SourceView {
  readonly state: 'Connecting' | 'Watching' | 'Fetching' | 'Unreachable' | 'Invalid'
  readonly url: string
  readonly branch: string
  /** What becomes of a branch that no longer follows what was deployed. */
  readonly historyRewrite: 'accept' | 'hold'
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

/**
 * Every refusal. `why` sorts the codes: not-found (404) · refused: the state does not allow it (409) · busy: a deployment runs (409) ·
 * blocked: a hold, quarantine or void plan (423) · invalid: the request makes no sense (400, 413, 415) · not-allowed (401, 403) ·
 * unavailable: not now (500, 503).
 */
export interface ErrorView {
  readonly why: 'not-found' | 'refused' | 'blocked' | 'busy' | 'invalid' | 'not-allowed' | 'unavailable'
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

/** One line of `GET /v1/journal/…`: the entry as stored, with its place in the chain. */
export interface JournalView extends ReplayEntry {
  readonly stream: string
  readonly previous: Digest
  readonly hash: Digest
}

/** One line of `GET /v1/audit`. */
export interface AuditView {
  readonly sequence: number
  readonly at: Instant
  readonly stream: string
  readonly actor: JsonObject
  readonly action: string
  readonly details: JsonObject
  readonly previous: Digest
  readonly hash: Digest
}

/** A question that only a local user can answer: create the file `path` with `nonce` as content, mode 0640, then send `honua-challenge: <nonce>`. */
export interface ChallengeView {
  readonly nonce: string
  readonly path: string
}

/** Events that a reader was too slow for; sent as `event: dropped`. */
export interface DroppedView {
  readonly count: number
}

/** `event: reset` of `GET /v1/live`: everything as it is now. */
export interface LiveReset {
  readonly status: StatusView
  readonly environments: readonly EnvironmentView[]
}
/** `event: changed`: the environments that moved since the message before, as they are now, and what was committed. */
export interface LiveChange extends LiveReset {
  readonly events: readonly EventView[]
  /** Events that are not told one by one. */
  readonly missed: number
}
/** `event: progress`: environments where what is being written has come further. It has no id: it is no part of any journal. */
export interface LiveProgress {
  readonly environments: readonly Pick<EnvironmentView, 'name' | 'progress'>[]
}
/** `event: alive`, every 15 s. */
export interface LiveAlive {
  readonly status: StatusView
}
/** Who looks at the pages, by what the browser can prove. */
export interface SessionView {
  readonly actor: Actor | null
  /** What that person may do; null for one who did not sign in. */
  readonly rights: Rights | null
  readonly mayRead: boolean
}
/** Lets one inspector in, once, until then: `?ticket=` behind the address. */
export interface InspectTicket {
  readonly ticket: string
  readonly until: Instant
}
/** A token of the secret `operator-tokens`, or the code of a link that is good for one entrance. */
export type EnterBody = { readonly token: string } | { readonly code: string }

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
  /** When given, it is done only while it comes to this plan (its digest, or a prefix of at least 8). */
  readonly plan: string | null
}
export type RollbackPlanBody = Pick<RollbackBody, 'to'>
export interface RestoreBody extends ReasonBody {
  /** Name of the database's target. */
  readonly target: string
  readonly backup: string
}
/** What an order answers when it is on disk. */
export interface DoneView {
  readonly done: true
}
/** The deployment that a rollback, or the request for a restore, goes by. */
export interface RollbackView {
  readonly deployment: string
}
export interface AcceptRewriteBody extends ReasonBody {
  /** The commit to take: at least 7 characters of it. */
  readonly commit: string
}
/** One box of the picture of an environment. */
export interface ComponentView {
  /** Null for a target that the topology does not name, or where there is none. */
  readonly component: string | null
  /** The phase in which it is changed; null with `component`. */
  readonly phase: string | null
  readonly instance: string
  readonly target: string
  /** Resources on the target that are ours; null where that is not told. */
  readonly owned: number | null
}
/** `GET …/composition`: what it is made of, by the newest plan or else by what is deployed. */
export interface CompositionView {
  readonly hasTopology: boolean
  readonly components: readonly ComponentView[]
  /** Components whose section in the topology names another. */
  readonly references: readonly { readonly from: string; readonly to: string }[]
}
/** `GET …/plan`; null where nothing is to be done or nothing is planned yet. */
export interface PlanAnswer {
  readonly plan: PlanView | null
}
export interface EnvironmentList {
  readonly environments: readonly EnvironmentView[]
}
export interface DeploymentList {
  readonly deployments: readonly Deployment[]
}

/** `GET /v1/charts/<stream>`: where one statechart stands. */
export interface ChartView {
  readonly stream: string
  /** Sequence of the event that led here; 0 before the first. */
  readonly sequence: number
  readonly path: string
  readonly context: JsonObject
  /** What the chart would take now, the innermost state first. */
  readonly possible: readonly PossibleView[]
}
/** `depends`: what the event carries decides. */
export interface PossibleView {
  /** Id of the transition in the chart. */
  readonly id: string
  readonly event: string
  readonly guard: string
  /** Null where it changes the context alone. */
  readonly target: string | null
  readonly verdict: 'yes' | 'no' | 'depends'
}
/** `GET /v1/charts/<stream>/<sequence>`: what one event of the journal did. */
export interface StepView {
  readonly sequence: number
  readonly at: Instant
  readonly type: string
  readonly from: string
  readonly to: string
  readonly event: JsonObject
  /** Fields of the context that changed. */
  readonly changed: readonly FieldChange[]
  /** Effects owed afterwards: id and kind. */
  readonly owed: readonly string[]
  /** The transitions that were asked, in that order; the last one was taken. */
  readonly asked: readonly { readonly id: string; readonly guard: string; readonly holds: boolean }[]
  /** Ids of the transitions that were taken, those at once behind the first among them. */
  readonly taken: readonly string[]
}
