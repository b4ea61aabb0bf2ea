import { createServer, type Server } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Facade } from '../runtime/facade.ts'
import { EventHub } from './event-hub.ts'
import { guardRequests } from './guards.ts'
import type { Identity } from './identity.ts'
import { type Authorise, addOrders, authoriseBy } from './orders.ts'
import { addReads } from './reads.ts'
import { errorReply, OrderRefused, refusalReply } from './refusals.ts'
import { listenPrivately, prepareSocketPath } from './socket-path.ts'
import { addStreams } from './streams.ts'

/** An order is a few words; more is a mistake. */
const BODY_BYTES_MAX = 64 * 1024
const HEADER_BYTES_MAX = 16 * 1024
/** Connections at one time; more wait or are refused by the system. */
const CONNECTIONS_MAX = 256
/** A request that has not arrived after this long is given up, in ms. */
const REQUEST_LIMIT_MS = 30_000
/** How long open requests may take when the controller stops, in ms. */
const CLOSE_GRACE_MS = 2_000

export interface ApiParts {
  readonly facade: Facade
  readonly socketPath: string
  readonly identity: Identity
  readonly log: Log
  readonly clock: Clock
  /** How orders are authorised; by identity alone where absent. */
  readonly authorise?: Authorise
}

export interface RunningApi {
  /** Ends live readers, lets open requests finish for a short while, removes the socket. */
  close(): Promise<void>
}

/**
 * Opens the HTTP API on a Unix socket that only its owner and group can use. Throws HONUA_SOCKET_PATH_TOO_LONG,
 * HONUA_SOCKET_FOLDER_UNSAFE, HONUA_SOCKET_PATH_TAKEN or HONUA_SOCKET_IN_USE.
 */
export async function startApi(parts: ApiParts): Promise<RunningApi> {
  await prepareSocketPath(parts.socketPath)
  const hub = new EventHub(parts)
  try {
    const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: REQUEST_LIMIT_MS })
    server.maxConnections = CONNECTIONS_MAX
    const app = await makeApp(parts, hub, server)
    await listenPrivately(server, parts.socketPath)
    parts.log.info({ socket: parts.socketPath }, 'API is open')
    return { close: () => closeAll({ hub, server, app, clock: parts.clock }) }
  } catch (error) {
    hub.close()
    throw error
  }
}

async function makeApp(parts: ApiParts, hub: EventHub, server: Server): Promise<FastifyInstance> {
  const { facade, identity, log } = parts
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200, caseSensitive: true },
    // fastify's own listen() is asynchronous, so that no umask could be held around the moment the socket appears.
    serverFactory: (handler) => server.on('request', handler),
  })
  app.setErrorHandler((error, request, reply) => {
    const { status, body } =
      error instanceof OrderRefused ? refusalReply(error.refused) : errorReply(error, BODY_BYTES_MAX)
    if (status >= 500) log.error({ route: request.url, code: body.code, error: nameOf(error) }, 'API request failed')
    return reply.code(status).send(body)
  })
  app.setNotFoundHandler((request) => {
    throw apiErrors.routeUnknown({ method: request.method, path: request.url.slice(0, 200) })
  })
  guardRequests(app)
  addReads(app, facade)
  addStreams(app, { facade, hub })
  addOrders(app, { facade, identity, log, authorise: parts.authorise ?? authoriseBy(identity) })
  await app.ready()
  return app
}

async function closeAll(parts: {
  readonly hub: EventHub
  readonly server: Server
  readonly app: FastifyInstance
  readonly clock: Clock
}): Promise<void> {
  const { hub, server, app, clock } = parts
  hub.close()
  const grace = new AbortController()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // A reader that never reads would keep the controller from stopping.
  const cutOff = clock.sleep(CLOSE_GRACE_MS, grace.signal).then(
    () => server.closeAllConnections(),
    () => undefined,
  )
  await closed
  grace.abort()
  await cutOff
  await app.close()
}

/** Where an unexpected error comes from, without its message. */
function nameOf(error: unknown): string {
  return error instanceof Error
    ? (error.stack?.split('\n').slice(0, 2).join(' ').replace(error.message, '…') ?? error.name)
    : typeof error
}
