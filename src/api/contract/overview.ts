/** What the pages about all environments ask for: windows, pipeline, health, notifications. */
import type { CommitId, Instant, NotYetActive, ResourceKey, TargetSeen, TimeWindow } from '../../core/vocabulary.ts'

/** `GET /v1/behind`: by environment, how many commits that touch it are not deployed there; at most 1,000. Those that cannot be counted are absent. */
export interface BehindView {
  readonly commits: { readonly [environment: string]: number }
}

export interface SpanView {
  readonly from: Instant
  readonly until: Instant
}

/** When one environment may be deployed to without being asked. */
export interface EnvironmentWindows {
  readonly name: string
  readonly autoSync: boolean
  /** As configured; none: always. */
  readonly windows: readonly TimeWindow[]
  /** What a deployment does outside of them. */
  readonly outside: 'ask' | 'wait'
  /** The open times in what was asked for, in order. */
  readonly open: readonly SpanView[]
  /** The next moment from now at which one opens; now where one is open, null where none does within two weeks or there are none. */
  readonly opensAt: Instant | null
}

/** `GET /v1/windows?from=…&until=…&environment=…`, in ms; the coming 7 days and all where nothing is said, 32 days at most. */
export interface WindowsView {
  readonly from: Instant
  readonly until: Instant
  /** In the order of the configuration. */
  readonly environments: readonly EnvironmentWindows[]
}

/** How the contents of two releases differ; unknown where one is no longer kept. */
export type ContentView =
  | { readonly is: 'same' }
  | { readonly is: 'unknown' }
  | ({ readonly is: 'different' } & ContentDifference)
export interface ContentDifference {
  readonly same: number
  /** In both. The first 20 of each list. */
  readonly different: Keys
  readonly onlyBefore: Keys
  readonly onlyHere: Keys
}
export interface Keys {
  readonly total: number
  readonly keys: readonly ResourceKey[]
}

/** An environment in the order of the configuration, held against the one before it. */
export interface StageView {
  readonly name: string
  /** Of what is deployed; null where nothing is, or where the commit is no longer kept. */
  readonly commit: {
    readonly id: CommitId
    readonly author: string
    readonly subject: string
    readonly committedAt: Instant
  } | null
  /** Null for the first, and where one of both has nothing deployed. */
  readonly before: {
    readonly environment: string
    /** Commits deployed there and not here, of those that touch this environment; null where they cannot be counted. */
    readonly commits: number | null
    readonly content: ContentView
  } | null
}

/** `GET /v1/pipeline`. */
export interface PipelineView {
  readonly stages: readonly StageView[]
}

/** Checks that the steps of a topology made, in the newest deployment that had any. */
export interface CheckedView {
  readonly environment: string
  readonly deployment: string
  readonly at: Instant
  readonly passed: number
  readonly failed: readonly { readonly target: string; readonly name: string; readonly message: string }[]
}

/** `GET /v1/health`: what is beside the status. */
export interface HealthView {
  readonly version: string
  /** What it runs on: `Node.js v20.19.0`. */
  readonly platform: string
  /** Versions of the statecharts. */
  readonly charts: { readonly environment: number; readonly source: number }
  readonly store: {
    readonly state: 'ok' | 'disk-full' | 'failed'
    readonly since: Instant | null
    readonly message: string | null
  }
  /** The disk of the store; null where there is none. `keptBytes` are given back when it is full. */
  readonly room: { readonly freeBytes: number; readonly keptBytes: number } | null
  /** How the newest look at each target went; those that were not looked at since the start are named alone. */
  readonly targets: readonly {
    readonly environment: string
    readonly seen: readonly TargetSeen[]
    readonly unseen: readonly string[]
  }[]
  readonly checked: readonly CheckedView[]
  /** `spec.health.checks`: accepted, and not active yet. */
  readonly configured: NotYetActive['healthChecks']
}

/** `GET /v1/notifications`: what `spec.notifications` says; accepted, and not active yet. */
export interface NotificationsView {
  readonly slack: NotYetActive['slack']
}
