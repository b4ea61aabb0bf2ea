import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { checkSpec, kindJsonSchema, knownKinds, MANIFEST_VERSION, SEED_VERSION } from '../../../src/core/kinds/index.ts'

const reasons = (apiVersion: string, kind: string, spec: JsonObject) =>
  checkSpec(apiVersion, kind, spec).map(({ path, reason }) => `${path.join('.')} ${reason}`)

/** The least the manifest API takes of each kind, from HONUA-API §2.1. */
const least: Readonly<Record<string, JsonObject>> = {
  Service: { description: 'City', srid: 4326 },
  Layer: { schemaName: 'public', tableName: 'parcels', geometryType: 'Polygon', srid: 4326 },
  Relationship: {
    originLayerId: 1,
    relatedLayerId: 'owners',
    name: 'owner',
    relationshipType: 'OneToMany',
    originForeignKey: 'id',
    destinationForeignKey: 'parcel',
  },
  Style: { layerId: 'parcels', style: { color: 'red' } },
  Connection: { name: 'gis', host: '${DB_HOST}', databaseName: 'gis' },
  MapTemplate: { name: 'a4', category: 'print' },
  Theme: { name: 'dark' },
}

describe('checkSpec', () => {
  it('knows exactly the kinds of the manifest API, and the topology', () => {
    expect([...knownKinds].sort()).toEqual([...Object.keys(least), 'Topology'].sort())
  })

  it.each(Object.entries(least))('%s: the required fields are enough, and unknown ones pass', (kind, spec) => {
    expect(reasons(MANIFEST_VERSION, kind, spec)).toEqual([])
    expect(reasons(MANIFEST_VERSION, kind, { ...spec, somethingNew: { deep: [1] } })).toEqual([])
  })

  it.each(Object.entries(least))('%s: every required field that is absent is named', (kind, spec) => {
    expect(reasons(MANIFEST_VERSION, kind, {}).sort()).toEqual(
      Object.keys(spec)
        .map((field) => `${field} is missing`)
        .sort(),
    )
  })

  it('a layer in the seed form needs a geometry type and a table', () => {
    expect(reasons(SEED_VERSION, 'Layer', { title: 'Parcels' })).toEqual([
      'geometryType is missing',
      'storage is missing',
    ])
    expect(reasons(SEED_VERSION, 'Layer', { geometryType: 'Point', storage: {} })).toEqual(['storage.table is missing'])
    expect(reasons(SEED_VERSION, 'Layer', { geometryType: 'Point', storage: { table: 'gis.trees' } })).toEqual([])
  })

  it('wrong types are told by field and type, never by value', () => {
    const spec = {
      geometryType: 5,
      storage: { table: '', srid: 'x4711' },
      fields: [{ name: 'a' }, { name: true }],
      crs: [null],
    }
    expect(reasons(SEED_VERSION, 'Layer', spec)).toEqual([
      'geometryType must be a text, not a number',
      'crs.0 must be a text such as EPSG:4326',
      'storage.table must not be empty',
      'storage.srid must be a number, not a text',
      'fields.1.name must be a text, not true or false',
    ])
    expect(reasons(MANIFEST_VERSION, 'Layer', { ...least['Layer'], srid: 1.5 })).toEqual([
      'srid must be a whole number',
    ])
  })

  it('unknown kinds and versions are not judged', () => {
    expect(reasons(MANIFEST_VERSION, 'Group', { any: 1 })).toEqual([])
    expect(reasons('example.org/v1', 'Layer', {})).toEqual([])
  })

  it('ten thousand mistakes of one spec are cut', () => {
    const fields = Array.from({ length: 10_000 }, () => ({ name: 1 }))
    expect(checkSpec(SEED_VERSION, 'Layer', { geometryType: 'Point', storage: { table: 't' }, fields })).toHaveLength(
      20,
    )
  })
})

describe('kindJsonSchema', () => {
  it.each(Object.keys(least))('%s has a schema for both forms', (kind) => {
    expect(kindJsonSchema(kind)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: kind,
      oneOf: [SEED_VERSION, MANIFEST_VERSION].map((version) => ({
        properties: { apiVersion: { const: version }, kind: { const: kind } },
        required: ['apiVersion', 'kind', 'metadata', 'spec'],
      })),
    })
  })

  it('an unknown kind has none', () => {
    expect(kindJsonSchema('Group')).toBeUndefined()
    expect(kindJsonSchema('toString')).toBeUndefined()
  })
})
