import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { webErrors } from '../../core/errors/web.ts'
import { isLoopback } from '../../core/loopback.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Facade } from '../../runtime/facade.ts'
import { makeApp } from '../app.ts'
import { boundedServer, closeServer } from '../bounds.ts'
import { addComposition } from '../composition.ts'
import { EventHub } from '../event-hub.ts'
import { LiveHub } from '../live/hub.ts'
import { addOrders } from '../orders.ts'
import { addReads } from '../reads.ts'
import { addStreams } from '../streams.ts'
import type { Tokens } from '../tokens.ts'
import { addEntrance, orderer } from './entrance.ts'
import { guardWeb } from './guards.ts'
import { bracketed, namesOf } from './hosts.ts'
import { OpenResponses } from './open-responses.ts'
import { addPages, readPages } from './pages.ts'
import { Sessions } from './sessions.ts'

export interface WebSettings {
  readonly host: string
  /** 0 is any free one. */
  readonly port: number
  readonly names: readonly string[]
  readonly anonymous: 'nothing' | 'read'
}

export interface WebParts {
  readonly facade: Facade
  readonly tokens: Tokens
  readonly log: Log
  readonly clock: Clock
  readonly settings: WebSettings
  /** Where the built pages are. */
  readonly pages: string
}

export interface RunningWeb {
  readonly url: string
  /** A link that signs in once as this person. */
  invite(name: string): string
  close(): Promise<void>
}

/**
 * Opens the pages and the same API on TCP. Throws HONUA_WEB_TOKENS_MISSING, HONUA_WEB_NOT_BUILT, HONUA_WEB_PORT_TAKEN or
 * HONUA_WEB_ADDRESS_UNUSABLE.
 */
export async function startWeb(parts: WebParts): Promise<RunningWeb> {
  const { facade, tokens, log, clock, settings } = parts
  if (!isLoopback(settings.host) && !(await tokens.any())) throw webErrors.tokensMissing({ host: settings.host })
  const pages = await readPages(parts.pages)
  const sessions = new Sessions({ clock, tokens })
  const server = boundedServer()
  const port = await listen(server, settings)
  const cookie = `honua-session-${port}`
  const events = new EventHub(parts)
  const live = await LiveHub.open(parts)
  const open = new OpenResponses(clock)
  const app = makeApp(server, log)
  guardWeb(app, namesOf({ ...settings, port }))
  addEntrance(app, { sessions, anonymous: settings.anonymous, cookie, open })
  addReads(app, facade)
  addComposition(app, facade)
  addStreams(app, { facade, hub: events })
  addOrders(app, { facade, log, authorise: (request) => orderer(sessions, cookie, request) })
  app.get<{ Querystring: { readonly after?: unknown } }>('/v1/live', async (request, reply) => {
    const after = request.headers['last-event-id'] ?? request.query.after
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    reply.raw.setHeader('cache-control', 'no-store')
    live.follow(reply.raw, typeof after === 'string' ? after : null)
    return reply.hijack()
  })
  addPages(app, pages)
  await app.ready()
  const url = `http://${bracketed(settings.host)}:${port}`
  log.info({ url }, 'the dashboard is open')
  return {
    url,
    // Behind the #, so that the code is neither sent with the page's request nor logged anywhere.
    invite: (name) => `${url}/enter#${sessions.invite(name)}`,
    close() {
      open.close()
      live.close()
      events.close()
      return closeServer({ server, app, clock })
    },
  }
}

function listen(server: Server, { host, port }: WebSettings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? webErrors.portTaken({ host, port })
          : webErrors.addressUnusable({ host, port, reason: error.code ?? 'unknown' }),
      ),
    )
    server.listen({ host, port }, () => resolve(portOf(server.address()) ?? port))
  })
}

function portOf(address: AddressInfo | string | null): number | undefined {
  return typeof address === 'object' && address !== null ? address.port : undefined
}
