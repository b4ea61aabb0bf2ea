/** Everything a server of generation C holds, gathered from many calls, and the ids by which its calls name things. */
import type { HonuaError } from '../../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { LiveResource, Resource } from '../../../../core/vocabulary.ts'
import { forEachBounded } from '../../parallel.ts'
import { ADMIN } from '../api.ts'
import { objectsIn, pick, present, textIn } from '../fields.ts'
import type { Site } from '../generation.ts'
import { API_VERSION_OF_C, CONNECTION_FIXED, CONNECTION_OPEN, PASSWORD, SERVICE_PARTS, sorted } from './represent.ts'

/** A layer by its server's own integer, and the connection it was published through. */
export interface LayerId {
  readonly layerId: number
  readonly connectionId: string
  readonly service: string
}

/** Name → id as observed on this server, never guessed. */
export interface Ids {
  readonly connections: Map<string, string>
  readonly layers: Map<string, LayerId>
}

export interface SeenC {
  readonly resources: readonly LiveResource[]
  readonly ids: Ids
}

interface ListedLayer extends LayerId {
  readonly name: string
  readonly connection: string
  readonly isEnabled: boolean
  readonly item: JsonObject
}

/** `hints` are represented; of a connection they tell what its password is declared as, since none is given back. */
export async function lookAtC(site: Site, hints: readonly Resource[], signal: AbortSignal): Promise<SeenC> {
  const { maxInFlight } = site.settings
  const resources: LiveResource[] = []
  const ids: Ids = { connections: new Map(), layers: new Map() }
  const listed: ListedLayer[] = []
  const declared = new Map(hints.map((hint) => [hint.key, hint]))
  const connections = await objectsAt(site, '/connections', signal)
  for (const item of connections) ids.connections.set(nameIn(site, item, 'name'), nameIn(site, item, 'connectionId'))
  await forEachBounded([...ids.connections], maxInFlight, async ([name, id]) => {
    const detail = await objectAt(site, `/connections/${encodeURIComponent(id)}`, signal)
    if (detail === null) return
    const live = connectionOf(name, detail)
    resources.push(withPassword(live, declared.get(live.key)))
    listed.push(...(await layersOf(site, name, id, signal)))
  })
  const layers = oneOfEachName(site, listed)
  for (const { name, layerId, connectionId, service } of layers)
    ids.layers.set(name, { layerId, connectionId, service })
  await forEachBounded(layers, maxInFlight, async (layer) => {
    const path = `/metadata/layers/${layer.layerId}`
    const discovery = await objectAt(site, `${path}/discovery`, signal)
    if (discovery === null) return
    resources.push(layerOf(layer, discovery))
    const style = (await objectAt(site, `${path}/style`, signal))?.['mapLibreStyle'] ?? null
    if (style !== null) resources.push(live('Style', layer.name, { layerId: layer.name, style }))
  })
  const services = await objectsAt(site, '/services', signal)
  await forEachBounded(services, maxInFlight, async (item) => {
    const name = nameIn(site, item, 'serviceName')
    const settings = await objectAt(site, `/services/${encodeURIComponent(name)}/settings`, signal)
    if (settings !== null) resources.push(serviceOf(name, settings))
  })
  return { resources, ids }
}

async function layersOf(
  site: Site,
  connection: string,
  connectionId: string,
  signal: AbortSignal,
): Promise<readonly ListedLayer[]> {
  const path = `/connections/${encodeURIComponent(connectionId)}/layers`
  return (await objectsAt(site, path, signal)).map((item) => {
    const { layerId, enabled } = item
    if (typeof layerId !== 'number' || !Number.isInteger(layerId) || typeof enabled !== 'boolean')
      throw unreadable(site, path, 'a layer without an integer layerId or without enabled')
    const service = textIn(item, 'serviceName') ?? 'default'
    return {
      name: nameIn(site, item, 'layerName'),
      connection,
      connectionId,
      layerId,
      service,
      isEnabled: enabled,
      item,
    }
  })
}

/** One layer a name: a namesake that is switched off does not count beside one that is not. Throws HONUA_TARGET_AMBIGUOUS for any other. */
function oneOfEachName(site: Site, listed: readonly ListedLayer[]): readonly ListedLayer[] {
  const byName = new Map<string, ListedLayer[]>()
  for (const layer of listed) byName.set(layer.name, [...(byName.get(layer.name) ?? []), layer])
  return [...byName].map(([name, all]) => {
    const enabled = all.filter(({ isEnabled }) => isEnabled)
    const [first, ...others] = enabled.length > 0 ? enabled : all
    if (first === undefined || others.length > 0)
      throw targetErrors.ambiguous({
        target: site.settings.name,
        name,
        ids: all.map(({ layerId, service }) => `${layerId} in service ${service}`),
      })
    return first
  })
}

function connectionOf(name: string, detail: JsonObject): LiveResource {
  const spec = {
    ...pick(detail, [...CONNECTION_OPEN, ...CONNECTION_FIXED]),
    ...present({ secretReference: textIn(detail, 'credentialReference') ?? undefined }),
  }
  return live('Connection', name, withoutEmpty(spec))
}

function withPassword(connection: LiveResource, hint: Resource | undefined): LiveResource {
  const declared = hint?.spec[PASSWORD]
  if (declared === undefined || connection.spec['secretReference'] !== undefined) return connection
  return live('Connection', connection.name, { ...connection.spec, [PASSWORD]: declared })
}

function layerOf({ name, connection, service, isEnabled, item }: ListedLayer, discovery: JsonObject): LiveResource {
  const spec = {
    connection,
    serviceName: service,
    schemaName: item['schema'] ?? null,
    tableName: item['table'] ?? null,
    ...pick(item, ['geometryColumn', 'geometryType', 'srid', 'primaryKey']),
    fields: item['fields'] ?? [],
    ...pick(discovery, ['title', 'description']),
    keywords: discovery['keywords'] ?? [],
    enabled: isEnabled,
  }
  const resource = live('Layer', name, withoutEmpty(spec))
  return isEnabled ? resource : { ...resource, isOff: true }
}

function serviceOf(name: string, settings: JsonObject): LiveResource {
  const spec = pick(settings, SERVICE_PARTS)
  const parts = Object.entries(spec).map(([part, value]) => [part, isJsonObject(value) ? withoutNulls(value) : value])
  const { enabledProtocols, ...others }: JsonObject = Object.fromEntries(parts)
  return live('Service', name, { ...others, ...present({ enabledProtocols: sorted(enabledProtocols) }) })
}

function live(kind: string, name: string, spec: JsonObject): LiveResource {
  const identity = { apiVersion: API_VERSION_OF_C, kind, namespace: 'default', name, metadata: {} }
  return { ...makeResource({ ...identity, spec }), version: null }
}

/** An empty text is how a call clears one. */
function withoutEmpty(spec: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== '' && value !== null))
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
}

async function objectsAt(site: Site, path: string, signal: AbortSignal): Promise<readonly JsonObject[]> {
  const answer = await site.api.read(ADMIN + path, signal)
  const objects = answer.success ? objectsIn(answer.data) : null
  if (objects === null) throw unreadable(site, path, `no list (HTTP ${answer.status})`)
  return objects
}

/** Null for what vanished since it was listed. */
async function objectAt(site: Site, path: string, signal: AbortSignal): Promise<JsonObject | null> {
  const answer = await site.api.read(ADMIN + path, signal)
  if (answer.status === 404) return null
  const { data }: { readonly data: Json } = answer
  if (!answer.success || !isJsonObject(data)) throw unreadable(site, path, `no object (HTTP ${answer.status})`)
  return data
}

function nameIn(site: Site, item: JsonObject, field: string): string {
  const name = textIn(item, field)
  if (name === null) throw unreadable(site, '', `an item without ${field}`)
  return name
}

function unreadable(site: Site, path: string, problem: string): HonuaError {
  return targetErrors.answer({ target: site.settings.name, doing: `GET ${ADMIN}${path}`, problem })
}
