import { useRef } from 'react'
import type { ChartTransition } from '../../../machines/chart-graph.ts'
import type { DrawnChart } from './layout/index.ts'
import { Picture } from './picture.tsx'
import { activeStates, type Taken, takenBy, transitionsIn } from './taken.ts'
import { Tools } from './tools.tsx'
import { useInView, useView } from './view.ts'
import './chart.css'
import './beside/beside.css'

export interface ChartProps {
  /** From `virtual:chart/environment` or `virtual:chart/source`. */
  readonly graph: DrawnChart
  /** Path of the innermost active state, e.g. `OutOfSync.waiting`; empty where none is. */
  readonly active: string
  /** What happened last: its arrow is lit, and an arrow moves along it whenever another sequence is given. */
  readonly last: Taken | null
  /** Ids of the transitions that stand out as possible. All that the active states take, where absent. */
  readonly possible?: ReadonlySet<string>
  /** Ids of transitions that are lit because somebody chose them; they win over `last`. */
  readonly picked?: readonly string[]
  /** A transition was clicked. */
  readonly onPick?: (transition: ChartTransition) => void
}

/**
 * A statechart as it was laid out by the build: fitted to the room it has, with zoom, scrolling and export. It is a picture; what it says
 * must stand beside it in words for those who do not see it.
 */
export function Chart({ graph: drawn, active, last, possible, picked, onPick }: ChartProps) {
  const picture = useRef<SVGSVGElement>(null)
  const view = useView(drawn.drawings)
  useInView(picture, active, view.fitting)
  const { graph } = drawn
  const lit = picked ?? (last === null ? [] : takenBy(graph, last).map(({ id }) => id))
  const allowed = possible ?? new Set(transitionsIn(graph, active).map(({ id }) => id))
  return (
    <div className="chart">
      <Tools drawn={drawn} view={view} picture={picture} />
      {/* biome-ignore lint/a11y/useSemanticElements: neither a landmark nor a set of fields */}
      <div
        role="group"
        className="chart-view"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`Statechart of the ${graph.name}: scroll with the arrow keys, zoom with + and −, 0 shows all of it`}
        ref={view.frame}
        onKeyDown={view.onKey}
        onPointerDown={view.onGrab}
      >
        <Picture
          ref={picture}
          drawing={view.drawing}
          scale={view.scale}
          graph={graph}
          active={activeStates(active)}
          lit={lit}
          moving={picked === undefined ? (last?.sequence ?? null) : null}
          possible={allowed}
          summary={`${graph.name}: ${graph.states.length} states, active: ${active === '' ? 'none' : active}`}
          {...(onPick === undefined ? {} : { onPick })}
        />
      </div>
    </div>
  )
}
