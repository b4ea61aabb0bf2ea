/** Explores a chart and judges it on the way: which promises break, what is never taken, which steps are not pure. */
import { isDeepStrictEqual } from 'node:util'
import type { AnyStateMachine } from 'xstate'
import { Coverage } from './coverage.ts'
import {
  type Configuration,
  type Edge,
  type Exploration,
  explore,
  frozen,
  type Promised,
  survivesJson,
} from './explore.ts'

/** What an exploration found. */
export interface Judged<Context> {
  readonly configurations: readonly Configuration<Context>[]
  /** True when no configuration lies deeper. */
  readonly complete: boolean
  readonly coverage: Coverage
  /** The first step that breaks each promise, by the promise's title. */
  readonly broken: ReadonlyMap<string, string>
  /** Steps that are not pure functions of plain data. */
  readonly impure: readonly string[]
}

interface Question<Context, Fact, Input> extends Omit<Exploration<Context, Fact, Input>, 'edge'> {
  readonly machine: AnyStateMachine
  readonly input: Input
  readonly promises: readonly Promised<Context, Fact>[]
  /** Steps of one kind are looked at closely once. */
  kindOf(edge: Edge<Context, Fact>): string
}

/** Explores once; every step is held against every promise. */
export function judged<Context, Fact extends { readonly type: string }, Input>(
  question: Question<Context, Fact, Input>,
): Judged<Context> {
  const coverage = new Coverage(question.machine, question.input)
  const broken = new Map<string, string>()
  const impure: string[] = []
  const kinds = new Set<string>()
  const { configurations, complete } = explore({
    ...question,
    edge(edge) {
      const kind = question.kindOf(edge)
      if (!kinds.has(kind)) coverage.take(edge.before.state, edge.event)
      if (edge.isNew || !kinds.has(kind)) impure.push(...impurity(question.fold, edge))
      kinds.add(kind)
      for (const promise of question.promises) {
        const how =
          edge.after === null || broken.has(promise.title) ? null : promise.broken({ ...edge, after: edge.after })
        if (how !== null) broken.set(promise.title, `${how}: ${edge.after?.trail.join(', ')} → ${edge.after?.path}`)
      }
    },
  })
  return { configurations, complete, coverage, broken, impure }
}

/** Writing to a frozen input throws. */
function impurity<Context, Fact, Input>(
  fold: Exploration<Context, Fact, Input>['fold'],
  { before, event, after }: Edge<Context, Fact>,
): readonly string[] {
  const again = fold.next(frozen(before.state), frozen(event))
  const where = (after ?? before).trail.join(', ')
  return [
    ...(isDeepStrictEqual(again, after?.state ?? null) ? [] : [`another result the second time: ${where}`]),
    ...(after === null || survivesJson(after.state) ? [] : [`lost in JSON: ${where}`]),
  ]
}
