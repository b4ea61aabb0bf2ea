/** What the stand-in serves to everybody: an OGC API – Features below /ogc, a collection for each of its layers. */
import type { Json, JsonObject } from '../../../src/core/json.ts'
import type { Exchange } from './exchange.ts'
import type { Stored } from './generation-b/resources.ts'
import { textField } from './raw-json.ts'

/** What one layer holds. */
export interface Holdings {
  readonly features: readonly JsonObject[]
  /** Its extent; absent: it names none. */
  readonly bbox?: readonly number[]
  readonly crs?: string
  /** Answered instead of anything. */
  readonly status?: number
}

export interface Ogc {
  /** What a layer holds, by how it is declared; a test replaces it. */
  holds: (layer: Stored) => Holdings
  /** Headers that a cache in between would add. */
  headers: Readonly<Record<string, string>>
}

const CONFORMS_TO = ['core', 'geojson'].map((name) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`)
const SQUARE = [
  [16.3, 48.2],
  [16.4, 48.2],
  [16.4, 48.3],
  [16.3, 48.3],
  [16.3, 48.2],
]

export function aFeature(geometry: Json = { type: 'Polygon', coordinates: [SQUARE] }): JsonObject {
  return { type: 'Feature', id: 1, geometry, properties: {} }
}

export function newOgc(): Ogc {
  return { holds: () => ({ features: [aFeature()], bbox: [16, 48, 17, 49] }), headers: {} }
}

/** `service::layer`, as Honua names collections (HONUA-API §1.4). */
export function collectionId({ name, spec }: Pick<Stored, 'name' | 'spec'>): string {
  return `${textField(spec, 'serviceName') ?? 'default'}::${name}`
}

/** Answers what stands below /ogc; false for everything else. */
export function serveOgc({ seen, state, ogc, response }: Exchange): boolean {
  const url = new URL(seen.path, 'http://stand-in')
  const [root, ...parts] = url.pathname.slice(1).split('/').map(decodeURIComponent)
  if (root !== 'ogc') return false
  const layers = state.all().filter(({ kind }) => kind === 'Layer')
  const { status, body } = answer(
    parts.filter((part) => part !== ''),
    url.searchParams,
    layers,
    ogc,
  )
  response.writeHead(status, { 'content-type': 'application/json', ...ogc.headers })
  response.end(JSON.stringify(body))
  return true
}

interface Answer {
  readonly status: number
  readonly body: Json
}

const NOT_FOUND: Answer = { status: 404, body: { code: 'NotFound', description: 'No such resource.' } }
const ok = (body: Json): Answer => ({ status: 200, body })
const link = (rel: string, path: string) => ({ rel, href: `/ogc${path}`, type: 'application/json' })

function answer(parts: readonly string[], query: URLSearchParams, layers: readonly Stored[], ogc: Ogc): Answer {
  const [first, id, last] = parts
  if (first === undefined)
    return ok({
      title: 'Honua',
      links: [
        link('self', '/'),
        link('service-desc', '/api'),
        link('conformance', '/conformance'),
        link('data', '/collections'),
      ],
    })
  if (first === 'conformance') return ok({ conformsTo: CONFORMS_TO })
  if (first !== 'collections') return NOT_FOUND
  if (id === undefined) return ok({ links: [], collections: layers.map((layer) => collection(layer, ogc)) })
  const layer = layers.find((one) => collectionId(one) === id)
  if (layer === undefined) return NOT_FOUND
  const { status = 200, features } = ogc.holds(layer)
  if (status !== 200) return { status, body: { code: 'ServerError', description: 'The table is not there.' } }
  if (last === undefined) return ok(collection(layer, ogc))
  if (last !== 'items') return NOT_FOUND
  const shown = features.slice(0, Number(query.get('limit') ?? '10'))
  return ok({
    type: 'FeatureCollection',
    features: shown,
    numberMatched: features.length,
    numberReturned: shown.length,
    links: [],
  })
}

function collection(layer: Stored, ogc: Ogc): Json {
  const id = collectionId(layer)
  const { bbox, crs } = ogc.holds(layer)
  const extent =
    bbox === undefined ? {} : { extent: { spatial: { bbox: [bbox], ...(crs === undefined ? {} : { crs }) } } }
  return { id, title: id, ...extent, links: [link('items', `/collections/${encodeURIComponent(id)}/items`)] }
}
