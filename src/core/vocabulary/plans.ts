/** Plans, and what decides on them. */
import type { Refused, ResourceChange, Retained } from './changes.ts'
import type { CommitId, Digest, Instant, TreeIds } from './resources.ts'
import type { Coordination, PlanStep } from './steps.ts'

export type RiskLevel = 'Low' | 'Medium' | 'High' | 'Critical'
/**
 * How a deployment of this plan could be undone, known before it starts. metadata-only, reapply: by writing the last good release again;
 * script: steps of the topology are done again besides; restore: something stays unless a person approves that a backup is restored;
 * manual: something stays until a person takes it away.
 */
export type RollbackClass = 'metadata-only' | 'reapply' | 'script' | 'restore' | 'manual'
/** recovery: a database goes back to a backup of it, because a person asks for that. */
export type PlanReason = 'commit' | 'drift' | 'rollback' | 'recovery'

/** A backup of a database, as it is kept now. */
export interface DatabaseBackup {
  readonly id: string
  readonly madeAt: Instant
  /** Over all that it holds. */
  readonly digest: Digest
  /** What putting it back loses, and what it leaves: sentences for people, the same for as long as backup and database are. */
  readonly loses: readonly string[]
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
