/** How a Honua server of generation B would hold a declared resource. */
import { canonicalJson } from '../../../../core/canonical.ts'
import type { Json, JsonObject } from '../../../../core/json.ts'
import { isJsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { Resource } from '../../../../core/vocabulary.ts'

export const SERVER_API_VERSION = 'honua.io/v1alpha1'
const SEED_API_VERSION = 'honua.io/v1'
/** The server converts this one by itself and keeps it under its own. */
const OLDER_API_VERSION = 'honua.io/v1alpha0'
/** Metadata that the server has no field for is kept as an annotation `<prefix><field>`. */
const METADATA_ANNOTATION = 'metadata.gitops.honua.io/'
const DEFAULT_SCHEMA = 'public'

/**
 * The seed's one-file form (`honua.io/v1`) becomes `honua.io/v1alpha1`: its spec stays whole and gains the fields the server asks
 * for (`tableName`, `schemaName`, `srid`, `description`, `serviceName`), each only where it is absent. Metadata is narrowed to
 * labels and annotations, which is all that a server keeps. Idempotent.
 */
export function representForHonua(resource: Resource): Resource {
  const known = represented.get(resource) ?? represent(resource)
  represented.set(resource, known)
  return known
}

/** Resources are never changed in place, and the same ones are asked for at every look. */
const represented = new WeakMap<Resource, Resource>()

function represent(resource: Resource): Resource {
  const isSeed = resource.apiVersion === SEED_API_VERSION
  const known = isSeed || resource.apiVersion === OLDER_API_VERSION
  return makeResource({
    ...resource,
    apiVersion: known ? SERVER_API_VERSION : resource.apiVersion,
    metadata: keptMetadata(resource.metadata, isSeed),
    spec: isSeed ? { ...derivedFields(resource), ...resource.spec } : resource.spec,
  })
}

/** Labels and annotations as texts; empty groups are left out. Fields that went into the spec are not repeated. */
export function keptMetadata(metadata: JsonObject, isSeed = false): JsonObject {
  const { labels, annotations, ...others } = metadata
  const extra: Record<string, Json> = {}
  for (const [field, value] of Object.entries(others)) {
    if (isSeed && (field === 'environment' || MOVED_FIELDS.has(field))) continue
    extra[METADATA_ANNOTATION + field] = textOf(value)
  }
  return {
    ...group('annotations', { ...extra, ...texts(annotations) }),
    ...group('labels', texts(labels)),
  }
}

/** Metadata of the seed form that has a place in the server's spec. */
const MOVED_FIELDS = new Map([
  ['description', 'description'],
  ['service', 'serviceName'],
])

function derivedFields({ kind, metadata, spec }: Resource): JsonObject {
  const derived: Record<string, Json> = {}
  for (const [field, specField] of MOVED_FIELDS) {
    const value = metadata[field]
    if (value !== undefined) derived[specField] = value
  }
  const { storage } = spec
  if (!isJsonObject(storage)) return derived
  const { table, srid } = storage
  if (srid !== undefined) derived['srid'] = srid
  if (kind === 'Layer' && typeof table === 'string') Object.assign(derived, tableFields(table))
  return derived
}

/** `gis.parcels` → schema `gis`, table `parcels`; without a schema it is PostgreSQL's `public`. */
function tableFields(table: string): JsonObject {
  const dot = table.indexOf('.')
  return dot < 0
    ? { schemaName: DEFAULT_SCHEMA, tableName: table }
    : { schemaName: table.slice(0, dot), tableName: table.slice(dot + 1) }
}

function texts(value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, textOf(item)]))
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

function group(name: string, fields: JsonObject): JsonObject {
  return Object.keys(fields).length === 0 ? {} : { [name]: fields }
}
