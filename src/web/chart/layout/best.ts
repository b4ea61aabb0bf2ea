/** Which of many layouts of a chart is the most legible when all of it is to be seen at once. */
import type { ChartGraph } from '../../../../machines/chart-graph.ts'
import type { Drawing } from './drawing.ts'
import { type Column, place } from './place.ts'
import { type TreeState, treeOf } from './tree.ts'

/** Widths of text that are tried, in units. */
const WIDTHS = [104, 116, 128, 140, 152, 170, 200, 260]
const FINE_WIDTHS = Array.from({ length: 22 }, (_, step) => 92 + 6 * step)
const PASSES = 2

export interface Frame {
  readonly width: number
  readonly height: number
}

/** How many pixels a unit is when the whole drawing fills a frame. */
export function scaleIn({ width, height }: Frame, drawing: Pick<Drawing, 'width' | 'height'>): number {
  return Math.min(width / drawing.width, height / drawing.height)
}

/**
 * The layout whose text is largest in a frame: of all ways to spread the outermost states over columns in their order, the best with text
 * of one width, and then with a width for each column.
 */
export function bestIn(frame: Frame, graph: ChartGraph): Drawing {
  const tried = (columns: readonly Column[]): Trial => {
    const drawing = place(graph, columns)
    return { columns, drawing, scale: scaleIn(frame, drawing) + roomIn(frame, drawing) / 1_000 }
  }
  const better = (one: Trial, other: Trial) => (other.scale > one.scale ? other : one)
  const first = spreads(treeOf(graph))
    .flatMap((spread) => WIDTHS.map((most) => tried(spread.map((states) => ({ states, most })))))
    .reduce(better)
  let best = first
  for (let pass = 0; pass < PASSES; pass += 1)
    best.columns.forEach((_, place) => {
      for (const most of FINE_WIDTHS)
        best = better(
          best,
          tried(best.columns.map((column, other) => (other === place ? { ...column, most } : column))),
        )
    })
  return best.drawing
}

/** How much is left where the other side decides: what is saved there can be spent. */
function roomIn({ width, height }: Frame, drawing: Drawing): number {
  return Math.min(2, Math.max(width / drawing.width, height / drawing.height))
}

interface Trial {
  readonly columns: readonly Column[]
  readonly drawing: Drawing
  readonly scale: number
}

function spreads(states: readonly TreeState[]): readonly (readonly (readonly TreeState[])[])[] {
  const [first, ...rest] = states
  if (first === undefined) return []
  if (rest.length === 0) return [[[first]]]
  return spreads(rest).flatMap(([head = [], ...others]) => [
    [[first], head, ...others],
    [[first, ...head], ...others],
  ])
}
