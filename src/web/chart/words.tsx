import type { ChartGraph, ChartTransition } from '../../../machines/chart-graph.ts'
import { nameOf } from './layout/tree.ts'
import { activeStates } from './taken.ts'

interface Props {
  readonly graph: ChartGraph
  /** The active state. */
  readonly path: string
  readonly choose: (transition: ChartTransition) => void
}

/** The same chart as a list: what the picture shows, for those who do not see it or want it in words. */
export function InWords(props: Props) {
  return (
    <details className="panel chart-words">
      <summary>States and transitions in words</summary>
      <States {...props} parent="" />
    </details>
  )
}

function States({ parent, ...props }: Props & { readonly parent: string }) {
  const { graph, path, choose } = props
  const active = activeStates(path)
  const within = graph.states.filter((state) => state.parent === parent)
  return (
    <>
      <ul>
        {graph.transitions
          .filter(({ source }) => source === parent)
          .map((transition) => (
            <li key={transition.id}>
              <button type="button" className="quiet" onClick={() => choose(transition)}>
                {nameOf(transition)} {transition.target === null || parent === '' ? '' : `→ ${transition.target}`}
              </button>
            </li>
          ))}
      </ul>
      {within.length > 0 && (
        <ul>
          {within.map((state) => (
            <li key={state.path}>
              <strong>{state.name}</strong>
              {active.includes(state.path) && <span className="sign busy">active</span>}{' '}
              <span className="faint">{state.description}</span>
              <States {...props} parent={state.path} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
