import type { Server } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'
import type { Log } from '../ports/log.ts'
import { errorReply, OrderRefused, refusalReply } from './refusals.ts'

/** An order is a few words; more is a mistake. */
const BODY_BYTES_MAX = 64 * 1024

/** What every way to the API has in common: bounds, and one form for every refusal. Guards and routes are the caller's. */
export function makeApp(server: Server, log: Log): FastifyInstance {
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
  return app
}

/** Where an unexpected error comes from, without its message. */
function nameOf(error: unknown): string {
  return error instanceof Error
    ? (error.stack?.split('\n').slice(0, 2).join(' ').replace(error.message, '…') ?? error.name)
    : typeof error
}
