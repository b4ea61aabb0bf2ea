/** First half of a layout: what stands below what. Heights depend on the width of the text alone, so they are known before any width is. */
import type { ChartTransition } from '../../../../machines/chart-graph.ts'
import { TEXT } from './drawing.ts'
import { textWidth, wrapped } from './text.ts'
import { nameOf, type TreeState, type Way } from './tree.ts'

export const LINE = TEXT.label + 2
const TITLE = 18
const PAD = { x: 6, bottom: 4 } as const
/** Between two states of one parent; between two of the outermost in one column; for the dot where a state begins. */
const GAP = { inner: 8, outer: 18, dot: 11 } as const
/** Where an arrow between neighbours stands, from the left edge; how far beside it its label is. */
const STRAIGHT = { down: 19, beside: 5 } as const

/** A label with its place: `left` and `top` from the left edge of the state's box and from the top of the column. */
export interface PlacedLabel {
  readonly id: string
  readonly left: number
  readonly top: number
  readonly lines: readonly string[]
  readonly width: number
}

/** Labels that share one arrow. */
export interface Exit {
  readonly way: Way
  readonly top: number
  readonly bottom: number
  readonly width: number
}

export interface StackedState {
  readonly state: TreeState
  readonly top: number
  readonly height: number
  readonly labels: readonly PlacedLabel[]
  readonly exits: readonly Exit[]
}

/** An arrow straight down or up between two neighbours, from `from` to `to`. */
export interface Straight {
  readonly way: Way
  readonly upper: string
  readonly direction: 'down' | 'up'
  /** From the left edge of the upper one. */
  readonly left: number
  readonly from: number
  readonly to: number
  readonly labels: readonly PlacedLabel[]
}

export interface Stacked {
  readonly states: readonly StackedState[]
  readonly straights: readonly Straight[]
  readonly bottom: number
}

/** Puts the states of one column below each other. `most` is the width of text. */
export function stack(column: readonly TreeState[], ways: readonly Way[], most: number): Stacked {
  const states: StackedState[] = []
  const straights: Straight[] = []

  const siblings = (all: readonly TreeState[], begin: number, gap: number): number => {
    let bottom = begin
    all.forEach((state, place) => {
      const above = all[place - 1]
      const between = above === undefined ? { height: 0, straights: [] } : gapBetween(above, state, bottom, gap)
      const top = bottom + between.height + (state.isInitial ? GAP.dot : 0)
      straights.push(...between.straights.map((straight) => ({ ...straight, from: bottom, to: top })))
      bottom = one(state, top)
    })
    return bottom
  }

  const gapBetween = (above: TreeState, below: TreeState, from: number, gap: number) => {
    const down = ways.find(({ source, target }) => source === above.path && target === below.path)
    const up = ways.find(({ source, target }) => source === below.path && target === above.path)
    const isBoth = down !== undefined && up !== undefined
    const half = most / 2 + 8
    const room = (isBoth ? half : most) - STRAIGHT.down - STRAIGHT.beside
    const found: Omit<Straight, 'from' | 'to'>[] = []
    let height = gap
    for (const [way, direction] of [
      [down, 'down'],
      [up, 'up'],
    ] as const) {
      if (way === undefined) continue
      const left = STRAIGHT.beside + (isBoth && direction === 'up' ? half + PAD.x : STRAIGHT.down)
      const { labels, bottom } = listed(
        way.transitions,
        left,
        from + 4,
        isBoth && direction === 'up' ? most - half : room,
      )
      found.push({ way, upper: above.path, direction, left: left - STRAIGHT.beside, labels })
      height = Math.max(height, bottom - from + 6)
    }
    return { height, straights: found }
  }

  const one = (state: TreeState, top: number): number => {
    const own = ways.filter((way) => way.source === state.path && !neighbours.has(`${way.source}>${way.target}`))
    const labels: PlacedLabel[] = []
    const exits: Exit[] = []
    let bottom = top + TITLE
    for (const way of own) {
      const group = listed(way.transitions, PAD.x, bottom, most)
      labels.push(...group.labels)
      const width = Math.max(...group.labels.map((label) => label.width))
      exits.push({ way, top: bottom, bottom: group.bottom, width })
      bottom = group.bottom
    }
    const place = states.push({ state, top, height: 0, labels, exits }) - 1
    if (state.children.length > 0) bottom = siblings(state.children, bottom + 4, GAP.inner) + 3
    const height = bottom + PAD.bottom - top
    states[place] = { state, top, height, labels, exits }
    return top + height
  }

  const neighbours = new Set(
    [column, ...column.flatMap(withChildren)].flatMap((all) =>
      all
        .slice(1)
        .flatMap((below, place) => [`${all[place]?.path}>${below.path}`, `${below.path}>${all[place]?.path}`]),
    ),
  )
  const bottom = siblings(column, 0, GAP.outer)
  return { states, straights, bottom }
}

function withChildren(state: TreeState): readonly (readonly TreeState[])[] {
  return [state.children, ...state.children.flatMap(withChildren)]
}

/** Labels below each other. */
export function listed(
  transitions: readonly ChartTransition[],
  left: number,
  top: number,
  most: number,
): { readonly labels: readonly PlacedLabel[]; readonly bottom: number } {
  let bottom = top
  const labels = transitions.map((transition) => {
    const lines = wrapped(nameOf(transition), most)
    const label = {
      id: transition.id,
      left,
      top: bottom,
      lines,
      width: Math.max(...lines.map((line) => textWidth(line))),
    }
    bottom += lines.length * LINE + 1
    return label
  })
  return { labels, bottom }
}

/** Width that a state's box needs at least, without what is around the states within it. */
export function boxWidth(most: number): number {
  return most + 2 * PAD.x
}
