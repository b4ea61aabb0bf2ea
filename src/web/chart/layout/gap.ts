/** What stands between two neighbours: the arrows straight down and up, with their labels beside them. */

import { listed, type PlacedLabel } from './labels.ts'
import { wordWidth } from './text.ts'
import { nameOf, type Way } from './tree.ts'

/** From the left edge to the arrow down; from an arrow to its label; between a label and the next arrow. */
const ROOM = { arrow: 19, beside: 5, before: 4 } as const
const PAD = { top: 4, bottom: 6 } as const
/** Where the arrow up may stand, as part of the width. */
const SPLITS = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7]

/** An arrow from one neighbour to the other; all from the left edge of the upper one, and from the top of the column. */
export interface Straight {
  readonly way: Way
  readonly direction: 'down' | 'up'
  readonly left: number
  readonly labels: readonly PlacedLabel[]
}

export interface Gap {
  readonly height: number
  readonly straights: readonly Straight[]
}

/** `right` is where text ends, `top` where the gap begins. */
export function gapOf(down: Way | undefined, up: Way | undefined, right: number, top: number): Gap {
  if (up === undefined) {
    if (down === undefined) return { height: 0, straights: [] }
    return gathered([straight(down, 'down', ROOM.arrow, right, top)], top)
  }
  if (down === undefined) return gathered([straight(up, 'up', ROOM.arrow, right, top)], top)
  const least = ROOM.arrow + ROOM.beside + ROOM.before + widestWord(down)
  return SPLITS.map((part) => {
    const arrow = Math.max(least, right * part)
    const downs = straight(down, 'down', ROOM.arrow, arrow - ROOM.before, top)
    return gathered([downs, straight(up, 'up', arrow, right, top)], top)
  }).reduce((best, one) => (one.height < best.height ? one : best))
}

function straight(way: Way, direction: 'down' | 'up', arrow: number, right: number, top: number): Straight {
  const left = arrow + ROOM.beside
  return { way, direction, left: arrow, labels: listed(way.transitions, left, top + PAD.top, right - left).labels }
}

function gathered(straights: readonly Straight[], top: number): Gap {
  const bottoms = straights.flatMap(({ labels }) => labels.map((label) => label.top + label.height))
  return { height: Math.max(...bottoms) - top + PAD.bottom, straights }
}

function widestWord({ transitions }: Way): number {
  return Math.max(...transitions.map((one) => wordWidth(nameOf(one))))
}
