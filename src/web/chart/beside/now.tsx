import type { ChartGraph, ChartTransition } from '../../../../machines/chart-graph.ts'
import type { ChartView, PossibleView } from '../../../api/contract.ts'
import { isJsonObject } from '../../../core/json.ts'
import { Panel } from '../../parts/panel.tsx'
import { Owed } from './step.tsx'
import { Tree } from './tree.tsx'

const SIGNS = { yes: '✓', depends: '?', no: '✗' } as const
const WORDS = { yes: 'taken', depends: 'if the event says so', no: 'not now' } as const

/** What an actor would take now, what it owes, what it remembers. */
export function Now({
  view,
  path,
  graph,
  choose,
}: {
  readonly view: ChartView
  readonly path: string
  readonly graph: ChartGraph
  readonly choose: (transition: ChartTransition) => void
}) {
  const { possible, context } = view
  const state = graph.states.find((one) => one.path === path)
  const owed = Array.isArray(context['owed']) ? context['owed'] : []
  const button = (one: PossibleView) => {
    const transition = graph.transitions.find(({ id }) => id === one.id)
    return (
      <li key={one.id} className={one.verdict}>
        <button type="button" className="quiet" onClick={() => transition !== undefined && choose(transition)}>
          <span aria-hidden="true">{SIGNS[one.verdict]}</span> {one.event}{' '}
          <span className="faint">
            {one.target === null ? '' : `→ ${one.target} `}
            {one.guard === '' ? '' : `[${one.guard}]`} {WORDS[one.verdict]}
          </span>
        </button>
      </li>
    )
  }
  return (
    <Panel title="Now">
      <p aria-live="polite">
        <strong>{path}</strong>
      </p>
      <p className="faint">{state?.description}</p>
      <h3>Owed</h3>
      <Owed owed={owed.flatMap((one) => (isJsonObject(one) ? [`${String(one['id'])} ${String(one['kind'])}`] : []))} />
      <details>
        <summary>
          Takes now ({possible.filter(({ verdict }) => verdict !== 'no').length} of {possible.length})
        </summary>
        <ul className="verdicts">
          {(['yes', 'depends', 'no'] as const).flatMap((verdict) =>
            possible.filter((one) => one.verdict === verdict).map(button),
          )}
        </ul>
      </details>
      <details>
        <summary>Context</summary>
        <Tree value={context} />
      </details>
    </Panel>
  )
}
