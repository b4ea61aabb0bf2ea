import type { JsonObject } from '../core/json.ts'
import type {
  CheckResult,
  DatabaseBackup,
  Digest,
  FixedPart,
  LiveState,
  Removal,
  Resource,
  ResourceChange,
  ResourceKey,
  SideEffect,
} from '../core/vocabulary.ts'

/** What a target can do; a plan says what it cannot before anyone approves. */
export interface Abilities {
  /** What becomes of a resource that is taken away. */
  readonly delete: Removal
  /** Kinds for which it is otherwise. */
  readonly deletes?: Readonly<Record<string, Removal>>
  /** What else its changes bring about; nothing where nothing is said. */
  readonly sideEffects?: readonly SideEffect[]
  /** What cannot be changed in place. */
  readonly fixed: readonly FixedPart[]
  /** Writes refuse when the live version moved since it was observed. */
  readonly conditionalWrite: boolean
  /** One apply lands whole or not at all; the planner then gives all changes in one step. */
  readonly transactional: boolean
  readonly dryRun: boolean
  /** Everything the target holds is ours: what is there and not desired is drift, whoever put it there. */
  readonly exclusive: boolean
  /** Steps of a topology that `act` can do; none where nothing is said. */
  readonly actions?: readonly string[]
  /** Those of them that are asked for again after a crash or without an answer, unseen whether they were done; none where nothing is said. */
  readonly unseen?: readonly string[]
}

/** A step of a topology for one target. */
export interface ActRequest {
  readonly environment: string
  /** Same key, same work. */
  readonly idempotencyKey: string
  readonly action: string
  /** `${NAME}` still unresolved. */
  readonly inputs: JsonObject
  /** Resources that the plan writes or takes away on any target: what caches and tests may be about. */
  readonly changed: readonly ResourceKey[]
  /** Those of them that are to be there, as they are declared. */
  readonly desired: readonly Resource[]
}

/** What a step came to. */
export interface Acted {
  /** For people: what was done. */
  readonly message: string
  /** Of a step that checks. */
  readonly checks?: readonly CheckResult[]
}

export interface Probe {
  /** What answered, for people: `Honua 2026.1 (manifest API)`. */
  readonly description: string
  readonly abilities: Abilities
}

/** One change with what is to be written, `${NAME}` still unresolved. `desired` is null for a deletion. */
export interface ChangeToApply {
  readonly change: ResourceChange
  readonly desired: Resource | null
}

/** All that one target must do in one step. */
export interface ApplyRequest {
  readonly environment: string
  /** Same key, same work: a repeat finds it done. */
  readonly idempotencyKey: string
  readonly changes: readonly ChangeToApply[]
  /** All that the target should hold afterwards (key, digest), retained resources included. */
  readonly result: readonly { readonly key: ResourceKey; readonly digest: Digest }[]
  /** For people who wait. Called after a write that landed and never more often than it writes; absent where nobody listens. */
  readonly progress?: ReportProgress
}

/** Told how many of all changes are as desired now, those that were so before included. It never throws. */
export type ReportProgress = (done: number, total: number) => void

export interface Refusal {
  readonly key: ResourceKey
  readonly message: string
}

export type Health = { readonly healthy: true } | { readonly healthy: false; readonly message: string }

/** Looks up `${NAME}`; throws HONUA_SECRET_MISSING naming the name only. */
export type ResolveSecret = (name: string) => Promise<string>

/**
 * A component that a plan is carried out on, for one environment. Failures are HonuaErrors: retry class `later` for what may pass
 * (time-out, 503), `never` for a refusal. A driver looks before it acts: applying what is already there changes nothing.
 * No method reports a secret. All stop promptly when the signal aborts.
 */
export interface Driver {
  readonly name: string
  // What is pure below may hang on what the last probe found: probe first.
  /** Whether a declared resource belongs on this target; pure. Absent where all do but migrations, which are for databases. */
  takes?(resource: Resource): boolean
  /** Fields of a declared resource that `represent` leaves out, because the target has no place for them; pure. */
  omits?(resource: Resource): readonly string[]
  /** How this target would hold a declared resource; pure, and idempotent. Absent where it holds each just as it is declared. */
  represent?(resource: Resource): Resource
  /**
   * Why the target would never take a declared resource as it is, seen what it holds: a reason for people, after the target's name, or
   * null. Pure; it is in the plan before anybody approves. Absent where nothing is known before it is tried.
   */
  objection?(resource: Resource, live: LiveState): string | null
  probe(signal: AbortSignal): Promise<Probe>
  /**
   * Reads everything back. `${NAME}` text appears again where the live value equals the secret the hint declares there, and
   * `(hidden)` where it differs, so that no secret leaves the driver. `hints` are the desired resources that hold `${NAME}`.
   */
  observe(hints: readonly Resource[], signal: AbortSignal): Promise<LiveState>
  /** Asks the target whether it would take the changes; changes nothing. */
  dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]>
  /** Carries the changes out; throws HONUA_TARGET_REFUSED / _STALE / _UNREACHABLE … when any did not land. */
  apply(request: ApplyRequest, signal: AbortSignal): Promise<void>
  /** Does a step of a topology; the answer tells people what was done. Throws when it was not. Present where `abilities.actions` has any. */
  act?(request: ActRequest, signal: AbortSignal): Promise<Acted>
  /**
   * What is known of a backup that the step `restore-backup` (inputs `backup`: its id, `digest`: of what was approved) can put back;
   * throws HONUA_TARGET_REFUSED, naming those that are there, for any other. Present where `abilities.actions` has that step, which
   * refuses a backup of another digest and is done once for a key: asked for again, it says that it was done, or throws when it was
   * begun and nobody knows how it ended.
   */
  backup?(id: string, signal: AbortSignal): Promise<DatabaseBackup>
  /** Why a step cannot be done as it is asked for, seen without asking the target; null when nothing is wrong. Pure. */
  actFault?(request: ActRequest): string | null
  /** The target's own health now. */
  health(signal: AbortSignal): Promise<Health>
  close(): Promise<void>
}
