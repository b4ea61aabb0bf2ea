import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Facade } from '../runtime/facade.ts'
import { makeApp } from './app.ts'
import { boundedServer, closeServer } from './bounds.ts'
import { addCharts } from './charts/index.ts'
import { addComposition } from './composition.ts'
import { EventHub } from './event-hub.ts'
import { guardRequests } from './guards.ts'
import type { Identity } from './identity.ts'
import { type Authorise, addOrders, addQuestions, authoriseBy } from './orders.ts'
import { addReads } from './reads.ts'
import { listenPrivately, prepareSocketPath } from './socket-path.ts'
import { addStreams } from './streams.ts'

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
  const { facade, identity, log, clock } = parts
  await prepareSocketPath(parts.socketPath)
  const hub = new EventHub(parts)
  try {
    const server = boundedServer()
    const app = makeApp(server, log)
    guardRequests(app)
    addReads(app, facade)
    addComposition(app, facade)
    addCharts(app, facade)
    addStreams(app, { facade, hub })
    addOrders(app, { facade, log, authorise: parts.authorise ?? authoriseBy(identity) })
    addQuestions(app, identity)
    await app.ready()
    await listenPrivately(server, parts.socketPath)
    log.info({ socket: parts.socketPath }, 'API is open')
    return {
      close() {
        hub.close()
        return closeServer({ server, app, clock })
      },
    }
  } catch (error) {
    hub.close()
    throw error
  }
}
