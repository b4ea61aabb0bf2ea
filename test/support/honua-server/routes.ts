/** Which request gets which answer, the troubles in force first. */
import type { ServerResponse } from 'node:http'
import { answerFor } from './answers.ts'
import { Cut, type Exchange, type Reply } from './exchange.ts'
import { serveOgc } from './ogc.ts'
import { isRawObject, type Raw, stringifyRaw, toRaw } from './raw-json.ts'

/** Answers one request, or cuts its connection where a fault says so. */
export async function route(exchange: Exchange): Promise<void> {
  const { faults, seen, request, response } = exchange
  const side = seen.method === 'GET' ? 'reads' : 'writes'
  const health = healthOf(exchange)
  if (health !== null) return reply(exchange, { ...health, headers: exchange.ogc.headers })
  faults.take('meanwhile', side)?.act()
  const delay = faults.take('delay', side)
  if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay.ms))
  if (faults.all('cut').some(({ when, on }) => when === 'before' && (on ?? side) === side)) {
    faults.take('cut', side)
    request.socket.destroy()
    return
  }
  const status = faults.take('status', side)
  if (status !== undefined) {
    const message = status.echo === true ? `Cannot process: ${seen.body}` : `Status ${status.status} as asked for.`
    const headers = status.retryAfter === undefined ? {} : { 'retry-after': status.retryAfter }
    return reply(exchange, { status: status.status, headers, message })
  }
  const redirect = faults.take('redirect', side)
  if (redirect !== undefined)
    return reply(exchange, { status: 307, headers: { location: redirect.location }, message: '' })
  const garbage = faults.take('garbage', side)
  if (garbage !== undefined) {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(garbage.body ?? '<html><body>It works!</body></html>')
    return
  }
  if (faults.take('endless', side) !== undefined) return endless(response)
  if (!serveOgc(exchange)) await serve(exchange)
}

async function serve(exchange: Exchange): Promise<void> {
  const { faults, seen, request } = exchange
  const side = seen.method === 'GET' ? 'reads' : 'writes'
  try {
    const answer = answerFor(exchange)
    if (faults.all('cut').some(({ when, on }) => when === 'after' && (on ?? side) === side)) {
      faults.take('cut', side)
      request.socket.destroy()
      return
    }
    if (faults.all('cut').some(({ when, on }) => when === 'midway' && (on ?? side) === side)) {
      faults.take('cut', side)
      halfOf(exchange, answer)
      return
    }
    reply(exchange, answer)
  } catch (error) {
    if (!(error instanceof Cut)) throw error
    request.socket.destroy()
  }
}

function healthOf({ seen, faults, generation }: Exchange): Reply | null {
  if (generation === 'A' && seen.path === '/healthz/startup') return { status: 200, message: null, data: null }
  if (seen.path === '/healthz/live') return { status: 200, message: null, data: toRaw({ status: 'Healthy' }) }
  if (seen.path !== '/healthz/ready') return null
  const unhealthy = faults.take('unhealthy', 'reads') !== undefined
  return { status: unhealthy ? 503 : 200, message: unhealthy ? 'Unhealthy' : null, data: null }
}

function reply(exchange: Exchange, answer: Reply): void {
  const { response } = exchange
  const type = answer.form === 'problem' ? 'application/problem+json' : 'application/json; charset=utf-8'
  response.writeHead(answer.status, { 'content-type': type, ...answer.headers })
  response.end(answer.status === 204 ? undefined : textOf(exchange, answer))
}

/** Sends the head and half of the answer, then cuts the connection. */
function halfOf(exchange: Exchange, answer: Reply): void {
  const { request, response } = exchange
  const text = Buffer.from(textOf(exchange, answer))
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': text.length })
  response.write(text.subarray(0, text.length >> 1), () => request.socket.destroy())
}

/** Bare, a problem, or as most answers wrapped: {success, data, message, timestamp}. */
function textOf({ now }: Exchange, { status, message, data, form, type }: Reply): string {
  if (form === 'bare') return stringifyRaw(data ?? null)
  if (form === 'problem') {
    const problem = new Map<string, Raw>([
      ['type', type ?? 'about:blank'],
      ['title', message],
      ['status', toRaw(status)],
      ['detail', message],
    ])
    return stringifyRaw(new Map([...problem, ...(isRawObject(data) ? data : [])]))
  }
  return stringifyRaw(
    new Map([
      ['success', status < 300],
      ['data', data ?? null],
      ['message', message],
      ['timestamp', now().toISOString()],
    ]),
  )
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(1024 * 1024, 'x')
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
