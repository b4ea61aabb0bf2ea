/** /connections and the layers that are published through them. */
import { type Exchange, objectOf, type Reply, troubleFor } from '../exchange.ts'
import { approvalAsked, given, METHOD_NOT_ALLOWED, NOT_FOUND, no, ok, pick } from './replies.ts'
import { DEFAULT_SETTINGS, type Item, type Layer } from './state.ts'

const CHANGEABLE = [
  'description',
  'host',
  'port',
  'databaseName',
  'username',
  'password',
  'sslRequired',
  'sslMode',
  'isActive',
]
const NAME_LENGTH_MAX = 64

export function connectionRoutes(exchange: Exchange, parts: readonly string[]): Reply {
  const { seen, c: state } = exchange
  const [id, second] = parts
  if (id === undefined) {
    if (seen.method === 'POST') return create(exchange)
    return ok([...state.connections.values()].map(summary))
  }
  const connection = state.connections.get(id)
  if (connection === undefined) return NOT_FOUND
  if (second === 'layers') return layersOf(exchange, id, parts.slice(2))
  if (second !== undefined) return NOT_FOUND
  switch (seen.method) {
    case 'GET':
      return ok({ ...summary(connection), credentialReference: connection['secretReference'] ?? null })
    case 'PUT':
      return update(exchange, id, connection)
    case 'DELETE':
      return remove(exchange, id, connection)
    default:
      return METHOD_NOT_ALLOWED
  }
}

/** Passwords are taken and never given back. */
function summary(connection: Item): Item {
  return {
    ...pick(connection, [
      'connectionId',
      'name',
      'description',
      'host',
      'port',
      'databaseName',
      'username',
      'provider',
    ]),
    ...pick(connection, ['sslRequired', 'sslMode']),
    storageType: connection['secretReference'] === undefined ? 'Managed' : 'External',
    isActive: true,
    healthStatus: 'Healthy',
  }
}

function create(exchange: Exchange): Reply {
  const { c: state } = exchange
  const body = objectOf(exchange)
  const { name } = body
  if (typeof name !== 'string' || name === '' || name.length > NAME_LENGTH_MAX)
    return no(400, `The name must have 1 to ${NAME_LENGTH_MAX} characters.`)
  const missing = ['host', 'databaseName', 'username'].filter((field) => typeof body[field] !== 'string')
  if (missing.length > 0) return no(400, `Missing: ${missing.join(', ')}.`)
  const secret = given(body, ['password', 'secretReference', 'secretType'])
  if ((secret['password'] === undefined) === (secret['secretReference'] === undefined))
    return no(400, 'Either Password or SecretReference must be given.')
  if (secret['secretReference'] !== undefined && secret['secretType'] === undefined)
    return no(400, 'SecretType is required when using SecretReference.')
  if (state.connectionNamed(name) !== undefined) return no(409, `A connection named '${name}' exists.`)
  const trouble = troubleFor(exchange, `Connection/default/${name}`)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  const connectionId = state.newId(name)
  const defaults = { port: 5432, provider: 'postgis', sslRequired: true, sslMode: 'Require' }
  const connection = { ...defaults, ...given(body, [...CHANGEABLE, 'provider']), ...secret, connectionId, name }
  if (!trouble.lie) {
    state.connections.set(connectionId, connection)
    state.changed()
  }
  return ok(summary(connection), 201)
}

/** Name, provider and secret reference have no place in this body. */
function update(exchange: Exchange, id: string, connection: Item): Reply {
  const trouble = troubleFor(exchange, `Connection/default/${String(connection['name'])}`)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  const next = { ...connection, ...given(objectOf(exchange), CHANGEABLE) }
  if (!trouble.lie) {
    exchange.c.connections.set(id, next)
    exchange.c.changed()
  }
  return ok(summary(next))
}

function remove(exchange: Exchange, id: string, connection: Item): Reply {
  const { c: state } = exchange
  const user = [...state.layers.values()].find(({ connectionId }) => connectionId === id)
  if (user !== undefined) return no(409, `Layer ${user.layerId} was published through it.`)
  const trouble = troubleFor(exchange, `Connection/default/${String(connection['name'])}`)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  if (!trouble.lie) {
    state.connections.delete(id)
    state.changed()
  }
  return ok(null)
}

function layersOf(exchange: Exchange, connectionId: string, parts: readonly string[]): Reply {
  const { seen, c: state } = exchange
  const [id, call] = parts
  if (id === undefined) {
    if (seen.method === 'POST') return publish(exchange, connectionId)
    return ok([...state.layers.values()].filter((layer) => layer.connectionId === connectionId).map(listed))
  }
  const layer = state.layers.get(Number(id))
  if (layer === undefined || layer.connectionId !== connectionId) return NOT_FOUND
  if (call !== 'enabled') return call === undefined ? METHOD_NOT_ALLOWED : NOT_FOUND
  if (seen.method !== 'PUT') return METHOD_NOT_ALLOWED
  const trouble = troubleFor(exchange, `Layer/default/${layer.layerName}`)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  const next = { ...layer, enabled: objectOf(exchange)['enabled'] === true }
  if (!trouble.lie) {
    state.layers.set(layer.layerId, next)
    state.changed()
  }
  return ok(listed(next))
}

function listed({ layerId, layerName, serviceName, enabled, published }: Layer): Item {
  return { ...published, layerId, layerName, serviceName, enabled }
}

/** Runs the server's own migrations, also when it publishes nothing in the end. A switched-off layer of the name is in the way too. */
function publish(exchange: Exchange, connectionId: string): Reply {
  const { c: state } = exchange
  const body = objectOf(exchange)
  const { layerName, schema, table } = body
  if (typeof layerName !== 'string' || typeof schema !== 'string' || typeof table !== 'string' || layerName === '')
    return no(400, 'schema, table and layerName are required.')
  const asked = approvalAsked(exchange, `Publishing layer '${layerName}'`)
  if (asked !== null) return asked
  state.migrations += 1
  const serviceName = typeof body['serviceName'] === 'string' ? body['serviceName'] : 'default'
  const exists = [...state.layers.values()].some(
    (layer) => layer.layerName === layerName && layer.serviceName === serviceName,
  )
  if (exists) return no(409, `Layer '${layerName}' exists in service '${serviceName}'.`)
  const trouble = troubleFor(exchange, `Layer/default/${layerName}`)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  const layer: Layer = {
    layerId: state.nextLayerId(),
    connectionId,
    layerName,
    serviceName,
    enabled: body['enabled'] !== false,
    published: {
      schema,
      table,
      geometryColumn: body['geometryColumn'] ?? 'geom',
      geometryType: body['geometryType'] ?? 'Point',
      srid: body['srid'] ?? 4326,
      primaryKey: body['primaryKey'] ?? 'id',
      fields: body['fields'] ?? [],
    },
    discovery: { title: null, description: body['description'] ?? null, keywords: [] },
    style: null,
  }
  if (!trouble.lie) {
    state.layers.set(layer.layerId, layer)
    if (!state.services.has(serviceName)) state.services.set(serviceName, DEFAULT_SETTINGS)
    state.changed()
  }
  return ok(listed(layer), 201)
}
