/** How large a chart becomes when its states are spread over columns, and where its lanes are then. What is drawn there is drawn later. */
import type { ChartGraph } from '../../../../machines/chart-graph.ts'
import { listed, type PlacedLabel } from './labels.ts'
import { type Channel, type Routed, route, type Side } from './route.ts'
import { boxWidth, type Stacked, stack } from './stack.ts'
import { textWidth, wordWidth } from './text.ts'
import { nameOf, type TreeState, waysOf } from './tree.ts'

/** Between two lanes. */
const LANE = 4.5
/** Beside lanes outside of the columns, beside those inside of a state, around everything; below the lanes above the columns. */
export const MARGIN = { outer: 8, inner: 6, page: 3, row: 8 } as const

/** The outermost states that stand below each other, and how wide their text may be, in units. */
export interface Column {
  readonly states: readonly TreeState[]
  readonly most: number
}

export interface Sized {
  readonly columns: readonly Column[]
  readonly width: number
  readonly height: number
  /** Where the columns begin. */
  readonly top: number
  readonly stacked: readonly Stacked[]
  readonly routed: Routed
  /** What the chart takes in every state. */
  readonly strip: readonly PlacedLabel[]
  edgesOf(state: TreeState, column: number): Edges
  /** Where a lane is: in a state from its sides inwards, outside from the column outwards. */
  laneX(channel: Channel, bus: string, edgesOf: (path: string) => Edges): number
  rowY(row: 'above' | 'below', bus: string): number
}

/** The left and the right side of a box. */
export interface Edges {
  readonly left: number
  readonly right: number
}

/** Sizes a chart in many ways: what one column looks like is worked out once. */
export function sizer(graph: ChartGraph): (columns: readonly Column[]) => Sized {
  const ways = waysOf(graph)
  const known = new Map<string, Stacked>()
  return (columns) =>
    sized(
      graph,
      columns,
      columns.map(({ states, most }) => {
        const name = `${states.map(({ path }) => path).join()} ${most}`
        const found = known.get(name) ?? stack(states, ways, most)
        known.set(name, found)
        return found
      }),
    )
}

function sized(graph: ChartGraph, columns: readonly Column[], stacked: readonly Stacked[]): Sized {
  const routed = route(stacked)
  const lanes = (channel: Channel) => routed.lanes.get(channel)?.count ?? 0
  const room = (channel: Channel, margin: number) => margin + Math.max(0, lanes(channel) - 1) * LANE + margin
  const pad = (path: string, side: Side) => {
    const count = lanes(`in:${path}:${side}`)
    return count === 0 ? MARGIN.inner : room(`in:${path}:${side}`, MARGIN.inner)
  }

  // Widths: a column is as wide as its widest state with all that is around it.
  const around = (state: TreeState, side: Side) => state.ancestors.reduce((sum, path) => sum + pad(path, side), 0)
  const lefts: number[] = []
  const widths: number[] = []
  let right: number = MARGIN.page
  stacked.forEach((one, column) => {
    const box = boxWidth(one, columns[column]?.most ?? 0)
    right += lanes(`out:${column}`) === 0 && column === 0 ? 0 : room(`out:${column}`, MARGIN.outer)
    const width = Math.max(...one.states.map(({ state }) => box + around(state, 'left') + around(state, 'right')))
    lefts.push(right)
    widths.push(width)
    right += width
  })
  const end = `out:${columns.length}`
  const needed = right + (lanes(end) === 0 ? 0 : room(end, MARGIN.outer)) + MARGIN.page
  const words = ownOf(graph).map((one) => wordWidth(nameOf(one)))
  const width = Math.max(needed, ...words.map((word) => word + 2 * MARGIN.page))

  // What the chart takes in every state stands above all of it.
  const strip = stripOf(graph, width - 2 * MARGIN.page)
  const top = MARGIN.page + strip.height + (lanes('above') === 0 ? 6 : room('above', MARGIN.outer)) + MARGIN.row
  const below = top + Math.max(...stacked.map(({ bottom }) => bottom))
  const height = below + (lanes('below') === 0 ? 0 : room('below', MARGIN.outer)) + MARGIN.page

  return {
    columns,
    width: Math.ceil(width),
    height: Math.ceil(height),
    top,
    stacked,
    routed,
    strip: strip.labels,
    edgesOf(state, column) {
      const left = (lefts[column] ?? 0) + around(state, 'left')
      return { left, right: (lefts[column] ?? 0) + (widths[column] ?? 0) - around(state, 'right') }
    },
    laneX(channel, bus, edgesOf) {
      const lane = (routed.lanes.get(channel)?.of.get(bus) ?? 0) * LANE
      const [kind, name = '', side] = channel.split(':')
      if (kind === 'in') {
        const { left, right } = edgesOf(name)
        if (side === 'left') return left + pad(name, 'left') - MARGIN.inner - lane
        return right - pad(name, 'right') + MARGIN.inner + lane
      }
      const column = Number(name)
      if (column === 0) return (lefts[0] ?? 0) - MARGIN.outer - lane
      return (lefts[column - 1] ?? 0) + (widths[column - 1] ?? 0) + MARGIN.outer + lane
    },
    rowY(row, bus) {
      const lane = (routed.lanes.get(row)?.of.get(bus) ?? 0) * LANE
      return row === 'above' ? top - MARGIN.row - MARGIN.outer - lane : below + MARGIN.outer + lane
    },
  }
}

function ownOf({ transitions }: ChartGraph) {
  return transitions.filter(({ source }) => source === '')
}

/** Transitions without a state of their own, beside each other in as few lines as they need. */
function stripOf(
  graph: ChartGraph,
  most: number,
): { readonly labels: readonly PlacedLabel[]; readonly height: number } {
  const own = ownOf(graph)
  let [left, top, bottom] = [textWidth('in every state:') + 12, 2, 2]
  const labels = listed(own, 0, 0, most).labels.map((label) => {
    if (left > 0 && left + label.width > most) [left, top] = [0, bottom + 2]
    const placed = { ...label, left, top }
    left += label.width + 16
    bottom = Math.max(bottom, top + label.height)
    return placed
  })
  return { labels, height: own.length === 0 ? 0 : bottom + 4 }
}
