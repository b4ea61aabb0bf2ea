/** Inspectors of statecharts: they are shown every actor and every step, and can do nothing. */
import type { IncomingMessage, Server } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { apiErrors } from '../../core/errors/api.ts'
import { webErrors } from '../../core/errors/web.ts'
import { type Anonymous, type Caller, missingFor } from '../../core/rights.ts'
import type { InspectTicket } from '../contract.ts'
import { type HubParts, InspectHub } from './hub.ts'
import { olderProtocol } from './older.ts'
import type { Protocol } from './protocol.ts'
import { statelyProtocol } from './stately.ts'
import { Tickets } from './tickets.ts'
import { takeUpgrades } from './upgrade.ts'

export type { Hide } from './discreet.ts'

/** Where each family of inspectors connects. */
export const INSPECT_PATHS = { stately: '/v1/inspect/stately', xstate: '/v1/inspect/xstate' } as const
const TICKETS_PATH = '/v1/inspect/tickets'

interface InspectParts extends HubParts {
  readonly server: Server
  readonly app: FastifyInstance
  readonly anonymous: Anonymous
  /** Throws why a request that came to this place, or from it, is not looked at. */
  readonly checkPlace: (request: IncomingMessage) => void
  /** Null where the request does not tell. Throws HONUA_IDENTITY_UNKNOWN. */
  readonly who: (request: { readonly headers: IncomingMessage['headers'] }) => Promise<Caller | null>
  /** Hangs up when `isAllowed` no longer holds. */
  readonly watch: (
    open: { once(event: 'close', done: () => void): unknown; destroy(): unknown },
    isAllowed: () => Promise<boolean>,
  ) => void
}

/** Somebody who may look, for as long as `isAllowed` holds; null where everybody may. */
interface Admitted {
  readonly by: string
  readonly isAllowed: (() => Promise<boolean>) | null
}

/** Takes WebSockets of inspectors on the server, and adds the route that gives tickets for them. */
export function addInspectors(parts: InspectParts): { close(): Promise<void> } {
  const { server, app, who, checkPlace } = parts
  const hub = new InspectHub(parts)
  const tickets = new Tickets(parts.clock)
  const protocols: ReadonlyMap<string, Protocol> = new Map([
    [INSPECT_PATHS.stately, statelyProtocol()],
    [INSPECT_PATHS.xstate, olderProtocol()],
  ])

  const admitted = async (request: IncomingMessage, ticket: string | null): Promise<Admitted> => {
    if (ticket !== null) return tickets.redeem(ticket)
    const caller = await who(request)
    if (missingFor('look', caller, parts.anonymous) !== null) throw webErrors.signInNeeded({ what: 'an inspector' })
    if (caller === null) return { by: 'somebody', isAllowed: null }
    return { by: caller.actor.name, isAllowed: async () => (await who(request)) !== null }
  }

  takeUpgrades(server, async (request) => {
    checkPlace(request)
    const [path = '', query] = (request.url ?? '').split('?', 2)
    const protocol = protocols.get(path)
    if (protocol === undefined) throw apiErrors.routeUnknown({ method: 'WebSocket', path: path.slice(0, 200) })
    const { by, isAllowed } = await admitted(request, new URLSearchParams(query).get('ticket'))
    return {
      check: () => hub.checkRoom(),
      use(socket) {
        const viewer = hub.join(socket, protocol, by)
        const destroy = () => viewer.hangUp(webErrors.signInNeeded({ what: 'an inspector' }))
        if (isAllowed !== null) parts.watch({ once: (event, done) => socket.once(event, done), destroy }, isAllowed)
      },
    }
  })

  app.post(TICKETS_PATH, async (request: FastifyRequest): Promise<InspectTicket> => {
    const caller = await who(request)
    if (caller === null) throw webErrors.signInNeeded({ what: 'a ticket' })
    return tickets.issue(caller.actor.name, async () => (await who(request)) !== null)
  })
  return hub
}
