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
/** Room at the left of all rows, where arrows that pass a row go along. */
const GUTTER = 10
/** Arrows beside each other are this far apart. */
const LANE = 4
const LANES = 5

/** `M x y L …`: from the box that refers to the one that is referred to. `number` tells arrows apart that go the same way. */
export function routeBetween(from: Rectangle, to: Rectangle, number: number): string {
  const lane = ((number % LANES) - (LANES - 1) / 2) * LANE
  const isUp = to.bottom <= from.top
  const isDown = to.top >= from.bottom
  const startY = isDown ? from.bottom : from.top
  const endY = isUp ? to.bottom : to.top
  const outY = (isDown ? from.bottom + HALF_GAP : from.top - HALF_GAP) + lane
  const inY = (isUp ? to.bottom + HALF_GAP : to.top - HALF_GAP) + lane
  const startX = middle(from) + lane
  const endX = middle(to) + lane
  const areNeighbours = !(isUp || isDown) || Math.abs(outY - inY) <= HALF_GAP
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
  const points: readonly Point[] = [[startX, startY], ...between, [endX, endY]]
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'} ${Math.round(x)} ${Math.round(y)}`).join(' ')
}

type Point = readonly [x: number, y: number]

function middle({ left, right }: Rectangle): number {
  return (left + right) / 2
}
