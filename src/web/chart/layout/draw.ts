/**
 * Draws a chart in columns with lanes beside them. Labels of arrows stand in rows of their source, or beside an arrow between neighbours, so
 * that no label can run into anything, and all text keeps its size however many arrows there are.
 */
import { type Arrow, type Drawing, type Label, type Point, type Start, type StateBox, TEXT } from './drawing.ts'
import { LINE, type PlacedLabel } from './labels.ts'
import type { Route } from './route.ts'
import { MARGIN, type Sized } from './size.ts'
import type { StackedState } from './stack.ts'
import { textWidth } from './text.ts'

export function draw(sized: Sized): Drawing {
  const { top, stacked, routed, rowY } = sized
  const known = new Map<string, { readonly left: number; readonly right: number; readonly one: StackedState }>()
  stacked.forEach(({ states }, column) => {
    for (const one of states) known.set(one.state.path, { ...sized.edgesOf(one.state, column), one })
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

  const laneX = (channel: string, bus: string) => sized.laneX(channel, bus, edgesOf)

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
    ...sized.strip.map((label) => asLabel(label, MARGIN.page, MARGIN.page)),
    ...[...known.values()].flatMap(({ left, one }) => one.labels.map((label) => asLabel(label, left, top))),
    ...straights.flatMap(({ upper, labels }) => labels.map((label) => asLabel(label, edgesOf(upper).left, top))),
  ]
  return {
    width: sized.width,
    height: sized.height,
    columns: sized.columns.length,
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
