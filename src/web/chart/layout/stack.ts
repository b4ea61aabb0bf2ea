/** First half of a layout: what stands below what. Heights depend on the width of the text alone, so they are known before any width is. */
import { gapOf, type Straight } from './gap.ts'
import { listed, type PlacedLabel } from './labels.ts'
import { textWidth } from './text.ts'
import type { TreeState, Way } from './tree.ts'

const TITLE = 18
const PAD = { x: 6, bottom: 4 } as const
/** Least room between two states of one parent, and between two of the outermost; room for the dot where a state begins. */
const GAP = { inner: 8, outer: 18, dot: 11 } as const

/** Labels that share one arrow to the side. */
export interface Exit {
  readonly way: Way
  readonly top: number
  readonly bottom: number
  /** Where the widest of them ends, from the left edge of the state's box. */
  readonly right: number
}

export interface StackedState {
  readonly state: TreeState
  readonly top: number
  readonly height: number
  readonly labels: readonly PlacedLabel[]
  readonly exits: readonly Exit[]
}

/** An arrow straight down or up below the state `upper`, between two heights. */
export interface StackedStraight extends Straight {
  readonly upper: string
  readonly from: number
  readonly to: number
}

export interface Stacked {
  readonly states: readonly StackedState[]
  readonly straights: readonly StackedStraight[]
  readonly bottom: number
}

/** Puts the states of one column below each other. `most` is the width of text. */
export function stack(column: readonly TreeState[], ways: readonly Way[], most: number): Stacked {
  const states: StackedState[] = []
  const straights: StackedStraight[] = []
  const neighbours = neighboursIn(column)
  const wayBetween = (from: TreeState, to: TreeState) =>
    ways.find(({ source, target }) => source === from.path && target === to.path)

  const siblings = (all: readonly TreeState[], begin: number, least: number): number => {
    let bottom = begin
    all.forEach((state, place) => {
      const upper = all[place - 1]
      let top = bottom + (state.isInitial ? GAP.dot : 0)
      if (upper !== undefined) {
        const gap = gapOf(wayBetween(upper, state), wayBetween(state, upper), PAD.x + most, bottom)
        top += Math.max(least, gap.height)
        straights.push(...gap.straights.map((one) => ({ ...one, upper: upper.path, from: bottom, to: top })))
      }
      bottom = one(state, top)
    })
    return bottom
  }

  const one = (state: TreeState, top: number): number => {
    const labels: PlacedLabel[] = []
    const exits: Exit[] = []
    let bottom = top + TITLE
    for (const way of ways) {
      if (way.source !== state.path || neighbours.has(`${way.source}>${way.target}`)) continue
      const group = listed(way.transitions, PAD.x, bottom, most)
      labels.push(...group.labels)
      const right = Math.max(...group.labels.map(({ left, width }) => left + width))
      exits.push({ way, top: bottom, bottom: group.bottom, right })
      bottom = group.bottom
    }
    const place = states.push({ state, top, height: 0, labels, exits }) - 1
    if (state.children.length > 0) bottom = siblings(state.children, bottom + 4, GAP.inner) + 3
    const height = bottom + PAD.bottom - top
    states[place] = { state, top, height, labels, exits }
    return top + height
  }

  const bottom = siblings(column, 0, GAP.outer)
  return { states, straights, bottom }
}

/** Width that a box of the column needs at least, without what is around it: a title or a long word may need more than was wished. */
export function boxWidth({ states, straights }: Stacked, most: number): number {
  const titles = states.map(({ state }) => textWidth(state.name, 'title') + TITLE)
  const labels = [...states, ...straights].flatMap((one) => one.labels.map(({ left, width }) => left + width))
  return Math.max(most + PAD.x, ...titles, ...labels) + PAD.x
}

/** `above>below` and `below>above` of all that stand right below each other. */
function neighboursIn(column: readonly TreeState[]): ReadonlySet<string> {
  const pairs = (all: readonly TreeState[]): readonly string[] =>
    all.flatMap(({ path, children }, place) => {
      const below = all[place + 1]?.path
      return [...(below === undefined ? [] : [`${path}>${below}`, `${below}>${path}`]), ...pairs(children)]
    })
  return new Set(pairs(column))
}
