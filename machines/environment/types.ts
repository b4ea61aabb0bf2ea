/** Words of the environment statechart: its memory, the events it takes, the effects it owes. All plain, readonly data. */
import type {
  Actor,
  CommitId,
  Decision,
  Deed,
  DeploymentOutcome,
  Digest,
  EnvironmentSettings,
  Instant,
  PlanSummary,
  Problem,
  Remains,
  TreeIds,
} from '../../src/core/vocabulary.ts'

/** The newest commit that touches this environment. */
export interface Head {
  readonly commit: CommitId
  readonly trees: TreeIds
}

/** A release that was verified on the targets. */
export interface Applied {
  readonly commit: CommitId
  readonly release: Digest
  /** What brought it there; null where a look found it in place. */
  readonly deployment: string | null
  readonly at: Instant
}

/** Automatic deployment paused. `intervention`: the controller asks for a person after a rollback failed, or a recovery ended. */
export interface Hold {
  readonly kind: 'person' | 'intervention'
  readonly by: Actor
  readonly reason: string
  readonly since: Instant
  readonly until: Instant | null
}

/** A release that is not applied again without a person. */
export interface Quarantine {
  readonly release: Digest
  readonly commit: CommitId
  readonly reason: string
  readonly since: Instant
}

/** How often deploying one release was tried, and when the next try may start. */
export interface AttemptSeries {
  readonly release: Digest
  readonly count: number
  readonly nextAt: Instant
}

/** How often in a row drift was healed by itself, and when it may be the next time. */
export interface Heals {
  readonly count: number
  readonly nextAt: Instant
}

/** Why the environment waits, in a word for programs (the gate's name, or an error code) and a sentence for people. */
export interface Waiting {
  readonly reason: string
  readonly message: string
  readonly since: Instant
  readonly until: Instant | null
}

/** The attempt under way, or asked for. Becomes the deployment record together with the state. */
export interface Attempt {
  readonly id: string
  /** `recovery`: a backup of a database is put back, as its plan says. */
  readonly kind: 'apply' | 'rollback' | 'recovery'
  readonly plan: PlanSummary
  readonly initiatedBy: Actor
  readonly approvedBy: Actor | null
  readonly startedAt: Instant
  /** When a pending request lapses; null where no approval was asked for. */
  readonly expiresAt: Instant | null
  readonly wave: number
  readonly backup: Digest | null
  /** The bundle a rollback goes to. */
  readonly restore: { readonly commit: CommitId; readonly release: Digest } | null
  readonly failure: Failure | null
}

export interface Failure {
  readonly outcome: DeploymentOutcome
  readonly code: string
  readonly message: string
}

/** How the attempt before the present one ended: what the record's last move is made from. */
export interface Ended {
  readonly attempt: Attempt
  readonly result: 'Completed' | 'Failed' | 'RolledBack'
  readonly at: Instant
}

export interface EnvironmentContext {
  readonly name: string
  readonly settings: EnvironmentSettings | null
  readonly head: Head | null
  /** What the last look that worked was made against: a later look is due only when the head or the settings differ. */
  readonly seen: { readonly commit: CommitId; readonly release: Digest; readonly at: Instant } | null
  readonly plan: PlanSummary | null
  readonly decision: Decision | null
  readonly attempt: Attempt | null
  /** Who asked for the look that the next attempt comes from, until an attempt or a newer commit; null where the controller looks by itself. */
  readonly requestedBy: Actor | null
  readonly ended: Ended | null
  readonly applied: Applied | null
  /** Bundle of (target, key) pairs that are ours to delete; null before the first deployment. */
  readonly inventory: Digest | null
  readonly hold: Hold | null
  readonly quarantine: readonly Quarantine[]
  readonly series: AttemptSeries | null
  /** Absent until drift is healed for the first time; null again once it stayed away. */
  readonly heals?: Heals | null
  /** Content that lists what has drifted, and since when. Absent until there is drift for the first time. */
  readonly drift?: Digest | null
  /** Looks that failed in a row. */
  readonly misses: number
  readonly waiting: Waiting | null
  readonly problems: readonly Problem[]
  readonly nextLookAt: Instant | null
  /** The head or the settings moved while a deployment ran: look again after it. */
  readonly outdated: boolean
  /** Effects the runtime must carry out, and start again after a restart. */
  readonly owed: readonly EnvironmentEffect[]
}

/** What every event carries: the runtime stamps both before the transition. */
export interface Stamp {
  readonly at: Instant
  /** Sequence of the event in the journal. */
  readonly sequence: number
}

/** An answer names the effect it answers; answers to an effect no longer owed are not taken. */
interface Answer {
  readonly effect: string
}
interface Failed extends Answer {
  readonly code: string
  readonly message: string
  /** True when the same may work later by itself. */
  readonly transient: boolean
  /** Steps of the topology that were done until then, and the one that failed. */
  readonly did?: readonly Deed[]
}
interface Done extends Answer {
  /** Steps of the topology that were done. */
  readonly did?: readonly Deed[]
}
/** Steps of the topology that an effect has begun, each with what became of it as far as that was known. */
export interface BrokenOff {
  readonly effect: string
  readonly did: readonly Deed[]
}
interface NotRestored extends Failed {
  /** What may be ours now: what was, and what the attempt was to bring into being. Absent where it could not be told. */
  readonly inventory?: Digest
  /** What is on each target. Absent in journals of versions that told it in words only, and where it could not be told. */
  readonly remains?: readonly Remains[]
}
interface ByPerson {
  readonly by: Actor
  readonly reason: string
}

export type EnvironmentFact =
  | { readonly type: 'settings.changed'; readonly settings: EnvironmentSettings }
  | { readonly type: 'head.moved'; readonly head: Head }
  | { readonly type: 'look.requested'; readonly by: Actor }
  | { readonly type: 'timer.fired' }
  | ({
      readonly type: 'look.planned'
      readonly plan: PlanSummary
      /** What has drifted, where the plan puts back what was deployed. */
      readonly drift?: Digest
    } & Answer)
  | ({
      readonly type: 'look.clean'
      readonly commit: CommitId
      readonly release: Digest
      readonly inventory: Digest
    } & Answer)
  | ({ readonly type: 'look.invalid'; readonly problems: readonly Problem[] } & Answer)
  | ({ readonly type: 'look.failed' } & Failed)
  | ({ readonly type: 'decision.made'; readonly decision: Decision } & Answer)
  | ({ readonly type: 'approval.granted'; readonly deployment: string } & ByPerson)
  | ({ readonly type: 'approval.rejected'; readonly deployment: string } & ByPerson)
  | ({
      readonly type: 'deployment.cancelled'
      readonly deployment: string
      /** Absent where no step was begun, and in journals of versions that did not tell. */
      readonly brokenOff?: BrokenOff
    } & ByPerson)
  | ({ readonly type: 'hold.placed'; readonly until: Instant | null } & ByPerson)
  | ({ readonly type: 'hold.lifted' } & ByPerson)
  | ({ readonly type: 'rollback.requested'; readonly plan: PlanSummary } & ByPerson)
  | ({
      readonly type: 'recovery.requested'
      readonly plan: PlanSummary
      readonly target: string
      /** Id of the backup. */
      readonly backup: string
    } & ByPerson)
  | ({ readonly type: 'validation.passed' } & Done)
  | ({ readonly type: 'validation.failed' } & Failed)
  | ({ readonly type: 'plan.stale'; readonly message: string } & Answer)
  | ({ readonly type: 'backup.done'; readonly bundle: Digest } & Answer)
  | ({ readonly type: 'backup.failed' } & Failed)
  | ({ readonly type: 'wave.applied' } & Done)
  | ({ readonly type: 'wave.failed' } & Failed)
  | ({ readonly type: 'verification.passed'; readonly inventory: Digest } & Done)
  | ({ readonly type: 'verification.failed' } & Failed)
  | ({ readonly type: 'restore.done' } & Done)
  | ({ readonly type: 'restore.failed' } & NotRestored)
  | ({ readonly type: 'restore.verified'; readonly inventory: Digest } & Answer)
  | ({ readonly type: 'restore.unverified' } & NotRestored)
  | ({ readonly type: 'recovery.checked' } & Answer)
  | ({ readonly type: 'recovery.done'; readonly message: string } & Done)
  | ({ readonly type: 'recovery.failed' } & Failed)

export type EnvironmentEvent = EnvironmentFact & Stamp

/**
 * Work for the runtime, named by what it is about; the rest it needs (settings, inventory …) stands in the same snapshot.
 * `id` is `<environment>/<sequence>/<n>` and serves drivers as idempotency key.
 */
export type EnvironmentEffect = EnvironmentWork & { readonly id: string }

export type EnvironmentWork =
  | { readonly kind: 'look'; readonly commit: CommitId }
  | { readonly kind: 'decide'; readonly plan: Digest }
  | { readonly kind: 'validate'; readonly deployment: string; readonly plan: Digest }
  | { readonly kind: 'backUp'; readonly deployment: string; readonly plan: Digest }
  | { readonly kind: 'applyWave'; readonly deployment: string; readonly plan: Digest; readonly wave: number }
  | { readonly kind: 'verify'; readonly deployment: string; readonly plan: Digest }
  | { readonly kind: 'restore'; readonly deployment: string; readonly release: Digest }
  | { readonly kind: 'verifyRestore'; readonly deployment: string; readonly release: Digest }
  | { readonly kind: 'checkRecovery'; readonly deployment: string; readonly plan: Digest }
  | { readonly kind: 'recover'; readonly deployment: string; readonly plan: Digest }

export interface EnvironmentInput {
  readonly name: string
}
