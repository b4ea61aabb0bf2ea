/** Where a collection says that its features lie (OGC API – Features 1.0, 7.13.3). */
import { isJsonObject, type Json } from '../json.ts'

export interface Extent {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
  /** In degrees of longitude and latitude: `west` above `east` then means that it crosses the antimeridian. */
  readonly isGeographic: boolean
}

/** WGS 84 with longitude first, in two or three dimensions: what an extent is in where it names nothing. */
const GEOGRAPHIC = /\/def\/crs\/OGC\/(1\.3|0)\/CRS84h?$/

/**
 * The whole extent: the first bbox, of four numbers or of six (heights are left out). Null where the collection names none; a text
 * says why what it names cannot be one.
 */
export function extentOf(collection: Json | undefined): Extent | string | null {
  const spatial = fieldOf(fieldOf(collection, 'extent'), 'spatial')
  const boxes = fieldOf(spatial, 'bbox')
  if (boxes === undefined || boxes === null) return null
  const [box]: readonly Json[] = Array.isArray(boxes) ? boxes : []
  const numbers: readonly Json[] = Array.isArray(box) ? box : []
  const finite = numbers.flatMap((one) => (typeof one === 'number' && Number.isFinite(one) ? [one] : []))
  if (finite.length !== numbers.length || (finite.length !== 4 && finite.length !== 6))
    return 'its bbox is no list of four or six numbers'
  const half = finite.length / 2
  const [west = 0, south = 0, east = 0, north = 0] = [finite[0], finite[1], finite[half], finite[half + 1]]
  const crs = fieldOf(spatial, 'crs')
  const isGeographic = crs === undefined || crs === null || (typeof crs === 'string' && GEOGRAPHIC.test(crs))
  if (south > north) return 'its bbox has its south above its north'
  if (!isGeographic && west > east) return 'its bbox has its west beyond its east'
  return { west, south, east, north, isGeographic }
}

/** Degrees. */
const TURN = 360

/** Whether a position lies in it, give or take `tolerance` in its own unit. Longitudes a turn apart are the same. */
export function holds(
  { west, south, east, north, isGeographic }: Extent,
  [x, y]: Position,
  tolerance: number,
): boolean {
  if (y < south - tolerance || y > north + tolerance) return false
  if (!isGeographic) return x >= west - tolerance && x <= east + tolerance
  const width = east < west ? east + TURN - west : east - west
  const eastOfWest = (x - west) % TURN
  const offset = eastOfWest < 0 ? eastOfWest + TURN : eastOfWest
  return offset <= width + tolerance || offset >= TURN - tolerance
}

/** East and north, or longitude and latitude; heights and measures are left out. */
export type Position = readonly [number, number]

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
