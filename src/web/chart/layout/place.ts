/**
 * Places a chart in columns with lanes beside them. Pure; a few milliseconds. Labels of arrows stand in rows of their source, or beside an
 * arrow between neighbours, so that no label can run into anything, and all text keeps its size however many arrows there are.
 */
import type { ChartGraph } from '../../../../machines/chart-graph.ts'
import { type Arrow, type Drawing, type Label, type Point, type Start, type StateBox, TEXT } from './drawing.ts'
import { LINE, listed, type PlacedLabel } from './labels.ts'
import { type Channel, type Route, route, type Side } from './route.ts'
import { boxWidth, type Stacked, type StackedState, stack } from './stack.ts'
import { textWidth, wordWidth } from './text.ts'
import { nameOf, type TreeState, waysOf } from './tree.ts'

const LANE = 4.5
const MARGIN = { outer: 8, inner: 6, page: 3 } as const

/** The outermost states that stand below each other, and how wide their text may be, in units. */
export interface Column {
  readonly states: readonly TreeState[]
  readonly most: number
}

/** Places a chart in many ways: what one column looks like is worked out once. */
export function placer(graph: ChartGraph): (columns: readonly Column[]) => Drawing {
  const ways = waysOf(graph)
  const known = new Map<string, Stacked>()
  return (columns) =>
    place(
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

function place(graph: ChartGraph, columns: readonly Column[], stacked: readonly Stacked[]): Drawing {
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
  const top = MARGIN.page + strip.height + (lanes('above') === 0 ? 6 : room('above', MARGIN.outer)) + 8
  const below = top + Math.max(...stacked.map(({ bottom }) => bottom))
  const height = below + (lanes('below') === 0 ? 0 : room('below', MARGIN.outer)) + MARGIN.page

  const edges = (state: TreeState, column: number) => {
    const left = (lefts[column] ?? 0) + around(state, 'left')
    return { left, right: (lefts[column] ?? 0) + (widths[column] ?? 0) - around(state, 'right') }
  }
  const known = new Map<string, { readonly left: number; readonly right: number; readonly one: StackedState }>()
  stacked.forEach(({ states }, column) => {
    for (const one of states) known.set(one.state.path, { ...edges(one.state, column), one })
  })
  const edgesOf = (path: string) => known.get(path) ?? { left: 0, right: 0 }
  const boxes = [...known.values()].map(
    ({ left, right, one }): StateBox => ({
      path: one.state.path,
      name: one.state.name,
      isLeaf: one.state.children.length === 0,
      x: left,
      y: one.top + top,
      width: right - left,
      height: one.height,
    }),
  )

  /** Where a lane is: in a state from its sides inwards, outside from the column outwards. */
  const laneX = (channel: Channel, bus: string): number => {
    const lane = (routed.lanes.get(channel)?.of.get(bus) ?? 0) * LANE
    const [kind, name = '', side] = channel.split(':')
    if (kind === 'in') {
      const { left, right } = edgesOf(name)
      const depth = pad(name, side === 'left' ? 'left' : 'right')
      return side === 'left' ? left + depth - MARGIN.inner - lane : right - depth + MARGIN.inner + lane
    }
    const column = Number(name)
    if (column === 0) return (lefts[0] ?? 0) - MARGIN.outer - lane
    return (lefts[column - 1] ?? 0) + (widths[column - 1] ?? 0) + MARGIN.outer + lane
  }
  const rowY = (row: 'above' | 'below', bus: string): number => {
    const lane = (routed.lanes.get(row)?.of.get(bus) ?? 0) * LANE
    return row === 'above' ? top - 8 - MARGIN.outer - lane : below + MARGIN.outer + lane
  }

  const arrowOf = ({ exit, source, target, isInside, bus, first, across }: Route): Arrow => {
    const from = edgesOf(source.path)
    const to = edgesOf(target.path)
    const textEnd = from.left + exit.right + 4
    const begin = source.side === 'right' || isInside ? textEnd : from.left
    const lane = laneX(first, bus)
    const enter = target.side === 'left' ? to.left : to.right
    const points =
      across === null
        ? [at(begin, source.y), at(lane, source.y), at(lane, target.y), at(enter, target.y)]
        : [
            at(begin, source.y),
            at(lane, source.y),
            at(lane, rowY(across.row, bus) - top),
            at(laneX(across.last, bus), rowY(across.row, bus) - top),
            at(laneX(across.last, bus), target.y),
            at(enter, target.y),
          ]
    const bracketX = begin === from.left ? begin + 2.5 : begin
    return {
      ids: exit.way.transitions.map(({ id }) => id),
      points: points.map(({ x, y }) => at(x, y + top)),
      bracket:
        exit.way.transitions.length < 2
          ? null
          : [at(bracketX, exit.top + top + 2), at(bracketX, exit.bottom + top - 3)],
    }
  }
  const straights = stacked.flatMap((column) => column.straights)
  const arrows = [
    ...straights.map(({ way, upper, left, from, to, direction }): Arrow => {
      const x = edgesOf(upper).left + left
      const points = [at(x, from + top), at(x, to + top)]
      return {
        ids: way.transitions.map(({ id }) => id),
        points: direction === 'down' ? points : points.toReversed(),
        bracket: null,
      }
    }),
    ...routed.routes.map(arrowOf),
  ]
  const labels = [
    ...strip.labels.map((label) => asLabel(label, MARGIN.page, MARGIN.page)),
    ...[...known.values()].flatMap(({ left, one }) => one.labels.map((label) => asLabel(label, left, top))),
    ...straights.flatMap(({ upper, labels }) => labels.map((label) => asLabel(label, edgesOf(upper).left, top))),
  ]
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    columns: columns.length,
    boxes,
    labels,
    arrows,
    starts: startsOf(known, top),
  }
}

function at(x: number, y: number): Point {
  return { x, y }
}

function asLabel({ id, left, top, lines, width, height }: PlacedLabel, x: number, y: number): Label {
  return {
    id,
    x: x + left,
    y: y + top,
    width,
    height,
    lines: lines.map((text, line) => ({
      text,
      x: x + left,
      y: y + top + line * LINE + TEXT.label * 0.9,
      width: textWidth(text),
    })),
  }
}

function startsOf(
  known: ReadonlyMap<string, { readonly left: number; readonly one: StackedState }>,
  top: number,
): readonly Start[] {
  return [...known.values()]
    .filter(({ one }) => one.state.isInitial)
    .map(({ left, one }) => ({
      path: one.state.path,
      dot: at(left + 9, one.top + top - 8.5),
      tip: at(left + 9, one.top + top),
    }))
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
