/** What the faces (the API now; webhooks and dashboard later) may ask of the running controller. */
import type { Observable } from 'rxjs'
import type { EnvironmentContext } from '../../machines/environment/types.ts'
import type { SourceContext } from '../../machines/source/types.ts'
import type { JsonObject } from '../core/json.ts'
import type { Comparison } from '../core/release.ts'
import type { Composition } from '../core/topology/index.ts'
import type {
  Actor,
  ChangeAction,
  CommitId,
  Deployment,
  Digest,
  Drifted,
  Instant,
  NotYetActive,
  Plan,
  ResourceKey,
  TargetProgress,
  TargetSeen,
} from '../core/vocabulary.ts'
import type { CommitInfo } from '../ports/git.ts'
import type {
  AuditEntry,
  DocumentQuery,
  JournalBase,
  JournalEntry,
  StoredSnapshot,
  StoreHealth,
  StoreRoom,
} from '../ports/store.ts'

/** One committed transition, told only after it is on disk. `from` and `to` are state paths, e.g. `OutOfSync.deciding`. */
export interface Committed {
  readonly entry: JournalEntry
  readonly from: string
  readonly to: string
  /** Kinds of the effects owed after it. */
  readonly owed: readonly string[]
}

/** What the controller answers to an order: done (and on disk), or why not. */
export type Answer<Value = null> = { readonly ok: true; readonly value: Value } | Refused

/** not-found: no such thing · refused: its state does not allow it · blocked: a hold, quarantine or void plan · busy: a deployment runs · invalid: the order makes no sense · unavailable: cannot be made durable now (disk full). */
export interface Refused {
  readonly ok: false
  readonly why: 'not-found' | 'refused' | 'blocked' | 'busy' | 'invalid' | 'unavailable'
  readonly code: string
  readonly message: string
  readonly remedy: string
}

export interface EnvironmentStatus {
  readonly name: string
  /** State path, e.g. `OutOfSync.waiting`. */
  readonly path: string
  readonly context: EnvironmentContext
}

export interface SourceStatus {
  readonly path: string
  readonly context: SourceContext
  /** Newest poll, newest poll that was answered, and when the next is due; in memory only. */
  readonly lastCheckAt: Instant | null
  readonly lastSuccessAt: Instant | null
  readonly nextPollAt: Instant | null
}

/** A plan with the two sides of each change; bodies hold `${NAME}` and `(hidden)`, never a secret. */
export interface PlanWithBodies {
  readonly plan: Plan
  readonly bodies: readonly {
    readonly target: string
    readonly key: ResourceKey
    readonly action: ChangeAction
    readonly before: JsonObject | null
    readonly after: JsonObject | null
  }[]
}

export interface Facade {
  readonly version: string
  readonly startedAt: Instant
  now(): Instant
  state(): 'Starting' | 'Running' | 'DiskFull' | 'Stopping'
  storeHealth(): StoreHealth
  /** What is configured but not active yet, and problems of a configuration that was not taken. */
  notices(): readonly string[]
  environments(): readonly EnvironmentStatus[]
  environment(name: string): EnvironmentStatus | undefined
  source(): SourceStatus
  /** What is not as it was deployed, by the newest look at it, in order of target and key; empty where nothing is. */
  drift(environment: string): Promise<readonly Drifted[]>
  /** How far each target has come with what is being written to it; empty while nothing is. In memory only. */
  progress(environment: string): readonly TargetProgress[]
  /** How the newest look at each target went, since the controller started. In memory only. */
  targets(environment: string): readonly TargetSeen[]
  /** Names of environments in the order in which the configuration gives them. */
  order(): readonly string[]
  /** What is configured and does nothing yet. */
  notYetActive(): NotYetActive
  /** The disk of the store; null where there is none. */
  room(): Promise<StoreRoom | null>
  /**
   * How many commits after `from` and up to `to` touch the environment: its folder, environments/common or .gitops. At most 1,000; null
   * where the cache of the repository does not hold both. Costs a Git process the first time.
   */
  commitsBetween(environment: string, from: CommitId, to: CommitId): Promise<number | null>
  /** Who made a commit, and what for; null where the cache of the repository does not hold it. */
  commit(id: CommitId): Promise<CommitInfo | null>
  /** How the resources of two releases differ; null where one is no longer kept. */
  compareReleases(one: Digest, other: Digest): Promise<Comparison | null>
  /** What a release says that an environment is made of; null where it says nothing of it. */
  composition(release: Digest): Promise<Composition | null>
  /** How many resources on each target are ours. */
  owned(environment: string): Promise<ReadonlyMap<string, number>>
  /** The open plan of an environment; null where it has none. */
  plan(environment: string): Promise<PlanWithBodies | null>
  /** The plan a deployment carries out or carried out. */
  deploymentPlan(id: string): Promise<PlanWithBodies | null>
  deployments(query?: DocumentQuery): AsyncIterable<Deployment>
  deployment(id: string): Promise<Deployment | undefined>
  /** Streams are `source` and `environment/<name>`. */
  journal(stream: string, from?: number, to?: number): AsyncIterable<JournalEntry>
  /** Where the journal of a stream begins; undefined while it is whole. */
  base(stream: string): Promise<JournalBase | undefined>
  snapshot(stream: string): Promise<StoredSnapshot | undefined>
  audit(from?: number): AsyncIterable<AuditEntry>
  /** The text of a backup of everything, of one moment, piece by piece. */
  backup(): AsyncIterable<string>
  readonly committed$: Observable<Committed>

  /** Looks at once: polls the remote, then compares. Resolves when the look is under way. */
  sync(environment: string, by: Actor): Promise<Answer>
  hold(
    environment: string,
    order: { readonly reason: string; readonly until: Instant | null },
    by: Actor,
  ): Promise<Answer>
  unhold(environment: string, order: { readonly reason: string }, by: Actor): Promise<Answer>
  /** `plan`, when given, is a prefix of at least 8 characters of the digest the approver saw. */
  approve(
    deployment: string,
    order: { readonly reason: string; readonly plan: string | null },
    by: Actor,
  ): Promise<Answer>
  reject(deployment: string, order: { readonly reason: string }, by: Actor): Promise<Answer>
  cancel(deployment: string, order: { readonly reason: string }, by: Actor): Promise<Answer>
  /** What a rollback would do now; nothing is done. `to` as below. */
  rollbackPlan(environment: string, order: { readonly to: string | null }): Promise<Answer<PlanWithBodies>>
  /** `to`: deployment id, commit (prefix of at least 7), or null for the release deployed before. `plan` as of an approval. Answers with the deployment's id. */
  rollback(
    environment: string,
    order: { readonly reason: string; readonly to: string | null; readonly plan: string | null },
    by: Actor,
  ): Promise<Answer<{ readonly deployment: string }>>
  /** Asks that a backup of a database is put back; a person approves that, or nothing happens. Answers with the request's id. */
  restore(
    environment: string,
    order: { readonly reason: string; readonly target: string; readonly backup: string },
    by: Actor,
  ): Promise<Answer<{ readonly deployment: string }>>
  /** Takes a rewritten history that waits. */
  acceptRewrite(commit: string, order: { readonly reason: string }, by: Actor): Promise<Answer>
}
