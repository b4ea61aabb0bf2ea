/** What the server stores, and its rules for one resource: versions, generations, hashes, required fields. */
import { createHash } from 'node:crypto'
import { canonicalRaw, isRawObject, type Raw, type RawObject, textField, toRaw } from '../raw-json.ts'

export const API_VERSION = 'honua.io/v1alpha1'
const OLDER_API_VERSION = 'honua.io/v1alpha0'
export const LAST_APPLIED = 'honua.io/last-applied-manifest-hash'
const UP_CONVERTED = 'honua.io/up-converted-from'

/** Only their presence is checked: no types, no references. */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['Service', ['description', 'srid']],
  ['Layer', ['tableName', 'schemaName', 'geometryType', 'srid']],
  [
    'Relationship',
    ['originLayerId', 'relatedLayerId', 'name', 'relationshipType', 'originForeignKey', 'destinationForeignKey'],
  ],
  ['Style', ['layerId', 'style']],
  ['Connection', ['name', 'host', 'databaseName']],
  ['MapTemplate', ['name', 'category']],
  ['Theme', ['name']],
  ['Group', []],
  ['SourceDescriptor', []],
])

export interface Identifier {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** One resource as it is stored. */
export interface Stored extends Identifier {
  readonly id: string
  readonly labels: RawObject
  readonly annotations: RawObject
  /** Counts from 1, anew when a deleted resource is created again. */
  readonly version: number
  readonly generation: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly spec: RawObject
}

/** What a request asks for. */
export interface Wanted extends Identifier {
  readonly labels: RawObject
  readonly annotations: RawObject
  readonly spec: RawObject
}

export function keyOf({ kind, namespace, name }: Identifier): string {
  return `${kind}/${namespace}/${name}`
}

/** SHA-256 over the canonical spec, number text kept. */
export function specHash(spec: RawObject): string {
  return createHash('sha256').update(canonicalRaw(spec)).digest('hex')
}

/** Reads a resource of a request; identity fields are empty texts when missing. */
export function wantedOf(value: Raw): { readonly wanted: Wanted; readonly problem: string | null } {
  const metadata = isRawObject(value) ? value.get('metadata') : undefined
  const spec = isRawObject(value) ? value.get('spec') : undefined
  const apiVersion = textField(value, 'apiVersion')
  const annotations = new Map(objectField(metadata, 'annotations'))
  if (apiVersion === OLDER_API_VERSION) annotations.set(UP_CONVERTED, OLDER_API_VERSION)
  const wanted = {
    kind: textField(value, 'kind') ?? '',
    namespace: textField(metadata, 'namespace') ?? 'default',
    name: textField(metadata, 'name') ?? '',
    labels: objectField(metadata, 'labels'),
    annotations,
    spec: isRawObject(spec) ? spec : new Map<string, Raw>(),
  }
  return { wanted, problem: problemOf(wanted, apiVersion, isRawObject(spec)) }
}

function problemOf(wanted: Wanted, apiVersion: string | undefined, hasSpec: boolean): string | null {
  if (apiVersion !== API_VERSION && apiVersion !== OLDER_API_VERSION)
    return `Unsupported apiVersion '${apiVersion ?? ''}'.`
  if (wanted.name === '') return 'metadata.name is required.'
  const required = REQUIRED.get(wanted.kind)
  if (required === undefined) return `Unknown kind '${wanted.kind}'.`
  if (!hasSpec) return 'spec is required.'
  const missing = required.filter((field) => (wanted.spec.get(field) ?? null) === null)
  return missing.length === 0 ? null : `Missing required spec field(s): ${missing.join(', ')}.`
}

function objectField(object: Raw | undefined, name: string): RawObject {
  const value = isRawObject(object) ? object.get(name) : undefined
  return isRawObject(value) ? value : new Map()
}

/** A resource as answers carry it, server-owned fields included. */
export function toAnswer(stored: Stored): RawObject {
  const { id, name, namespace, version, generation, createdAt, updatedAt } = stored
  const metadata = new Map<string, Raw>([
    ['id', id],
    ['name', name],
    ['namespace', namespace],
    ['labels', stored.labels],
    ['annotations', stored.annotations],
    ['resourceVersion', String(version)],
    ['generation', toRaw(generation)],
    ['createdAt', createdAt],
    ['updatedAt', updatedAt],
  ])
  return new Map<string, Raw>([
    ['apiVersion', API_VERSION],
    ['kind', stored.kind],
    ['metadata', metadata],
    ['spec', stored.spec],
    ['status', toRaw({ phase: 'Ready' })],
  ])
}
