/** Which arrows an event went along. */
import type { ChartGraph, ChartTransition } from '../../../machines/chart-graph.ts'

/** One event as the journal knows it; lines of the live stream and steps of a replay fit. */
export interface Taken {
  readonly sequence: number
  readonly type: string
  readonly from: string
  readonly to: string
  /** Ids of the transitions, where they are known; they are worked out from the states otherwise. */
  readonly taken?: readonly string[]
}

/** `OutOfSync.waiting`, `OutOfSync` and the chart itself: all states that are active with the innermost. */
export function activeStates(path: string): readonly string[] {
  const parts = path === '' ? [] : path.split('.')
  return [...parts.map((_, place) => parts.slice(0, parts.length - place).join('.')), '']
}

/** What the chart takes in a state, the innermost first. */
export function transitionsIn(graph: ChartGraph, path: string): readonly ChartTransition[] {
  return activeStates(path).flatMap((one) => graph.transitions.filter(({ source }) => source === one))
}

/**
 * The transitions that led from one state to the other: the one by the event, and what was taken at once behind it. Two that only their
 * guards tell apart are both named; empty where the graph knows no way.
 */
export function takenBy(graph: ChartGraph, { from, to, type, taken }: Taken): readonly ChartTransition[] {
  if (taken !== undefined) return graph.transitions.filter(({ id }) => taken.includes(id))
  const handlers = activeStates(from)
    .map((state) => graph.transitions.filter(({ source, event }) => source === state && event === type))
    .filter((found) => found.length > 0)
  for (const found of handlers) {
    const direct = found.filter((one) => endOf(graph, one, from) === to)
    if (direct.length > 0) return direct
    for (const one of found) {
      const onward = atOnce(graph, endOf(graph, one, from), to, 3)
      if (onward !== null) return [one, ...onward]
    }
  }
  return []
}

/** What is taken without an event on the way between two states; null where there is no such way of at most `most` steps. */
function atOnce(graph: ChartGraph, from: string, to: string, most: number): readonly ChartTransition[] | null {
  if (most === 0) return null
  for (const one of transitionsIn(graph, from)) {
    if (one.event !== '') continue
    const end = endOf(graph, one, from)
    const rest = end === to ? [] : atOnce(graph, end, to, most - 1)
    if (rest !== null) return [one, ...rest]
  }
  return null
}

/** The innermost state that a transition ends in. */
function endOf(graph: ChartGraph, { target }: ChartTransition, from: string): string {
  let path = target ?? from
  for (;;) {
    const inner = graph.states.find((state) => state.path === path)?.initial ?? null
    if (inner === null || target === null) return path
    path = inner
  }
}
