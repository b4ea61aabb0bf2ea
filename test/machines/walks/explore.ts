/** Walks a chart breadth first: every move from every configuration, each configuration once, the shortest way to it first. */
import { isDeepStrictEqual } from 'node:util'
import { type Fold, pathOf, type Stamp, type State } from '../../../src/runtime/fold.ts'

/** One thing that may happen. `name` is what a trail shows. */
export interface Move<Fact> {
  readonly name: string
  readonly fact: Fact
  /** When it happens, never before the moment of the configuration. */
  readonly at: number
}

/** A configuration that was reached, and the shortest way to it. */
export interface Configuration<Context> {
  readonly state: State<Context>
  readonly path: string
  readonly at: number
  /** Sequence of the last event. */
  readonly sequence: number
  readonly trail: readonly string[]
}

/** One event at one configuration. `after` is null where the chart refuses the event. */
export interface Edge<Context, Fact> {
  readonly before: Configuration<Context>
  readonly move: Move<Fact>
  readonly event: Fact & Stamp
  readonly after: Configuration<Context> | null
  /** Whether what `after` stands for was met here for the first time. */
  readonly isNew: boolean
}

/** A step that the chart took. */
export type Step<Context, Fact> = Omit<Edge<Context, Fact>, 'after' | 'isNew'> & {
  readonly after: Configuration<Context>
}

/** What holds for every step: how a step breaks it, or null. */
export interface Promised<Context, Fact> {
  readonly title: string
  broken(step: Step<Context, Fact>): string | null
}

export interface Exploration<Context, Fact, Input> {
  readonly fold: Fold<Context, Fact & Stamp, Input>
  /** Where it starts; all at once, so that each configuration is found by its shortest way from any of them. */
  readonly from: readonly Configuration<Context>[]
  moves(here: Configuration<Context>): readonly Move<Fact>[]
  /** Two configurations with the same text are explored once. */
  likeness(here: Configuration<Context>): string
  /** Events from where it starts, at most. */
  readonly depth: number
  /** Configurations, at most: a chart gone wild ends too. */
  readonly configurationsMax: number
  edge(edge: Edge<Context, Fact>): void
}

/** Explores, and says how far it came: `complete` means that nothing lies deeper. */
export function explore<Context, Fact, Input>(
  what: Exploration<Context, Fact, Input>,
): {
  readonly configurations: readonly Configuration<Context>[]
  readonly edges: number
  readonly complete: boolean
} {
  const found = [...what.from]
  const known = new Set(found.map((one) => what.likeness(one)))
  const depths = new Map(found.map((one) => [one, 0]))
  let edges = 0
  for (const before of found) {
    const depth = (depths.get(before) ?? 0) + 1
    if (depth > what.depth || found.length > what.configurationsMax)
      return { configurations: found, edges, complete: false }
    for (const move of what.moves(before)) {
      const edge = taken(what.fold, before, move)
      const likeness = edge.after === null ? null : what.likeness(edge.after)
      const isNew = likeness !== null && !known.has(likeness)
      edges += 1
      what.edge({ ...edge, isNew })
      if (!isNew || edge.after === null) continue
      known.add(likeness)
      depths.set(edge.after, depth)
      found.push(edge.after)
    }
  }
  return { configurations: found, edges, complete: true }
}

/** One move at one configuration. */
export function taken<Context, Fact, Input>(
  fold: Fold<Context, Fact & Stamp, Input>,
  before: Configuration<Context>,
  move: Move<Fact>,
): Omit<Edge<Context, Fact>, 'isNew'> {
  const sequence = before.sequence + 1
  const event = { ...move.fact, at: move.at, sequence }
  const next = fold.next(before.state, event)
  const after = next === null ? null : configured(next, move.at, sequence, [...before.trail, move.name])
  return { before, move, event, after }
}

/** A deep copy that throws when anything writes to it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

/** Whether a value is the same after it was written as JSON and read again. */
export function survivesJson(value: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value)
}

function configured<Context>(
  state: State<Context>,
  at: number,
  sequence: number,
  trail: readonly string[],
): Configuration<Context> {
  return { state, path: pathOf(state.value), at, sequence, trail }
}
