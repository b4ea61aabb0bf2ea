import type { ChartTransition } from '../../../../machines/chart-graph.ts'
import { TEXT } from './drawing.ts'
import { textWidth, wrapped } from './text.ts'
import { nameOf } from './tree.ts'

/** Height of a line of a label. */
export const LINE = TEXT.label + 2
const BETWEEN = 1

/** A label with its place: `left` from the left edge of the state's box, `top` from the top of the column. */
export interface PlacedLabel {
  readonly id: string
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly lines: readonly string[]
}

/** Labels below each other, no wider than `most` where their words allow it. */
export function listed(
  transitions: readonly ChartTransition[],
  left: number,
  top: number,
  most: number,
): { readonly labels: readonly PlacedLabel[]; readonly bottom: number } {
  let bottom = top
  const labels = transitions.map((transition) => {
    const lines = wrapped(nameOf(transition), most)
    const height = lines.length * LINE
    const width = Math.max(...lines.map((line) => textWidth(line)))
    const label = { id: transition.id, left, top: bottom, width, height, lines }
    bottom += height + BETWEEN
    return label
  })
  return { labels, bottom }
}
