/** Lanes of one channel: what overlaps lies side by side, the shortest innermost. */

/** Least distance of two that follow each other in one lane. */
const BETWEEN = 0.5

export interface Span {
  readonly from: number
  readonly to: number
}

export interface Lanes {
  readonly count: number
  readonly of: ReadonlyMap<string, number>
}

export function rowLane(spans: ReadonlyMap<string, Span>): Lanes {
  const lanes: Span[][] = []
  const of = new Map<string, number>()
  const byLength = [...spans].toSorted(([, one], [, other]) => one.to - one.from - (other.to - other.from))
  for (const [name, span] of byLength) {
    const isFree = (lane: readonly Span[]) =>
      lane.every(({ from, to }) => span.from > to + BETWEEN || span.to < from - BETWEEN)
    const place = lanes.findIndex(isFree)
    if (place === -1) of.set(name, lanes.push([span]) - 1)
    else {
      lanes[place]?.push(span)
      of.set(name, place)
    }
  }
  return { count: lanes.length, of }
}
