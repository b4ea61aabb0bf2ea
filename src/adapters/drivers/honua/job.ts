import type { HonuaError } from '../../../core/errors/honua-error.ts'
import type { Failure } from '../../../core/errors/target.ts'
import type { LiveResource, Resource, ResourceChange, ResourceKey } from '../../../core/vocabulary.ts'
import type { ApplyRequest } from '../../../ports/driver.ts'
import type { HonuaApi } from './api.ts'

/** Everything live on the server, by key. */
export type Live = ReadonlyMap<ResourceKey, LiveResource>

/** One apply and what it needs. */
export interface Job {
  readonly target: string
  readonly api: HonuaApi
  readonly request: ApplyRequest
  readonly secrets: ReadonlyMap<string, string>
  /** Everything live now, secrets concealed. */
  readonly look: () => Promise<Live>
  readonly signal: AbortSignal
}

/** A change that is still to be made. `before` is what is live; null for a creation. */
export interface Pending {
  readonly change: ResourceChange
  readonly desired: Resource | null
  readonly before: LiveResource | null
}

/** How the writes ended: undone ones, with reasons where the server gave any. */
export interface Outcome {
  /** Refused by the server, or stale: by key. */
  readonly failures: readonly Failure[]
  readonly stale: readonly ResourceKey[]
  /** What broke the series off with its outcome unknown. */
  readonly broken: HonuaError | null
}
