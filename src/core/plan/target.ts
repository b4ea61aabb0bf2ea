import type { FixedPart, LiveState, Removal, Resource, SideEffect } from '../vocabulary.ts'

/** What the planner needs to know of a target. */
export interface PlanTarget {
  readonly name: string
  /** What answered there, for people. */
  readonly description: string
  readonly abilities: {
    readonly delete: Removal
    /** Kinds for which it is otherwise. */
    readonly deletes?: Readonly<Record<string, Removal>>
    readonly sideEffects?: readonly SideEffect[]
    /** Everything can be changed in place where nothing is said. */
    readonly fixed?: readonly FixedPart[]
    readonly transactional: boolean
    readonly exclusive: boolean
    /** These two are taken for granted where nothing is said. */
    readonly conditionalWrite?: boolean
    readonly dryRun?: boolean
    readonly actions?: readonly string[]
    readonly unseen?: readonly string[]
  }
  /** Whether a declared resource belongs there; every one where nothing is said. */
  readonly takes?: ((resource: Resource) => boolean) | undefined
  /** Fields of a declared resource that the target has no place for; none where nothing is said. */
  readonly omits?: ((resource: Resource) => readonly string[]) | undefined
  /** How the target would hold a declared resource; pure. Absent where it holds each just as it is declared. */
  readonly represent?: ((resource: Resource) => Resource) | undefined
  /** Why the target would never take a declared resource as it is, seen what it holds; pure. Absent where nothing is known before. */
  readonly objection?: ((resource: Resource, live: LiveState) => string | null) | undefined
  readonly live: LiveState
}

/** What becomes of a resource of this kind that is taken away there. */
export function removalOf({ abilities }: PlanTarget, kind: string): Removal {
  return abilities.deletes?.[kind] ?? abilities.delete
}
