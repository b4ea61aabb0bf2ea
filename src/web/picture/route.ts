/** The way of an arrow between two boxes: through the room between the rows, never across a box. Pure. */

/** In pixels of the picture. */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Half of the room between two rows. */
const HALF_GAP = 14
/** How far above its row an arrow between two boxes of it goes along: the first row has less room. */
const ABOVE = 7
/** Room at the left of all rows, where arrows that pass a row go along. */
const GUTTER = 10
/** Arrows beside each other are this far apart. */
const LANE = 3
const LANES = 5

/** `M x y L …`: from the box that refers to the one that is referred to. `number` tells arrows apart that go the same way. */
export function routeBetween(from: Rectangle, to: Rectangle, number: number): string {
  return pointsBetween(from, to, number)
    .map(([x, y], at) => `${at === 0 ? 'M' : 'L'} ${Math.round(x)} ${Math.round(y)}`)
    .join(' ')
}

type Point = readonly [x: number, y: number]

/** The corners of the way, its two ends among them. */
export function pointsBetween(from: Rectangle, to: Rectangle, number: number): readonly Point[] {
  const lane = ((number % LANES) - (LANES - 1) / 2) * LANE
  const [startX, endX] = [middle(from) + lane, middle(to) + lane]
  const isUp = to.bottom <= from.top
  if (!isUp && to.top < from.bottom) {
    const y = Math.min(from.top, to.top) - ABOVE + lane / 2
    return [
      [startX, from.top],
      [startX, y],
      [endX, y],
      [endX, to.top],
    ]
  }
  const [startY, endY] = isUp ? [from.top, to.bottom] : [from.bottom, to.top]
  const [outY, inY] = isUp
    ? [startY - HALF_GAP + lane, endY + HALF_GAP + lane]
    : [startY + HALF_GAP + lane, endY - HALF_GAP + lane]
  const areNeighbours = Math.abs(outY - inY) <= HALF_GAP
  const between: readonly Point[] = areNeighbours
    ? [
        [startX, outY],
        [endX, outY],
      ]
    : [
        [startX, outY],
        [GUTTER + lane, outY],
        [GUTTER + lane, inY],
        [endX, inY],
      ]
  return [[startX, startY], ...between, [endX, endY]]
}

function middle({ left, right }: Rectangle): number {
  return (left + right) / 2
}
