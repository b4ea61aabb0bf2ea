/** How a server of generation C would hold a declared resource: by the fields its calls carry, without labels and annotations. */
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { Resource } from '../../../../core/vocabulary.ts'
import { firstOf, objectIn, pick, present } from '../fields.ts'

export const API_VERSION_OF_C = 'honua.io/2026.1'

/** Fields of a layer that are said once, when it is published. */
export const LAYER_FIXED = [
  'connection',
  'serviceName',
  'schemaName',
  'tableName',
  'geometryColumn',
  'geometryType',
  'srid',
  'primaryKey',
  'fields',
] as const
/** Fields of a layer that can be changed. */
export const LAYER_OPEN = ['title', 'description', 'keywords', 'enabled'] as const
export const CONNECTION_FIXED = ['provider', 'secretReference'] as const
export const CONNECTION_OPEN = [
  'description',
  'host',
  'port',
  'databaseName',
  'username',
  'sslRequired',
  'sslMode',
] as const
/** Taken and never given back. */
export const PASSWORD = 'password'
export const SERVICE_PARTS = ['enabledProtocols', 'mapServer', 'accessPolicy', 'timeInfo'] as const

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Connection: [...CONNECTION_OPEN, ...CONNECTION_FIXED, PASSWORD],
  Layer: [...LAYER_FIXED, ...LAYER_OPEN],
  Service: SERVICE_PARTS,
  Style: ['layerId', 'style'],
}
/** Fields of other forms that go into a field of this generation. */
const READ_TOO: Readonly<Record<string, readonly string[]>> = {
  Connection: ['name', 'secretType'],
  Layer: ['storage', 'idField', 'geometryField', 'datasource', 'dataSource'],
}
const DEFAULT_SCHEMA = 'public'

export function isHeldByC(kind: string): boolean {
  return Object.hasOwn(FIELDS, kind)
}

/** The seed's form and generation B's are understood. Idempotent. */
export function representForC(resource: Resource): Resource {
  if (!isHeldByC(resource.kind)) return resource
  const spec = pick(specOf(resource), FIELDS[resource.kind] ?? [])
  return makeResource({ ...resource, apiVersion: API_VERSION_OF_C, metadata: {}, spec })
}

/** Declared fields that have no place at all. */
export function omittedByC({ kind, spec, metadata }: Resource): readonly string[] {
  const known = [...(FIELDS[kind] ?? []), ...(READ_TOO[kind] ?? [])]
  const fields = isHeldByC(kind) ? Object.keys(spec).filter((field) => !known.includes(field)) : []
  return [...fields, ...['labels', 'annotations'].filter((field) => metadata[field] !== undefined)]
}

function specOf({ kind, spec, metadata }: Resource): JsonObject {
  switch (kind) {
    case 'Connection':
      return { provider: 'postgis', port: 5432, sslRequired: true, sslMode: 'Require', ...spec }
    case 'Layer':
      return {
        ...layerSpec(spec, metadata),
        ...present({ description: firstOf(spec['description'], metadata['description']) }),
      }
    case 'Service': {
      const { enabledProtocols } = spec
      return { ...spec, ...present({ enabledProtocols: sorted(enabledProtocols) }) }
    }
    default:
      return spec
  }
}

function layerSpec(spec: JsonObject, metadata: JsonObject): JsonObject {
  const storage = objectIn(spec, 'storage')
  const [schema, table] = tableOf(storage['table'])
  return {
    ...spec,
    ...present({
      connection: firstOf(spec['connection'], spec['datasource'], spec['dataSource']),
      serviceName: firstOf(spec['serviceName'], metadata['service'], 'default'),
      schemaName: firstOf(spec['schemaName'], schema, DEFAULT_SCHEMA),
      tableName: firstOf(spec['tableName'], table),
      geometryColumn: firstOf(spec['geometryColumn'], storage['geometryColumn'], spec['geometryField']),
      srid: firstOf(spec['srid'], storage['srid']),
      primaryKey: firstOf(spec['primaryKey'], storage['primaryKey'], spec['idField']),
      fields: namesOf(spec['fields']),
      keywords: firstOf(spec['keywords'], []),
      enabled: firstOf(spec['enabled'], true),
    }),
  }
}

/** `gis.parcels` → schema `gis`, table `parcels`. */
function tableOf(text: Json | undefined): readonly [string | undefined, string | undefined] {
  if (typeof text !== 'string') return [undefined, undefined]
  const dot = text.indexOf('.')
  return dot < 0 ? [undefined, text] : [text.slice(0, dot), text.slice(dot + 1)]
}

/** A layer is published with names of fields; none means all. */
function namesOf(fields: Json | undefined): Json {
  if (!Array.isArray(fields)) return []
  return fields.map((field: Json) => (isJsonObject(field) ? (field['name'] ?? null) : field))
}

/** The server gives them in an order of its own. */
export function sorted(list: Json | undefined): Json | undefined {
  if (!Array.isArray(list)) return list
  const items: readonly Json[] = list
  return [...items].sort((a, b) => (String(a) < String(b) ? -1 : 1))
}
