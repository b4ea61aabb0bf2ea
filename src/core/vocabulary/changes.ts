/** What a plan does to single resources, and what targets can do. */
import type { Json } from '../json.ts'
import type { Digest, ResourceKey, SourceLocation } from './resources.ts'

export type ChangeAction = 'create' | 'update' | 'delete'

/** One field that differs, by JSON Pointer from the resource's root, e.g. `/spec/storage/srid`. Absent sides are absent. */
export interface FieldChange {
  readonly pointer: string
  readonly before?: Json
  readonly after?: Json
}

/** A part of a resource that a target cannot change in place: everything at and below `pointer` of every `kind`. */
export interface FixedPart {
  readonly kind: string
  /** JSON Pointer from the resource's root, e.g. `/spec/geometryType`. */
  readonly pointer: string
  /** The resource is deleted and created anew, or the change cannot be made at all. */
  readonly then: 'recreate' | 'refuse'
  /** For people, after the name of the target: `keeps the geometry type of a layer for ever`. */
  readonly why: string
}

/** What else happens where a target makes a change of one kind, whether anybody wants it or not. */
export interface SideEffect {
  readonly kind: string
  readonly action: ChangeAction
  /** For people, after the name of the target: `runs its own database migrations when it publishes a layer`. */
  readonly says: string
}

/** What becomes of a resource that is taken away: it goes, it is switched off and stays there, or nothing can be done. */
export type Removal = 'delete' | 'disable' | 'none'

/** What a plan does to one resource on one target. */
export interface ResourceChange {
  readonly target: string
  readonly action: ChangeAction
  /** What the action comes to on this target, where it is not what it is called: an update that is delete and create, a deletion that switches off. */
  readonly means?: 'recreate' | 'disable'
  readonly key: ResourceKey
  readonly fields: readonly FieldChange[]
  /** Why existing readers of the layer may break; empty when nothing does. */
  readonly breaking: readonly string[]
  readonly wave: number
  /** Digest of what is live and of what is desired, as the target represents it; null where there is none. */
  readonly before: Digest | null
  readonly after: Digest | null
  /** Version of the live resource the plan was made from; apply refuses when it moved. */
  readonly version: string | null
  /** The file that declares it; null for a deletion. */
  readonly location: SourceLocation | null
}

/** Something live that the plan leaves alone though it is not desired, and why. */
export interface Retained {
  readonly target: string
  readonly key: ResourceKey
  readonly why: 'prune-off' | 'protected' | 'not-ours' | 'cannot-delete'
}

/** A change that a target cannot make, and why. */
export interface Refused {
  readonly target: string
  readonly key: ResourceKey
  readonly why: string
}
