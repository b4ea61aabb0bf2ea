import type { ChartGraph, ChartTransition } from '../../../../machines/chart-graph.ts'
import { Panel } from '../../parts/panel.tsx'

/** One transition of a chart, in words. */
export function Transition({
  graph,
  transition,
}: {
  readonly graph: ChartGraph
  readonly transition: ChartTransition
}) {
  const { source, target, event, guard, isAnswer } = transition
  const meaning = graph.states.find(({ path }) => path === target)?.description
  return (
    <Panel title="Transition">
      <dl className="facts">
        <dt>On</dt>
        <dd>{event === '' ? 'nothing: at once' : <code>{event}</code>}</dd>
        <dt>From</dt>
        <dd>{source === '' ? 'every state' : source}</dd>
        <dt>To</dt>
        <dd>{target ?? 'the same state; the context changes'}</dd>
        <dt>If</dt>
        <dd>{guard !== '' ? guard : isAnswer ? 'it answers the effect owed' : 'always'}</dd>
      </dl>
      {meaning !== undefined && <p className="faint">{meaning}</p>}
    </Panel>
  )
}
