/** What the documents of an OGC API must hold (OGC API – Features – Part 1 1.0, requirements 2, 6, 11 to 15 and 28 to 31). Each function returns what is missing, or null. */
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type Expectation, meets } from './expectation.ts'
import type { Judgement } from './geometry.ts'

/** A relation may be written short or as its address. */
const RELATION_PREFIX = 'http://www.opengis.net/def/rel/ogc/1.0/'

/** The landing page leads to the API's definition, to its conformance and to its data. */
export function landingFault(document: Json | undefined): string | null {
  const relations = relationsOf(document)
  if (relations === null) return 'no list of links'
  const missing = [['service-desc', 'service-doc'], ['conformance'], ['data']].filter(
    (ways) => !ways.some((way) => relations.has(way)),
  )
  return missing.length === 0 ? null : `no link ${missing.map((ways) => ways.join(' or ')).join(', no link ')}`
}

/** It conforms to every one of `required`. */
export function conformanceFault(document: Json | undefined, required: readonly string[]): string | null {
  const declared = fieldOf(document, 'conformsTo')
  if (!Array.isArray(declared)) return 'no list conformsTo'
  const classes = new Set<Json>(declared)
  const missing = required.filter((one) => !classes.has(one))
  return missing.length === 0 ? null : `it does not conform to ${missing.join(', ')}`
}

/** A list of collections, each with an id. */
export function collectionsFault(document: Json | undefined): string | null {
  const collections = fieldOf(document, 'collections')
  if (!Array.isArray(collections)) return 'no list of collections'
  const isWhole = collections.every((one: Json) => isId(fieldOf(one, 'id')))
  return isWhole ? null : 'a collection without an id'
}

/** The collection that was asked for, which leads to its items. */
export function collectionFault(document: Json | undefined, id: string): string | null {
  const own = fieldOf(document, 'id')
  if (own !== id) return isId(own) ? `it is the collection ${JSON.stringify(own)}` : 'no id'
  const relations = relationsOf(document)
  if (relations === null) return 'no list of links'
  return relations.has('items') ? null : 'no link items'
}

/** The features of an answer to `limit=1`; their number must be as expected. */
export function judgeItems(
  document: Json | undefined,
  expected: Expectation,
): Judgement & { readonly first: JsonObject | null } {
  const features = fieldOf(document, 'features')
  const wrong = (message: string) => ({ ok: false, message, first: null })
  if (fieldOf(document, 'type') !== 'FeatureCollection' || !Array.isArray(features))
    return wrong('no FeatureCollection')
  const items: readonly Json[] = features
  const whole = items.flatMap((item) => (isJsonObject(item) && item['type'] === 'Feature' ? [item] : []))
  if (whole.length !== items.length) return wrong('a feature that is none')
  const returned = fieldOf(document, 'numberReturned')
  if (returned !== undefined && returned !== items.length)
    return wrong(`numberReturned is ${JSON.stringify(returned)}, and ${items.length} came`)
  const [least, most] = countOf(document, items.length)
  const [first = null] = whole
  const count = least === most ? `${least}` : `${least} or more`
  const words = `${count} ${least === 1 && most === 1 ? 'item' : 'items'}`
  const isAs = meets(expected, least, most)
  const wanted = `${expected.is} ${expected.than}`
  if (isAs === null) return wrong(`${words}, and the API does not say how many: whether ${wanted} cannot be told`)
  return isAs ? { ok: true, message: words, first } : wrong(`${words} instead of ${wanted}`)
}

/** How many there are: as the API says, or as many as came when there is no more. */
function countOf(document: Json | undefined, came: number): readonly [number, number] {
  const matched = fieldOf(document, 'numberMatched')
  if (typeof matched === 'number') return [matched, matched]
  return came === 0 ? [0, 0] : [came, Number.POSITIVE_INFINITY]
}

/** Names of the relations that a document links to; null where it has no links. */
function relationsOf(document: Json | undefined): ReadonlySet<string> | null {
  const links = fieldOf(document, 'links')
  if (!Array.isArray(links)) return null
  const names = links.flatMap((link: Json) => {
    const [rel, href] = [fieldOf(link, 'rel'), fieldOf(link, 'href')]
    return typeof rel === 'string' && typeof href === 'string' && href !== '' ? [rel.replace(RELATION_PREFIX, '')] : []
  })
  return new Set(names)
}

function isId(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== ''
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
