/** Explores a chart and judges it on the way: which promises break, what is never taken, which steps are not pure. */
import { isDeepStrictEqual } from 'node:util'
import type { AnyStateMachine } from 'xstate'
import type { Stamp } from '../../../src/runtime/fold.ts'
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
  /** Events after which the chart is elsewhere, or remembers something else, than the flat telling says. */
  readonly untold: readonly string[]
}

/** Where an event leads and what is remembered then; null where it is refused. Told independently of the chart. */
export type Telling<Context, Fact> = (
  before: Configuration<Context>,
  event: Fact & Stamp,
) => { readonly path: string; readonly context: Context } | null

interface Question<Context extends object, Fact, Input> extends Omit<Exploration<Context, Fact, Input>, 'edge'> {
  readonly machine: AnyStateMachine
  readonly input: Input
  readonly promises: readonly Promised<Context, Fact>[]
  readonly told: Telling<Context, Fact>
  /** Steps of one kind are looked at closely once. */
  kindOf(edge: Edge<Context, Fact>): string
}

/** Explores once; every step is held against every promise. */
export function judged<Context extends object, Fact extends { readonly type: string }, Input>(
  question: Question<Context, Fact, Input>,
): Judged<Context> {
  const coverage = new Coverage(question.machine, question.input)
  const broken = new Map<string, string>()
  const impure: string[] = []
  const untold: string[] = []
  const kinds = new Set<string>()
  const { configurations, complete } = explore({
    ...question,
    edge(edge) {
      const kind = question.kindOf(edge)
      if (!kinds.has(kind)) coverage.take(edge.before.state, edge.event)
      if (edge.isNew || !kinds.has(kind)) impure.push(...impurity(question.fold, edge))
      kinds.add(kind)
      const difference = differenceTo(question.told, edge)
      if (difference !== null) untold.push(difference)
      for (const promise of question.promises) {
        const how =
          edge.after === null || broken.has(promise.title) ? null : promise.broken({ ...edge, after: edge.after })
        if (how !== null) broken.set(promise.title, `${how}: ${edge.after?.trail.join(', ')} → ${edge.after?.path}`)
      }
    },
  })
  return { configurations, complete, coverage, broken, impure, untold }
}

/** How a step differs from what is told of it; null where it does not. */
export function differenceTo<Context extends object, Fact extends { readonly type: string }>(
  told: Telling<Context, Fact>,
  { before, event, after }: Pick<Edge<Context, Fact>, 'before' | 'event' | 'after'>,
): string | null {
  const expected = told(before, event)
  const where = `${before.trail.join(', ')} → ${event.type}`
  if (expected === null || after === null)
    return expected === after ? null : `${where}: ${after === null ? 'refused' : `taken to ${after.path}`}`
  if (expected.path !== after.path) return `${where}: leads to ${after.path}, not to ${expected.path}`
  if (isDeepStrictEqual(expected.context, after.state.context)) return null
  const was = new Map<string, unknown>(Object.entries(expected.context))
  const wrong = Object.entries(after.state.context).filter(([name, value]) => !isDeepStrictEqual(value, was.get(name)))
  return `${where}: ${wrong.map(([name, value]) => `${name} is ${JSON.stringify(value)}, not ${JSON.stringify(was.get(name))}`).join('; ')}`
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
