/** The imperative API of generation C: /api/v1/admin/… Its flags still claim manifests; there are none, and nothing published is ever deleted. */
import { type Exchange, objectOf, type Reply } from '../exchange.ts'
import { connectionRoutes } from './connections.ts'
import { converge, deployRoutes } from './deploy-control.ts'
import { layerRoutes } from './layers.ts'
import { METHOD_NOT_ALLOWED, NOT_FOUND, ok } from './replies.ts'
import { serviceRoutes } from './services.ts'

export function answerOfC(exchange: Exchange, parts: readonly string[]): Reply {
  const { seen, c: state } = exchange
  const [area, second, third] = parts
  switch (area) {
    case 'connections':
      return connectionRoutes(exchange, parts.slice(1))
    case 'services':
      return serviceRoutes(exchange, parts.slice(1))
    case 'metadata':
      return second === 'layers' ? layerRoutes(exchange, parts.slice(2)) : NOT_FOUND
    case 'deploy':
      return deployRoutes(exchange, parts.slice(1))
    case 'platform-release':
      return second === 'converge' && seen.method === 'POST' ? converge(exchange) : NOT_FOUND
    case 'proposals': {
      if (second === undefined) return ok(state.proposals)
      const proposal = state.proposals.find((item) => item['proposalId'] === second)
      return proposal === undefined || third !== undefined ? NOT_FOUND : ok(proposal)
    }
    case 'cache':
      if (second !== 'invalidate') return NOT_FOUND
      if (seen.method !== 'POST') return METHOD_NOT_ALLOWED
      state.invalidated.push(objectOf(exchange))
      return ok({ invalidated: true })
    default:
      return NOT_FOUND
  }
}
