/** Signing in and out, and who may look or order. */
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { apiErrors } from '../../core/errors/api.ts'
import { webErrors } from '../../core/errors/web.ts'
import { type Act, type Anonymous, type Caller, missingFor } from '../../core/rights.ts'
import type { Actor } from '../../core/vocabulary.ts'
import { firstIssue } from '../bodies.ts'
import type { EnterBody, SessionView } from '../contract.ts'
import { allowedToOrder } from '../orders.ts'
import type { OpenResponses } from './open-responses.ts'
import type { Sessions } from './sessions.ts'

/** Routes of the API that tell nothing but who asks. */
const OPEN = '/v1/session'
/** Everything that the controller holds: more than a look. */
const WHOLE = '/v1/backup'
const SESSION_ID = /^[0-9a-f]{32}$/

const enterBody: z.ZodType<EnterBody> = z.union([
  z.strictObject({ token: z.string().min(1).max(512) }),
  z.strictObject({ code: z.string().min(1).max(64) }),
])

/** A request, or one that wants to become a WebSocket. */
interface Asking {
  readonly headers: IncomingHttpHeaders
}

export interface EntranceParts {
  readonly sessions: Sessions
  /** What those who have not signed in may do. */
  readonly anonymous: Anonymous
  /** Browsers send cookies to every port of a host: controllers beside each other need names of their own. */
  readonly cookie: string
  readonly open: OpenResponses
}

/** Adds `/v1/session`, and lets nobody read the API who may not. */
export function addEntrance(app: FastifyInstance, { sessions, anonymous, cookie, open }: EntranceParts): void {
  const viewOf = (caller: Caller | null): SessionView => ({
    actor: caller?.actor ?? null,
    rights: caller?.rights ?? null,
    mayRead: missingFor('look', caller, anonymous) === null,
  })

  app.addHook('preHandler', async (request, reply) => {
    const path = request.routeOptions.url ?? ''
    if (request.method !== 'GET' || !path.startsWith('/v1/') || path === OPEN) return
    const act: Act = path === WHOLE ? 'backup' : 'look'
    if (missingFor(act, null, anonymous) === null) return
    const isAllowed = async () => missingFor(act, await whoAsks(sessions, cookie, request), anonymous) === null
    if (!(await isAllowed())) throw webErrors.signInNeeded({ what: 'looking' })
    open.add(reply.raw, isAllowed)
  })
  app.get(OPEN, async (request) => viewOf(await whoAsks(sessions, cookie, request)))
  app.post(OPEN, async (request, reply) => {
    const body = enterBody.safeParse(request.body)
    if (!body.success) throw apiErrors.bodyInvalid({ reason: firstIssue(body.error) })
    const { id, caller } = await sessions.enter(body.data)
    reply.header('set-cookie', cookieText(request, cookie, id))
    return viewOf(caller)
  })
  app.post(`${OPEN}/end`, async (request, reply) => {
    const id = sessionId(request, cookie)
    if (id !== null) sessions.end(id)
    reply.header('set-cookie', `${cookieText(request, cookie, '')}; Max-Age=0`)
    return viewOf(null)
  })
}

/** Who may give orders over TCP: whoever signed in or sends a token that does not say `read`. Throws HONUA_WEB_SIGN_IN_NEEDED or HONUA_NOT_ALLOWED. */
export async function orderer(sessions: Sessions, cookie: string, request: FastifyRequest): Promise<Actor> {
  const caller = await whoAsks(sessions, cookie, request)
  if (caller === null) throw webErrors.signInNeeded({ what: 'an order' })
  return allowedToOrder(caller)
}

/** By the session's cookie, else by a token; null where there is neither. Throws HONUA_IDENTITY_UNKNOWN for a wrong token. */
export function whoAsks(sessions: Sessions, cookie: string, request: Asking): Promise<Caller | null> {
  return sessions.who(sessionId(request, cookie), request.headers)
}

function sessionId({ headers }: Asking, cookie: string): string | null {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const value = pairs.find((pair) => pair.startsWith(`${cookie}=`))?.slice(cookie.length + 1)
  return value !== undefined && SESSION_ID.test(value) ? value : null
}

/** Scripts cannot read it, and no other site can make a browser send it. `Secure` where a proxy speaks TLS to the browser. */
function cookieText({ headers }: FastifyRequest, name: string, value: string): string {
  const secure = headers.origin?.startsWith('https://') === true ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`
}
