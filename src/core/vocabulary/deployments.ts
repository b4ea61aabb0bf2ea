/** Deployments, who made them, and what they keep. */
import type { PlanSummary } from './plans.ts'
import type { CommitId, Digest, Instant, ResourceKey } from './resources.ts'
import type { Deed, LeftOver } from './steps.ts'

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
