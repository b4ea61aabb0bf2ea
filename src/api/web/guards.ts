import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { webErrors } from '../../core/errors/web.ts'
import { takeJsonOnly } from '../guards.ts'
import { isOurs, isSameOrigin, type Names } from './hosts.ts'

/** Sent by our own pages with every order. A page of another site cannot send it without being asked whether it may, and the answer is no. */
const REQUEST_HEADER = 'honua-request'

/** No script but our files, no frame around them, nothing from anywhere else; HTML is never made from text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** What a request over TCP must be before a route sees it: for a name of ours, and not from a page of another site. */
export function guardWeb(app: FastifyInstance, names: Names): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    checkPlace(names, request.raw)
    if (request.method !== 'GET' && request.headers[REQUEST_HEADER] === undefined) throw webErrors.headerMissing()
  })
  takeJsonOnly(app)
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}

/** Throws HONUA_WEB_HOST_REFUSED for a name that is not ours, and HONUA_WEB_CROSS_SITE for what a page of another site sent. */
export function checkPlace(names: Names, request: IncomingMessage): void {
  if (!isOurs(names, request.headers.host)) throw webErrors.hostRefused()
  if (isForeign(request)) throw webErrors.crossSite()
}

/** Whether a page of another site sent it. Following a link to one of our pages is no harm; reading data or ordering from afar is. */
function isForeign({ method, headers, url = '' }: IncomingMessage): boolean {
  const { origin, host, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers
  if (origin !== undefined && !isSameOrigin(origin, host)) return true
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return !(method === 'GET' && mode === 'navigate' && !url.startsWith('/v1/'))
}
