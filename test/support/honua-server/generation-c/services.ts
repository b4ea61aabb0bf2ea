/** /services: settings only. A service comes with its first layer; there is no call that makes or deletes one. */
import { type Exchange, objectOf, type Reply, troubleFor } from '../exchange.ts'
import { given, METHOD_NOT_ALLOWED, NOT_FOUND, no, objectIn, ok } from './replies.ts'
import type { Item } from './state.ts'

const PARTS: Readonly<Record<string, string>> = {
  protocols: 'enabledProtocols',
  mapserver: 'mapServer',
  'access-policy': 'accessPolicy',
  timeinfo: 'timeInfo',
}

export function serviceRoutes(exchange: Exchange, [name, call]: readonly string[]): Reply {
  const { seen, c: state } = exchange
  if (name === undefined) {
    const layers = [...state.layers.values()]
    const count = (service: string) => layers.filter(({ serviceName }) => serviceName === service).length
    return ok(
      [...state.services].map(([serviceName, settings]) => ({
        serviceName,
        description: '',
        layerCount: count(serviceName),
        enabledProtocols: settings['enabledProtocols'],
      })),
    )
  }
  const settings = state.services.get(name)
  if (settings === undefined) return NOT_FOUND
  if (call === 'settings' && seen.method === 'GET') return ok({ serviceName: name, ...settings })
  const part = PARTS[call ?? '']
  if (part === undefined) return call === undefined ? METHOD_NOT_ALLOWED : NOT_FOUND
  if (seen.method !== 'PUT') return METHOD_NOT_ALLOWED
  const trouble = troubleFor(exchange, `Service/default/${name}`)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  const body = objectOf(exchange)
  const next = {
    ...settings,
    [part]: part === 'enabledProtocols' ? body[part] : merged(objectIn(settings, part), body),
  }
  if (!trouble.lie) {
    state.services.set(name, next)
    state.changed()
  }
  return ok({ serviceName: name, ...next })
}

/** Null leaves a field as it is. */
function merged(before: Item, body: Item): Item {
  return { ...before, ...given(body, Object.keys(body)) }
}
