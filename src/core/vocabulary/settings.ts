/** How environments are run. */
import type { ChangeAction } from './changes.ts'
import type { Instant, ResourceKey } from './resources.ts'

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

/** How the newest look at a target went. */
export interface TargetSeen {
  readonly target: string
  /** What answered there, for people: `Honua 2026.1 (manifest API)`; null before it did. */
  readonly description: string | null
  readonly lookedAt: Instant
  /** When it answered last; null where it did not since the controller started. */
  readonly answeredAt: Instant | null
  /** Why it did not answer; null where it did. */
  readonly failure: { readonly code: string; readonly message: string; readonly since: Instant } | null
}

/** What the configuration says and the controller does not do yet, for people. Never an address to post to, which is a secret. */
export interface NotYetActive {
  readonly slack: {
    readonly enabled: boolean
    readonly channel: string | null
    readonly events: readonly string[]
    readonly hasAddress: boolean
  } | null
  readonly healthChecks: readonly { readonly type: string; readonly intervalMs: number }[]
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
