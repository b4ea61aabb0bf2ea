/** What a server of generation C could not hold so that it reads back as it was declared. */
import { isJsonObject, type JsonObject } from '../../../../core/json.ts'
import type { FixedPart, Resource } from '../../../../core/vocabulary.ts'
import { commonFaults } from '../by-calls.ts'
import type { Site } from '../generation.ts'
import { CONNECTION_FIXED, isHeldByC, LAYER_FIXED, PASSWORD } from './represent.ts'

const then: FixedPart['then'] = 'refuse'

/** Source: HONUA-API §2.2, no update of table, geometry or SRID; a second layer of the name is answered with 409. */
export const FIXED_OF_C: readonly FixedPart[] = [
  ...LAYER_FIXED.map((field) => ({
    kind: 'Layer',
    pointer: `/spec/${field}`,
    then,
    why: `keeps the ${field} of a layer for ever and takes no second layer of its name: declare it under a new name, and take the old one away`,
  })),
  ...CONNECTION_FIXED.map((field) => ({
    kind: 'Connection',
    pointer: `/spec/${field}`,
    then,
    why: `has no call that changes the ${field} of a connection: declare it under a new name`,
  })),
]

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Connection: ['host', 'databaseName', 'username'],
  Layer: ['connection', 'tableName', 'geometryColumn', 'geometryType', 'srid', 'primaryKey'],
  Service: ['enabledProtocols', 'mapServer'],
  Style: ['layerId', 'style'],
}
const MAP_SERVER = [
  'maxImageWidth',
  'maxImageHeight',
  'defaultImageWidth',
  'defaultImageHeight',
  'defaultDpi',
  'defaultFormat',
  'defaultTransparent',
  'maxFeaturesPerLayer',
]

export function faultsOfC(site: Site, resource: Resource): readonly string[] {
  const { kind, spec } = resource
  if (!isHeldByC(kind)) return ['servers of generation C hold no such kind']
  const missing = (REQUIRED[kind] ?? []).filter((field) => spec[field] === undefined)
  return [
    ...commonFaults(site, resource, kind === 'Connection' ? `/spec/${PASSWORD}` : null),
    ...(missing.length === 0 ? [] : [`spec lacks ${missing.join(', ')}, and the server would choose by itself`]),
    ...ownFaults(resource),
  ]
}

function ownFaults({ kind, name, spec }: Resource): readonly string[] {
  switch (kind) {
    case 'Connection':
      return connectionFaults(spec)
    case 'Service': {
      const mapServer = spec['mapServer']
      const missing = isJsonObject(mapServer) ? MAP_SERVER.filter((field) => mapServer[field] === undefined) : []
      return missing.length === 0 ? [] : [`mapServer lacks ${missing.join(', ')}: the server keeps all of them`]
    }
    case 'Style':
      return spec['layerId'] === undefined || spec['layerId'] === name
        ? []
        : ['a layer has one style here, and it bears the name of its layer']
    default:
      return []
  }
}

function connectionFaults(spec: JsonObject): readonly string[] {
  const { password, secretReference } = spec
  if ((password === undefined) === (secretReference === undefined))
    return ['spec needs either password or secretReference']
  if (typeof password === 'string' && !password.includes('${'))
    return ['password is never read back and must be a ${NAME}']
  if (secretReference !== undefined && !/^[^:]+:./.test(String(secretReference)))
    return ['secretReference must be like provider:path']
  return []
}
