import type { CompositionView } from '../../api/contract.ts'
import type { Deed, Plan, TargetProgress } from '../../core/vocabulary.ts'
import type { Mark } from './words.ts'

/** What a picture shows. */
export interface Drawing {
  readonly composition: CompositionView
  /** What the boxes are compared with; null where nothing is planned. */
  readonly plan: Plan | null
  readonly deeds: readonly Deed[]
  readonly progress: readonly TargetProgress[]
  readonly markOf: (target: string) => Mark
}
