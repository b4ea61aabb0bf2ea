import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { webErrors } from '../../core/errors/web.ts'
import { isLoopback } from '../../core/loopback.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Facade } from '../../runtime/facade.ts'
import { makeApp } from '../app.ts'
import { boundedServer, closeServer } from '../bounds.ts'
import { addCharts } from '../charts/index.ts'
import { addComposition } from '../composition.ts'
import { EventHub } from '../event-hub.ts'
import { addInspectors, type Hide, INSPECT_PATHS } from '../inspect/index.ts'
import { LiveHub } from '../live/hub.ts'
import { addOrders } from '../orders.ts'
import { addReads } from '../reads.ts'
import { addStreams } from '../streams.ts'
import type { Tokens } from '../tokens.ts'
import { addEntrance, orderer, whoAsks } from './entrance.ts'
import { checkPlace, guardWeb } from './guards.ts'
import { bracketed, namesOf } from './hosts.ts'
import { OpenResponses } from './open-responses.ts'
import { addPages, readPages } from './pages.ts'
import { Sessions } from './sessions.ts'

/** Where the page of the inspector is. */
const INSPECTOR = '/inspector'

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
  /** Lets inspectors of statecharts look; null: no. */
  readonly inspect: InspectSettings | null
}

interface InspectSettings {
  /** Where the built page of the inspector is. */
  readonly page: string
  readonly hide: Hide
}

/** Where inspectors look. */
export interface InspectorAddresses {
  /** A page that shows it. */
  readonly page: string
  /** For those of `@statelyai/inspect`. */
  readonly stately: string
  /** For those of `@xstate/inspect`. */
  readonly xstate: string
}

export interface RunningWeb {
  readonly url: string
  /** A link that signs in once as this person. */
  invite(name: string): string
  /** Null where none may look. */
  readonly inspectors: InspectorAddresses | null
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
  const inspectorPage = parts.inspect === null ? null : await readPages(parts.inspect.page)
  const sessions = new Sessions({ clock, tokens })
  const server = boundedServer()
  const port = await listen(server, settings)
  const cookie = `honua-session-${port}`
  const events = new EventHub(parts)
  const live = await LiveHub.open(parts)
  const open = new OpenResponses(clock)
  const app = makeApp(server, log)
  const names = namesOf({ ...settings, port })
  guardWeb(app, names)
  addEntrance(app, { sessions, anonymous: settings.anonymous, cookie, open })
  addReads(app, facade)
  addComposition(app, facade)
  addCharts(app, facade)
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
  const inspectors =
    parts.inspect === null
      ? null
      : addInspectors({
          ...parts,
          server,
          app,
          anonymous: settings.anonymous,
          hide: parts.inspect.hide,
          checkPlace: (request) => checkPlace(names, request),
          who: (request) => whoAsks(sessions, cookie, request),
          watch: (socket, isAllowed) => open.add(socket, isAllowed),
        })
  if (inspectorPage !== null) addPages(app, inspectorPage, INSPECTOR)
  addPages(app, pages)
  await app.ready()
  const url = `http://${bracketed(settings.host)}:${port}`
  log.info({ url }, 'the dashboard is open')
  const addresses = inspectors === null ? null : addressesAt(url)
  if (addresses !== null) log.info(addresses, 'inspectors of statecharts may look')
  return {
    url,
    inspectors: addresses,
    // Behind the #, so that the code is neither sent with the page's request nor logged anywhere.
    invite: (name) => `${url}/enter#${sessions.invite(name)}`,
    async close() {
      open.close()
      live.close()
      events.close()
      await inspectors?.close()
      return closeServer({ server, app, clock })
    },
  }
}

function addressesAt(url: string): InspectorAddresses {
  const sockets = url.replace(/^http/, 'ws')
  return {
    page: url + INSPECTOR,
    stately: sockets + INSPECT_PATHS.stately,
    xstate: sockets + INSPECT_PATHS.xstate,
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
