import { createServer, type Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../ports/clock.ts'

const HEADER_BYTES_MAX = 16 * 1024
/** Connections at one time; more wait or are refused by the system. */
const CONNECTIONS_MAX = 256
/** A request that has not arrived after this long is given up, in ms. */
const REQUEST_LIMIT_MS = 30_000
/** How long open requests may take when the controller stops, in ms. */
const CLOSE_GRACE_MS = 2_000

/** An HTTP server with bounds on what one client can take up. */
export function boundedServer(): Server {
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: REQUEST_LIMIT_MS })
  server.maxConnections = CONNECTIONS_MAX
  return server
}

/** Lets open requests finish for a short while. */
export async function closeServer(parts: {
  readonly server: Server
  readonly app: FastifyInstance
  readonly clock: Clock
}): Promise<void> {
  const { server, app, clock } = parts
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
