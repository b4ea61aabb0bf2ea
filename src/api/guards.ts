import type { FastifyInstance, FastifyRequest } from 'fastify'
import { apiErrors } from '../core/errors/api.ts'

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/**
 * What every request must be before a route sees it: not from a web page (a page cannot reach a Unix socket, a careless proxy in front
 * of it can), and an order only as JSON, which no form and no `no-cors` fetch can send.
 */
export function guardRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (origin !== undefined || site !== undefined) throw apiErrors.originRefused()
  })
  takeJsonOnly(app)
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
}

/** An order comes as JSON and as nothing else. */
export function takeJsonOnly(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (isOrder(request)) checkMediaType(request)
  })
  // Only our own parser stays: fastify's would also take text/plain.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
}

function isOrder({ method }: FastifyRequest): boolean {
  return method !== 'GET'
}

function checkMediaType({ headers }: FastifyRequest): void {
  const given = headers['content-type']
  if (given === undefined || !JSON_TYPE.test(given))
    throw apiErrors.mediaType({ given: given === undefined ? given : 'another type' })
}
