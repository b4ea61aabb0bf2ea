/** Whether a feature's geometry is one, and lies where its collection says (RFC 7946). */
import { isJsonObject, type Json } from '../json.ts'
import { type Extent, holds, type Position } from './extent.ts'

/** Collections of collections are allowed and of no use; a deeper one is a fault rather than a full stack. */
const DEPTH_MAX = 16

/** What a geometry came to: `ok` with what was seen, or with what is wrong. */
export interface Judgement {
  readonly ok: boolean
  readonly message: string
}

/**
 * Judges one geometry. Null (a feature without a place) and empty ones are told and are no fault; everything else must be whole and,
 * where there is an extent, lie in it with every position. `tolerance` is in the unit of the extent.
 */
export function judgeGeometry(geometry: Json | undefined, extent: Extent | null, tolerance: number): Judgement {
  if (geometry === null) return fine('the feature has no geometry')
  if (!isJsonObject(geometry)) return wrong('the feature has no field geometry')
  const found = positionsOf(geometry, DEPTH_MAX)
  if (typeof found === 'string') return wrong(found)
  const type = String(geometry['type'])
  if (found.length === 0) return fine(`the ${type} is empty`)
  if (extent === null) return fine(`${type}, of a collection that names no bbox`)
  const outside = found.find((position) => !holds(extent, position, tolerance))
  if (outside === undefined) return fine(`${type} inside its collection's bbox`)
  const [x, y] = outside
  const isSwapped = found.every(([east, north]) => holds(extent, [north, east], tolerance))
  return wrong(`${type} outside its collection's bbox at ${x} ${y}${isSwapped ? ': its axes are swapped' : ''}`)
}

const fine = (message: string): Judgement => ({ ok: true, message })
const wrong = (message: string): Judgement => ({ ok: false, message })

/** Every position, whatever the type; a text says what is wrong. */
function positionsOf(geometry: Json, depth: number): readonly Position[] | string {
  if (!isJsonObject(geometry)) return 'a geometry is no object'
  const { type, coordinates, geometries } = geometry
  switch (type) {
    case 'Point':
      return isEmpty(coordinates) ? [] : listed([coordinates ?? null], 1, type)
    case 'MultiPoint':
      return listed(coordinates, 1, type)
    case 'LineString':
      return listed(coordinates, 2, type)
    case 'MultiLineString':
      return each(coordinates, type, (one) => listed(one, 2, type))
    case 'Polygon':
      return each(coordinates, type, (one) => ring(one, type))
    case 'MultiPolygon':
      return each(coordinates, type, (one) => each(one, type, (inner) => ring(inner, type)))
    case 'GeometryCollection':
      if (depth === 0) return 'a GeometryCollection is nested too deep'
      return each(geometries, type, (one) => positionsOf(one, depth - 1))
    default:
      return typeof type === 'string' ? `"${type}" is no type of geometry` : 'a geometry has no type'
  }
}

function each(
  value: Json | undefined,
  type: string,
  read: (item: Json) => readonly Position[] | string,
): readonly Position[] | string {
  if (!Array.isArray(value)) return `the ${type} has no list where one must be`
  const items: readonly Json[] = value
  const all: Position[] = []
  for (const item of items) {
    const found = read(item)
    if (typeof found === 'string') return found
    // Not spread into push: a ring may have more positions than a call has room for arguments.
    for (const position of found) all.push(position)
  }
  return all
}

function listed(value: Json | undefined, least: number, type: string): readonly Position[] | string {
  const found = each(value, type, (item) => {
    const position = positionOf(item)
    return position === null ? `the ${type} has a position that is not two or more numbers` : [position]
  })
  if (typeof found === 'string' || found.length === 0) return found
  return found.length < least ? `the ${type} has fewer than ${least} positions in a row` : found
}

/** Four positions or more, the last the same as the first (RFC 7946, 3.1.6). */
function ring(value: Json | undefined, type: string): readonly Position[] | string {
  const found = listed(value, 4, type)
  if (typeof found === 'string') return found
  const [first, last] = [found[0], found.at(-1)]
  const isClosed = first?.[0] === last?.[0] && first?.[1] === last?.[1]
  return isClosed ? found : `the ${type} has a ring that is not closed`
}

function positionOf(value: Json): Position | null {
  const parts: readonly Json[] = Array.isArray(value) ? value : []
  const [x, y] = parts
  const areNumbers = parts.every((one) => typeof one === 'number' && Number.isFinite(one))
  return areNumbers && typeof x === 'number' && typeof y === 'number' ? [x, y] : null
}

function isEmpty(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 0
}
