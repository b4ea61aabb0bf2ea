/** Which of many layouts of a chart is the most legible when all of it is to be seen at once. */
import type { ChartGraph } from '../../../../machines/chart-graph.ts'
import type { Drawing } from './drawing.ts'
import { place } from './place.ts'
import { type TreeState, treeOf } from './tree.ts'

/** Widths of text that are tried, in units. */
const WIDTHS = [104, 110, 116, 122, 128, 134, 140, 146, 152, 160, 170, 180, 200, 220, 260, 300]

export interface Frame {
  readonly width: number
  readonly height: number
}

/** How many pixels a unit is when the whole drawing fills a frame. */
export function scaleIn({ width, height }: Frame, drawing: Pick<Drawing, 'width' | 'height'>): number {
  return Math.min(width / drawing.width, height / drawing.height)
}

/** The layout whose text is largest in a frame, of all ways to spread the outermost states over columns in their order. */
export function bestIn(frame: Frame, graph: ChartGraph): Drawing {
  let best: Drawing | null = null
  for (const columns of spreads(treeOf(graph)))
    for (const width of WIDTHS) {
      const drawing = place(graph, columns, width)
      if (best === null || scaleIn(frame, drawing) > scaleIn(frame, best)) best = drawing
    }
  if (best === null) throw new RangeError('a chart without states has no drawing')
  return best
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
