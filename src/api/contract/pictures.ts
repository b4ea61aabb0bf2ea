/** What pages ask for to draw: what an environment is made of, and where its statechart stands. */
import type { JsonObject } from '../../core/json.ts'
import type { FieldChange, Instant } from '../../core/vocabulary.ts'

/** One box of the picture of an environment. */
export interface ComponentView {
  /** Null for a target that the topology does not name, or where there is none. */
  readonly component: string | null
  /** The phase in which it is changed; null with `component`. */
  readonly phase: string | null
  readonly instance: string
  readonly target: string
  /** Resources on the target that are ours; null where that is not told. */
  readonly owned: number | null
}
/** `GET …/composition`: what it is made of, by the newest plan or else by what is deployed. */
export interface CompositionView {
  readonly hasTopology: boolean
  readonly components: readonly ComponentView[]
  /** Components whose section in the topology names another. */
  readonly references: readonly { readonly from: string; readonly to: string }[]
}

/** `GET /v1/charts/<stream>`: where one statechart stands. */
export interface ChartView {
  readonly stream: string
  /** Sequence of the event that led here; 0 before the first. */
  readonly sequence: number
  readonly path: string
  readonly context: JsonObject
  /** What the chart would take now, the innermost state first. */
  readonly possible: readonly PossibleView[]
}
/** `depends`: what the event carries decides. */
export interface PossibleView {
  /** Id of the transition in the chart. */
  readonly id: string
  readonly event: string
  readonly guard: string
  /** Null where it changes the context alone. */
  readonly target: string | null
  readonly verdict: 'yes' | 'no' | 'depends'
}
/** `GET /v1/charts/<stream>/<sequence>`: what one event of the journal did. */
export interface StepView {
  readonly sequence: number
  readonly at: Instant
  readonly type: string
  readonly from: string
  readonly to: string
  readonly event: JsonObject
  /** Fields of the context that changed. */
  readonly changed: readonly FieldChange[]
  /** Effects owed afterwards: id and kind. */
  readonly owed: readonly string[]
  /** The transitions that were asked, in that order; the last one was taken. */
  readonly asked: readonly { readonly id: string; readonly guard: string; readonly holds: boolean }[]
  /** Ids of the transitions that were taken, those at once behind the first among them. */
  readonly taken: readonly string[]
}
