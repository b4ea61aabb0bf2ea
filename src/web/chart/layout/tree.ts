/** The chart as what has to be placed: states within states, and what leads from one to another. */
import type { ChartGraph, ChartTransition } from '../../../../machines/chart-graph.ts'

export interface TreeState {
  readonly path: string
  readonly name: string
  /** Outermost first, without the state itself. */
  readonly ancestors: readonly string[]
  readonly children: readonly TreeState[]
  readonly isInitial: boolean
}

/** All transitions from one state to one other; to none where they change the memory alone. */
export interface Way {
  readonly source: string
  readonly target: string | null
  readonly transitions: readonly ChartTransition[]
}

export function treeOf(graph: ChartGraph): readonly TreeState[] {
  const initials = new Set([graph.initial, ...graph.states.map(({ initial }) => initial)])
  const within = (parent: string, ancestors: readonly string[]): readonly TreeState[] =>
    graph.states
      .filter((state) => state.parent === parent)
      .map(({ path, name }) => ({
        path,
        name,
        ancestors,
        children: within(path, [...ancestors, path]),
        isInitial: initials.has(path),
      }))
  return within('', [])
}

export function waysOf(graph: ChartGraph): readonly Way[] {
  const ways = new Map<string, { source: string; target: string | null; transitions: ChartTransition[] }>()
  for (const one of graph.transitions) {
    const key = `${one.source}>${one.target ?? ''}`
    const known = ways.get(key)
    if (known === undefined) ways.set(key, { source: one.source, target: one.target, transitions: [one] })
    else known.transitions.push(one)
  }
  return [...ways.values()]
}

/**
 * `look.planned`, `timer.fired [a look is due]`, `at once [something moved meanwhile]`. What the chart takes in every state has no state
 * for an arrow to begin at, and says where it leads: `source.configured → Connecting`.
 */
export function nameOf({ event, guard, source, target }: ChartTransition): string {
  const words = `${event === '' ? 'at once' : event}${guard === '' ? '' : ` [${guard}]`}`
  return source === '' && target !== null ? `${words} → ${target}` : words
}
