import { makeResource } from '../../../src/core/resource.ts'
import type { DeclaredResource } from '../../../src/core/vocabulary.ts'

/** A resource of kind Layer, complete and valid, in the manifest form. */
export function aLayer(over: Partial<Parameters<typeof makeResource>[0]> = {}): DeclaredResource {
  const resource = makeResource({
    apiVersion: 'honua.io/v1alpha1',
    kind: 'Layer',
    namespace: 'default',
    name: 'parcels',
    metadata: {},
    spec: { schemaName: 'public', tableName: 'parcels', geometryType: 'Polygon', srid: 4326 },
    ...over,
  })
  return { ...resource, location: { path: `layers/${resource.name}.yaml`, line: 1, column: 1 } }
}

/** A layer file of the seed's form, of the size and content a real one has. */
export function layerText(name: string, over: { readonly title?: string } = {}): string {
  return `apiVersion: honua.io/v1
kind: Layer
metadata:
  name: ${name}
  service: city
spec:
  title: ${over.title ?? name}
  description: Cadastral parcels with owner and land use
  geometryType: Polygon
  idField: gid
  displayField: parcel_no
  geometryField: geom
  crs:
    - EPSG:4326
    - EPSG:31256
  storage:
    table: gis.${name.replaceAll('-', '_')}
    geometryColumn: geom
    primaryKey: gid
    srid: 31256
  fields:
    - name: gid
      type: integer
      alias: Id
      nullable: false
    - name: parcel_no
      type: string
      alias: Parcel number
      nullable: true
      maxLength: 20
  ogc:
    itemLimit: 1000
    defaultCrs: EPSG:4326
`
}

/** A small resource file in the manifest form; `spec` is YAML flow text. */
export function resourceText(kind: string, name: string, spec: string, metadata = ''): string {
  return `apiVersion: honua.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${metadata}spec: ${spec}\n`
}
