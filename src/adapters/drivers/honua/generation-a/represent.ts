/** How a server of generation A would hold a declared resource: by its own fields alone, without labels and annotations. */
import type { Json, JsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { Resource } from '../../../../core/vocabulary.ts'
import { firstOf, objectIn, pick, present } from '../fields.ts'
import { kindsOfA } from './kinds.ts'

export const API_VERSION_OF_A = 'honua.io/2025'
/** Fields of other forms that go into a field of this generation. */
const READ_TOO = new Set(['serviceName', 'geometryColumn'])

/** The seed's form and generation B's are understood; what a layer needs and they tell elsewhere is taken from there. Idempotent. */
export function representForA(resource: Resource): Resource {
  const kind = kindsOfA.get(resource.kind)
  if (kind === undefined) return resource
  const spec = resource.kind === 'Layer' ? layerSpec(resource) : titled(resource)
  const filled = { ...kind.defaults, ...pick(spec, kind.fields) }
  return makeResource({
    ...resource,
    apiVersion: API_VERSION_OF_A,
    metadata: {},
    spec: JSON.parse(JSON.stringify(filled)),
  })
}

/** Declared fields that have no place at all. */
export function omittedByA({ kind: name, spec, metadata }: Resource): readonly string[] {
  const kind = kindsOfA.get(name)
  if (kind === undefined) return []
  const fields = Object.keys(spec).filter((field) => !kind.fields.includes(field) && !READ_TOO.has(field))
  return [...fields, ...['labels', 'annotations'].filter((field) => metadata[field] !== undefined)]
}

function titled({ kind, name, spec, metadata }: Resource): JsonObject {
  if (kind !== 'Service') return spec
  return { title: name, ...present({ description: metadata['description'] }), ...spec }
}

function layerSpec({ name, spec, metadata }: Resource): JsonObject {
  const storage = objectIn(spec, 'storage')
  const crs = textsOfCrs(spec['crs'])
  return {
    title: name,
    ...spec,
    ...present({
      description: firstOf(spec['description'], metadata['description']),
      serviceId: firstOf(spec['serviceId'], spec['serviceName'], metadata['service']),
      idField: firstOf(spec['idField'], storage['primaryKey']),
      geometryField: firstOf(spec['geometryField'], storage['geometryColumn'], spec['geometryColumn']),
      crs,
    }),
    ...(crs === undefined ? { crs: null } : {}),
  }
}

/** An update takes an empty list for "as it was", so none is ever meant. */
function textsOfCrs(crs: Json | undefined): Json | undefined {
  if (!Array.isArray(crs)) return crs
  const texts = crs.map((one: Json) => (typeof one === 'number' ? `EPSG:${one}` : one))
  return texts.length === 0 ? undefined : texts
}
