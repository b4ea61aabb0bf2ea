/** Which of many layouts of a chart is the most legible when all of it is to be seen at once. */
import type { ChartGraph } from '../../../../machines/chart-graph.ts'
import { draw } from './draw.ts'
import type { Drawing } from './drawing.ts'
import { type Sized, sizer } from './size.ts'
import { type TreeState, treeOf } from './tree.ts'

/** Widths of text that are tried, in units. */
const WIDTHS = [104, 116, 128, 140, 152, 170, 200, 260]
const FINE_WIDTHS = Array.from({ length: 30 }, (_, step) => 90 + 4 * step)
const PASSES = 3

export interface Frame {
  readonly width: number
  readonly height: number
}

/** How many pixels a unit is when the whole drawing fills a frame. */
export function scaleIn({ width, height }: Frame, drawing: Pick<Drawing, 'width' | 'height'>): number {
  return Math.min(width / drawing.width, height / drawing.height)
}

/**
 * For each frame the layout whose text is largest in it: of all ways to spread the outermost states over columns in their order, the best
 * with text of one width, and then with a width for each column.
 */
export function bestIn(frames: readonly Frame[], graph: ChartGraph): readonly Drawing[] {
  const size = sizer(graph)
  const coarse = spreads(treeOf(graph)).flatMap((spread) =>
    WIDTHS.map((most) => size(spread.map((states) => ({ states, most })))),
  )
  return frames.map((frame) => {
    const better = (one: Sized, other: Sized) => (scoreIn(frame, other) > scoreIn(frame, one) ? other : one)
    let best = coarse.reduce(better)
    for (let pass = 0; pass < PASSES; pass += 1)
      best.columns.forEach((_, place) => {
        for (const most of FINE_WIDTHS)
          best = better(best, size(best.columns.map((one, other) => (other === place ? { ...one, most } : one))))
      })
    return draw(best)
  })
}

/** What is saved on the side that does not decide can be spent on the other: it counts a little. */
function scoreIn(frame: Frame, sized: Sized): number {
  const room = Math.max(frame.width / sized.width, frame.height / sized.height)
  return scaleIn(frame, sized) + Math.min(2, room) / 1_000
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
