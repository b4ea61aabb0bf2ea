/** What is wrong with a drawing of a chart, in words; nothing where it can be read. */
import type { ChartGraph } from '../../../machines/chart-graph.ts'
import type { Drawing, Point, Rectangle } from '../../../src/web/chart/layout/drawing.ts'

/** Units that may be lost by rounding. */
const SLACK = 0.2

export function flawsOf(graph: ChartGraph, drawing: Drawing): readonly string[] {
  return [
    ...untold(graph, drawing),
    ...collisions(graph, drawing),
    ...strayArrows(graph, drawing),
    ...sharedLines(graph, drawing),
  ]
}

/** Every transition has one label, and an arrow where it leads from one state to one. */
function untold({ transitions }: ChartGraph, { labels, arrows }: Drawing): readonly string[] {
  return transitions.flatMap(({ id, source, target }) => {
    const told = labels.filter((label) => label.id === id).length
    const drawn = arrows.filter(({ ids }) => ids.includes(id)).length
    return [
      ...(told === 1 ? [] : [`${id} has ${told} labels`]),
      ...(drawn === (target === null || source === '' ? 0 : 1) ? [] : [`${id} has ${drawn} arrows`]),
    ]
  })
}

function collisions({ transitions }: ChartGraph, { labels, boxes, arrows, width, height }: Drawing): readonly string[] {
  const sourceOf = new Map(transitions.map(({ id, source }) => [id, source]))
  const page = { x: 0, y: 0, width, height }
  return [
    ...pairsOf(labels).flatMap(([one, other]) => (overlap(one, other) ? [`${one.id} overlaps ${other.id}`] : [])),
    ...pairsOf(boxes).flatMap(([one, other]) => {
      const isNested = other.path.startsWith(`${one.path}.`)
        ? within(one, other)
        : other.path.split('.').length < one.path.split('.').length &&
          one.path.startsWith(`${other.path}.`) &&
          within(other, one)
      return isNested || !overlap(one, other) ? [] : [`${one.path} overlaps ${other.path}`]
    }),
    ...labels.flatMap((label) => {
      const source = sourceOf.get(label.id) ?? ''
      return boxes.flatMap((box) => {
        const isAround = source === box.path || source.startsWith(`${box.path}.`)
        return overlap(label, box) && !isAround ? [`${label.id} overlaps the state ${box.path}`] : []
      })
    }),
    ...labels.flatMap((label) =>
      arrows.flatMap(({ ids, points }) =>
        segmentsOf(points).some((segment) => overlap(label, segment)) ? [`${ids[0]} runs through ${label.id}`] : [],
      ),
    ),
    ...[...boxes, ...labels].flatMap((one) => (within(page, one) ? [] : [`${JSON.stringify(one)} leaves the page`])),
  ]
}

/** An arrow begins at its source, ends at the edge of its target, and turns at right angles. */
function strayArrows({ transitions }: ChartGraph, { arrows, boxes }: Drawing): readonly string[] {
  const boxAt = new Map(boxes.map((box) => [box.path, box]))
  return arrows.flatMap(({ ids, points }) => {
    const transition = transitions.find(({ id }) => id === ids[0])
    const [source, target] = [boxAt.get(transition?.source ?? ''), boxAt.get(transition?.target ?? '')]
    const [first, last] = [points[0], points.at(-1)]
    if (source === undefined || target === undefined || first === undefined || last === undefined)
      return [`${ids[0]} leads from nowhere or to nowhere`]
    const isSlanted = segmentsOf(points).some(({ width, height }) => width > SLACK && height > SLACK)
    return [
      ...(isSlanted ? [`${ids[0]} is slanted`] : []),
      ...(within(source, { ...first, width: 0, height: 0 }) ? [] : [`${ids[0]} does not begin at ${source.path}`]),
      ...(within(target, { ...last, width: 0, height: 0 }) && isOnEdge(target, last)
        ? []
        : [`${ids[0]} does not end at the edge of ${target.path}`]),
    ]
  })
}

/** Arrows to different states never run on the same line: a reader could not tell them apart. */
function sharedLines({ transitions }: ChartGraph, { arrows }: Drawing): readonly string[] {
  const targetOf = new Map(transitions.map(({ id, target }) => [id, target]))
  const segments = arrows.flatMap(({ ids, points }) =>
    segmentsOf(points).map((segment) => ({ ...segment, id: ids[0] ?? '', target: targetOf.get(ids[0] ?? '') })),
  )
  return pairsOf(segments).flatMap(([one, other]) =>
    one.target !== other.target && runTogether(one, other) ? [`${one.id} and ${other.id} share a line`] : [],
  )
}

function runTogether(one: Rectangle, other: Rectangle): boolean {
  const areUpright = one.width < SLACK && other.width < SLACK
  const areLevel = one.height < SLACK && other.height < SLACK
  if (areUpright) return Math.abs(one.x - other.x) < 1 && common(one.y, one.height, other.y, other.height) > 2
  return areLevel && Math.abs(one.y - other.y) < 1 && common(one.x, one.width, other.x, other.width) > 2
}

function common(from: number, length: number, other: number, otherLength: number): number {
  return Math.min(from + length, other + otherLength) - Math.max(from, other)
}

/** Whether they have a point in common that is not on the edge of the first; lines have points too. */
function overlap(one: Rectangle, other: Rectangle): boolean {
  return (
    common(one.x + SLACK, one.width - 2 * SLACK, other.x, other.width) >= 0 &&
    common(one.y + SLACK, one.height - 2 * SLACK, other.y, other.height) >= 0
  )
}

function within(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.x >= outer.x - SLACK &&
    inner.y >= outer.y - SLACK &&
    inner.x + inner.width <= outer.x + outer.width + SLACK &&
    inner.y + inner.height <= outer.y + outer.height + SLACK
  )
}

function isOnEdge({ x, y, width, height }: Rectangle, point: Point): boolean {
  return (
    Math.min(
      Math.abs(point.x - x),
      Math.abs(point.x - x - width),
      Math.abs(point.y - y),
      Math.abs(point.y - y - height),
    ) <= SLACK
  )
}

function segmentsOf(points: readonly Point[]): readonly Rectangle[] {
  return points.slice(1).flatMap((to, place) => {
    const from = points[place]
    if (from === undefined) return []
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)]
    return [{ x, y, width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) }]
  })
}

function pairsOf<Value>(all: readonly Value[]): readonly (readonly [Value, Value])[] {
  return all.flatMap((one, place) => all.slice(place + 1).map((other) => [one, other] as const))
}
