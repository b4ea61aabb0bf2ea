/** Words of the source statechart: one repository and branch as all environments see it. */
import type { Actor, CommitId, Instant } from '../../src/core/vocabulary.ts'

export interface SourceSettings {
  /** For people: host and path without credentials. */
  readonly url: string
  readonly branch: string
  readonly historyRewrite: 'accept' | 'hold'
}

export interface SourceFailure {
  readonly code: string
  readonly message: string
  readonly since: Instant
}

export interface SourceContext {
  readonly settings: SourceSettings | null
  /** What environments are served from: the newest accepted commit, in the cache. */
  readonly head: { readonly commit: CommitId; readonly at: Instant } | null
  /** Seen on the remote, not yet (or not allowed to be) the head. */
  readonly pending: CommitId | null
  readonly failure: SourceFailure | null
  /** The commit that a person accepted although history was rewritten, until something is served. */
  readonly acceptedRewrite: { readonly commit: CommitId; readonly by: Actor; readonly at: Instant } | null
  readonly owed: readonly SourceEffect[]
}

export type SourceFact =
  | { readonly type: 'source.configured'; readonly settings: SourceSettings }
  | { readonly type: 'remote.reached' }
  | { readonly type: 'remote.failed'; readonly code: string; readonly message: string }
  | { readonly type: 'remote.invalid'; readonly code: string; readonly message: string }
  | { readonly type: 'remote.moved'; readonly commit: CommitId }
  | { readonly type: 'fetch.done'; readonly effect: string; readonly commit: CommitId; readonly rewritten: boolean }
  | { readonly type: 'fetch.failed'; readonly effect: string; readonly code: string; readonly message: string }
  | { readonly type: 'rewrite.accepted'; readonly commit: CommitId; readonly by: Actor; readonly reason: string }

export type SourceEvent = SourceFact & { readonly at: Instant; readonly sequence: number }

export type SourceWork = { readonly kind: 'fetch'; readonly commit: CommitId; readonly head: CommitId | null }
export type SourceEffect = SourceWork & { readonly id: string }
