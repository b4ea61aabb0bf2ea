/** /metadata/layers/{layerId}/{discovery,style}. */
import { type Exchange, objectOf, type Reply, troubleFor } from '../exchange.ts'
import { given, METHOD_NOT_ALLOWED, NOT_FOUND, no, ok } from './replies.ts'
import type { Item, Layer } from './state.ts'

export function layerRoutes(exchange: Exchange, [id, call]: readonly string[]): Reply {
  const { seen, c: state } = exchange
  const layer = state.layers.get(Number(id))
  if (layer === undefined || (call !== 'discovery' && call !== 'style')) return NOT_FOUND
  if (seen.method === 'GET') return ok(shown(layer, call))
  if (seen.method !== 'PUT') return METHOD_NOT_ALLOWED
  const key = `${call === 'style' ? 'Style' : 'Layer'}/default/${layer.layerName}`
  const trouble = troubleFor(exchange, key)
  if (trouble.refusal !== null) return no(422, trouble.refusal)
  const body = objectOf(exchange)
  const next =
    call === 'style'
      ? { ...layer, style: body['mapLibreStyle'] ?? layer.style }
      : { ...layer, discovery: { ...layer.discovery, ...cleared(given(body, ['title', 'description', 'keywords'])) } }
  if (!trouble.lie) {
    state.layers.set(layer.layerId, next)
    state.changed()
  }
  return ok(shown(next, call))
}

function shown({ layerId, discovery, style }: Layer, call: 'discovery' | 'style'): Item {
  return call === 'style' ? { mapLibreStyle: style, drawingInfo: null } : { layerId, ...discovery }
}

/** An empty text clears a field. */
function cleared(fields: Item): Item {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === '' ? null : value]))
}
