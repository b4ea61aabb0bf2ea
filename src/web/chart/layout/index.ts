/** Everything that a page needs to show a chart, made from the machine when the pages are built. */
import type { AnyStateMachine } from 'xstate'
import { type ChartGraph, graphOf } from '../../../../machines/chart-graph.ts'
import { diagramPage } from '../../../../machines/diagram.ts'
import { bestIn, type Frame } from './best.ts'
import type { Drawing } from './drawing.ts'

export interface DrawnChart {
  readonly graph: ChartGraph
  /** The same chart for a wide frame, a tablet and a phone. */
  readonly drawings: readonly Drawing[]
  readonly mermaid: string
}

/** What is left for a chart beside its panel in a window of 1280×800; of a tablet; of a phone, which scrolls. */
export const FRAMES: readonly Frame[] = [
  { width: 934, height: 582 },
  { width: 700, height: 1_100 },
  { width: 330, height: 10_000 },
]

export function drawnOf(machine: AnyStateMachine): DrawnChart {
  const graph = graphOf(machine)
  const [, mermaid = ''] = diagramPage(machine).split(/```(?:mermaid\n)?/)
  return { graph, drawings: bestIn(FRAMES, graph).map(rounded), mermaid }
}

/** To a tenth of a unit: what nobody sees is not sent. */
function rounded(drawing: Drawing): Drawing {
  const text = JSON.stringify(drawing, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 10) / 10 : value,
  )
  return JSON.parse(text)
}
