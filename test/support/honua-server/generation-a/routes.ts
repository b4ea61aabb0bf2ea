/** The REST API of generation A: /admin/metadata/{folders,datasources,services,layers}. Answers are bare, errors are problems. */
import { type Exchange, objectOf, type Reply, troubleFor } from '../exchange.ts'
import { toRaw } from '../raw-json.ts'
import { COLLECTIONS, type Collection, type Item, type StateOfA } from './state.ts'

const KINDS = { folders: 'Folder', datasources: 'DataSource', services: 'Service', layers: 'Layer' } as const

/** What the body of a request has a place for; anything else in it is dropped without a word. */
const CREATE: Readonly<Record<Collection, readonly string[]>> = {
  folders: ['title', 'order'],
  datasources: ['provider', 'connectionString'],
  services: ['title', 'folderId', 'serviceType', 'dataSourceId', 'description', 'keywords', 'enabled', 'ogcOptions'],
  layers: [
    'serviceId',
    'title',
    'description',
    'geometryType',
    'idField',
    'geometryField',
    'displayField',
    'crs',
    'keywords',
  ],
}
const UPDATE: Readonly<Record<Collection, readonly string[]>> = {
  folders: ['title', 'order'],
  datasources: ['provider', 'connectionString'],
  services: ['title', 'folderId', 'description', 'keywords', 'enabled', 'ogcOptions'],
  layers: ['title', 'description', 'displayField', 'crs', 'keywords'],
}
const REQUIRED: Readonly<Record<Collection, readonly string[]>> = {
  folders: [],
  datasources: ['provider', 'connectionString'],
  services: ['title', 'folderId', 'serviceType', 'dataSourceId'],
  layers: ['serviceId', 'title', 'geometryType', 'idField', 'geometryField'],
}
/** What a list tells of an item. */
const LISTED: Readonly<Record<Collection, readonly string[]>> = {
  folders: ['id', 'title', 'order'],
  datasources: ['id', 'provider', 'connectionString'],
  services: ['id', 'title', 'folderId', 'serviceType', 'dataSourceId', 'enabled'],
  layers: ['id', 'serviceId', 'title', 'geometryType'],
}

export function answerOfA(exchange: Exchange, parts: readonly string[], query: URLSearchParams): Reply {
  const { seen, a: state } = exchange
  const collection = COLLECTIONS.find((name) => name === parts[0])
  if (collection === undefined || parts.length > 2) return problem(404, 'Not found')
  const id = parts[1]
  if (id === undefined) {
    if (seen.method === 'POST') return create(exchange, collection)
    const service = query.get('serviceId')
    const items = state.all(collection).filter((item) => service === null || item['serviceId'] === service)
    return bare(
      200,
      items.map((item) => pick(item, LISTED[collection])),
    )
  }
  const item = state.get(collection, id)
  if (item === undefined) return problem(404, `${KINDS[collection]} with ID '${id}' does not exist`)
  switch (seen.method) {
    case 'GET':
      return bare(200, { ...item, createdAt: exchange.now().toISOString(), modifiedAt: null })
    case 'PUT':
      return update(exchange, collection, item)
    case 'DELETE':
      return remove(exchange, collection, item)
    default:
      return problem(405, 'Method not allowed')
  }
}

function create(exchange: Exchange, collection: Collection): Reply {
  const { a: state } = exchange
  const body = objectOf(exchange)
  const { id } = body
  const missing = ['id', ...REQUIRED[collection]].filter((field) => typeof body[field] !== 'string')
  if (typeof id !== 'string' || missing.length > 0) return problem(400, `Missing: ${missing.join(', ')}`)
  if (state.get(collection, id) !== undefined)
    return problem(409, `${KINDS[collection]} with ID '${id}' already exists`)
  const needed = missingReference(state, collection, body)
  if (needed !== null) return problem(404, needed)
  const trouble = troubleFor(exchange, `${KINDS[collection]}/default/${id}`)
  if (trouble.refusal !== null) return problem(422, trouble.refusal)
  const item = { id, ...pick(body, CREATE[collection]) }
  if (!trouble.lie) state.put(collection, item)
  return bare(201, item)
}

function update(exchange: Exchange, collection: Collection, item: Item): Reply {
  const body = objectOf(exchange)
  const trouble = troubleFor(exchange, `${KINDS[collection]}/default/${String(item['id'])}`)
  if (trouble.refusal !== null) return problem(422, trouble.refusal)
  const given = pick(body, UPDATE[collection])
  const cleared = Object.fromEntries(UPDATE[collection].map((field) => [field, null]))
  // Absent fields are cleared; an empty list of reference systems, and any absent field of a data source, mean "as it was".
  const crs = Array.isArray(given['crs']) && given['crs'].length > 0 ? {} : { crs: item['crs'] ?? [] }
  const next = collection === 'datasources' ? { ...item, ...given } : { ...item, ...cleared, ...given }
  if (!trouble.lie) exchange.a.put(collection, collection === 'layers' ? { ...next, ...crs } : next)
  return { status: 204, message: null }
}

function remove(exchange: Exchange, collection: Collection, item: Item): Reply {
  const id = String(item['id'])
  const user = userOf(exchange.a, collection, id)
  if (user !== undefined) return problem(409, `${KINDS[collection]} '${id}' is in use by '${user}'`)
  const trouble = troubleFor(exchange, `${KINDS[collection]}/default/${id}`)
  if (trouble.refusal !== null) return problem(422, trouble.refusal)
  if (!trouble.lie) exchange.a.remove(collection, id)
  return { status: 204, message: null }
}

function missingReference(state: StateOfA, collection: Collection, body: Item): string | null {
  const wanted: readonly (readonly [Collection, unknown])[] =
    collection === 'layers'
      ? [['services', body['serviceId']]]
      : collection === 'services'
        ? [
            ['folders', body['folderId']],
            ['datasources', body['dataSourceId']],
          ]
        : []
  const missing = wanted.find(([where, id]) => state.get(where, String(id)) === undefined)
  return missing === undefined ? null : `${KINDS[missing[0]]} with ID '${String(missing[1])}' does not exist`
}

/** Id of something that needs this one. */
function userOf(state: StateOfA, collection: Collection, id: string): string | undefined {
  const by = { folders: 'folderId', datasources: 'dataSourceId', services: 'serviceId' } as const
  if (collection === 'layers') return undefined
  const users = state.all(collection === 'services' ? 'layers' : 'services')
  const user = users.find((item) => item[by[collection]] === id)
  return user === undefined ? undefined : String(user['id'])
}

function pick(item: Item, fields: readonly string[]): Item {
  return Object.fromEntries(fields.flatMap((field) => (item[field] === undefined ? [] : [[field, item[field]]])))
}

function bare(status: number, data: unknown): Reply {
  return { status, message: null, data: toRaw(data), form: 'bare' }
}

function problem(status: number, message: string): Reply {
  return { status, message, form: 'problem' }
}
