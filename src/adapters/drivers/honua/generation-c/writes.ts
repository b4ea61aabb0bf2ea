/** The writes of generation C: publishing, settings, switching on and off. A layer or a service is never deleted: there is no such call. */
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts'
import type { Resource, ResourceKey } from '../../../../core/vocabulary.ts'
import type { Outcome, Pending } from '../../carry-out.ts'
import { refused, stale, withSecrets } from '../../in-order.ts'
import { ADMIN, type Answer } from '../api.ts'
import type { Sending } from '../by-calls.ts'
import { pick } from '../fields.ts'
import type { Site } from '../generation.ts'
import type { Ids, LayerId } from './look.ts'
import { CONNECTION_OPEN, PASSWORD } from './represent.ts'

/** What one write needs beside the resource. `ids` learns of what is made. */
interface Writing extends Sending {
  readonly site: Site
  readonly ids: Ids
}

export async function sendToC(site: Site, item: Pending, ids: Ids, how: Sending): Promise<Outcome | null> {
  const { change, desired, before } = item
  const writing = { ...how, site, ids }
  const subject = desired ?? before
  switch (subject?.kind) {
    case 'Connection':
      return desired === null
        ? removeConnection(writing, change.key, subject.name)
        : sendConnection(writing, change.key, desired)
    case 'Layer':
      return desired === null ? switchOff(writing, change.key, subject.name) : sendLayer(writing, change.key, desired)
    case 'Service':
      return desired === null
        ? refused(change.key, 'there is no call that takes a service away')
        : sendService(writing, change.key, desired)
    case 'Style':
      return desired === null
        ? refused(change.key, 'there is no call that takes a style away')
        : sendStyle(writing, change.key, desired)
    default:
      return refused(change.key, 'servers of generation C hold no such kind')
  }
}

/**
 * Publishing runs the server's own migrations in the connection's database, and makes the service where there is none yet: two of them at
 * once could each find the other half-way.
 */
export function openedByC({ desired, before }: Pending, ids: Ids): readonly string[] {
  if (desired?.kind !== 'Layer' || before !== null) return []
  const service = String(desired.spec['serviceName'])
  const isThere = [...ids.layers.values()].some((layer) => layer.service === service)
  return [`connection ${String(desired.spec['connection'])}`, ...(isThere ? [] : [`service ${service}`])]
}

async function sendConnection(how: Writing, key: ResourceKey, desired: Resource): Promise<Outcome | null> {
  const { spec } = withSecrets(how.site.settings.name, desired, how.secrets)
  const id = how.ids.connections.get(desired.name)
  if (id !== undefined) {
    const open = { description: '', ...pick(spec, [...CONNECTION_OPEN, PASSWORD]) }
    return judged(key, await put(how, `/connections/${encodeURIComponent(id)}`, open))
  }
  const reference = spec['secretReference']
  // What a reference begins with is the kind of store it leads to: `aws:secretsmanager:…`.
  const kind = typeof reference === 'string' ? { secretType: reference.slice(0, reference.indexOf(':')) } : {}
  const answer = await write(how, 'POST', '/connections', { name: desired.name, ...spec, ...kind })
  const made = textOf(answer, 'connectionId')
  if (made !== null) how.ids.connections.set(desired.name, made)
  return judged(key, answer)
}

async function removeConnection(how: Writing, key: ResourceKey, name: string): Promise<Outcome | null> {
  const id = how.ids.connections.get(name)
  if (id === undefined) return null
  const answer = await write(how, 'DELETE', `/connections/${encodeURIComponent(id)}`, null)
  return answer.status === 404 ? null : judged(key, answer)
}

/** A layer that is there is described and switched anew; its table, geometry and fields cannot differ, or the plan would have refused. */
async function sendLayer(how: Writing, key: ResourceKey, desired: Resource): Promise<Outcome | null> {
  const { spec } = desired
  const known = how.ids.layers.get(desired.name)
  const published = known === undefined ? await publish(how, key, desired) : known
  if (!('layerId' in published)) return published
  const { title = '', description = '', keywords = [] } = spec
  const isDescribed = title !== '' || (Array.isArray(keywords) && keywords.length > 0)
  if (known !== undefined || isDescribed) {
    const body = { title, description, keywords }
    const described = judged(key, await put(how, `/metadata/layers/${published.layerId}/discovery`, body))
    if (described !== null) return described
  }
  return known === undefined ? null : judged(key, await setEnabled(how, published, spec['enabled'] !== false))
}

async function publish(how: Writing, key: ResourceKey, desired: Resource): Promise<LayerId | Outcome> {
  const { spec, name } = desired
  const connection = String(spec['connection'])
  const connectionId = how.ids.connections.get(connection)
  if (connectionId === undefined) return refused(key, `there is no connection "${connection}" at this server`)
  const body = {
    layerName: name,
    schema: spec['schemaName'] ?? null,
    table: spec['tableName'] ?? null,
    ...pick(spec, ['description', 'geometryColumn', 'geometryType', 'srid', 'primaryKey', 'fields', 'serviceName']),
    enabled: spec['enabled'] ?? true,
  }
  const answer = await write(how, 'POST', `/connections/${encodeURIComponent(connectionId)}/layers`, body)
  if (!answer.success) return refused(key, answer.message)
  const layerId = numberOf(answer, 'layerId')
  if (layerId === null) return refused(key, 'the server published it without telling its layerId')
  const made = { layerId, connectionId, service: String(spec['serviceName']) }
  how.ids.layers.set(name, made)
  return made
}

async function switchOff(how: Writing, key: ResourceKey, name: string): Promise<Outcome | null> {
  const id = how.ids.layers.get(name)
  return id === undefined ? null : judged(key, await setEnabled(how, id, false))
}

function setEnabled(how: Writing, { connectionId, layerId }: LayerId, enabled: boolean): Promise<Answer> {
  return put(how, `/connections/${encodeURIComponent(connectionId)}/layers/${layerId}/enabled`, { enabled })
}

/** The parts of a service's settings that have a call of their own. */
const PARTS = {
  enabledProtocols: 'protocols',
  mapServer: 'mapserver',
  accessPolicy: 'access-policy',
  timeInfo: 'timeinfo',
}

async function sendService(how: Writing, key: ResourceKey, desired: Resource): Promise<Outcome | null> {
  for (const [part, call] of Object.entries(PARTS)) {
    const value = desired.spec[part]
    if (value === undefined) continue
    const body = part === 'enabledProtocols' ? { enabledProtocols: value } : value
    const answer = await put(how, `/services/${encodeURIComponent(desired.name)}/${call}`, asObject(body))
    if (answer.status === 404) return refused(key, 'there is no such service: one comes with its first layer')
    const failure = judged(key, answer)
    if (failure !== null) return failure
  }
  return null
}

async function sendStyle(how: Writing, key: ResourceKey, desired: Resource): Promise<Outcome | null> {
  const id = how.ids.layers.get(desired.name)
  if (id === undefined) return refused(key, `there is no layer "${desired.name}" at this server`)
  const body = { mapLibreStyle: desired.spec['style'] ?? null }
  return judged(key, await put(how, `/metadata/layers/${id.layerId}/style`, body))
}

function judged(key: ResourceKey, answer: Answer): Outcome | null {
  if (answer.success) return null
  return answer.status === 404 ? stale(key) : refused(key, answer.message)
}

function put(how: Writing, path: string, body: JsonObject): Promise<Answer> {
  return write(how, 'PUT', path, body)
}

function write(
  { site, secrets, signal }: Writing,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: JsonObject | null,
): Promise<Answer> {
  return site.api.write({ method, path: ADMIN + path, body, secrets: secrets.values() }, signal)
}

function fieldOf({ data }: Answer, name: string): Json | undefined {
  return isJsonObject(data) ? data[name] : undefined
}

function textOf(answer: Answer, name: string): string | null {
  const value = fieldOf(answer, name)
  return typeof value === 'string' ? value : null
}

function numberOf(answer: Answer, name: string): number | null {
  const value = fieldOf(answer, name)
  return typeof value === 'number' && Number.isInteger(value) ? value : null
}

function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {}
}
