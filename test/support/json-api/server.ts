/**
 * A stand-in for an admin API in the shape of GeoServer's REST configuration API, over real HTTP: envelopes named by the singular of
 * their collection, `""` instead of an empty list, names in lists and whole items one by one, passwords given back encrypted. It
 * also pages, sends ETags and takes the troubles of the Honua stand-in.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'
import { type Fault, Faults } from '../honua-server/faults.ts'
import { JsonApiState } from './state.ts'
import { StepState, stepReply } from './steps.ts'

export interface JsonApiOptions {
  /** The value that `Authorization` or `X-Api-Key` must have; absent: everyone may do everything. */
  readonly authorization?: string
  readonly etags?: boolean
  /** How lists are cut; absent: they are not. */
  readonly paging?: 'page' | 'offset' | 'cursor' | 'link'
  /** Whom it is, whom it trusts: with these it speaks TLS and asks for a client certificate. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string }
}

export interface SeenCall {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface JsonApi {
  readonly url: string
  readonly state: JsonApiState
  readonly steps: StepState
  readonly calls: readonly SeenCall[]
  /** The greatest number of writes that were being answered at one moment. */
  readonly mostWritesAtOnce: number
  setFault(fault: Fault): () => void
  close(): Promise<void>
}

const PREFIX = '/geoserver/rest'
/** Items on a page where lists are cut. */
const PAGE = 2
/** What a collection is called in envelopes, where it is not as in paths. */
const CALLED = new Map([['datastores', 'dataStores']])
/** The field that names an item, where it is not `name`. */
const NAMED_BY = new Map([['themes', 'id']])

interface Call extends SeenCall {
  readonly url: URL
  readonly side: 'reads' | 'writes'
}

interface Reply {
  readonly status: number
  readonly body?: Json
  /** Instead of a JSON body. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Starts the stand-in on loopback; resolves when it accepts connections. */
export async function startJsonApi(options: JsonApiOptions = {}): Promise<JsonApi> {
  const state = new JsonApiState()
  const steps = new StepState()
  const faults = new Faults()
  const calls: SeenCall[] = []
  let atOnce = 0
  let mostWritesAtOnce = 0
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const writes = request.method === 'GET' ? 0 : 1
    atOnce += writes
    mostWritesAtOnce = Math.max(mostWritesAtOnce, atOnce)
    response.once('close', () => {
      atOnce -= writes
    })
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      const method = request.method ?? 'GET'
      const call: Call = {
        method,
        path: request.url ?? '/',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        url: new URL(request.url ?? '/', 'http://stand-in'),
        side: method === 'GET' ? 'reads' : 'writes',
      }
      calls.push(call)
      const delay = faults.take('delay', call.side)
      if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay.ms))
      serve(call, options, { state, steps }, faults, response)
    })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  }
  const { tls } = options
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer({ ...tls, requestCert: true, rejectUnauthorized: true }, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `${tls === undefined ? 'http' : 'https'}://localhost:${portOf(server)}${PREFIX}`,
    state,
    steps,
    calls,
    get mostWritesAtOnce() {
      return mostWritesAtOnce
    },
    setFault: (fault) => faults.set(fault),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portOf(server: Pick<Server, 'address'>): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

interface Held {
  readonly state: JsonApiState
  readonly steps: StepState
}

/** Troubles first, then the API. */
function serve(call: Call, options: JsonApiOptions, held: Held, faults: Faults, response: ServerResponse): void {
  const { side } = call
  const cut = faults.take('cut', side)
  const reply = cut?.when === 'before' ? null : (troubled(call, faults) ?? answer(call, options, held))
  if (cut !== undefined || reply === null) response.destroy()
  else send(response, reply)
}

/** What a server in trouble answers without doing anything; null when it is not. */
function troubled({ side, body, ...call }: Call, faults: Faults): Reply | null {
  const redirect = faults.take('redirect', side)
  if (redirect !== undefined) return { status: 302, headers: { location: redirect.location } }
  const status = faults.take('status', side)
  if (status !== undefined) {
    const headers = status.retryAfter === undefined ? {} : { 'retry-after': status.retryAfter }
    return { status: status.status, headers, body: { message: status.echo ? body : 'No.' } }
  }
  const garbage = faults.take('garbage', side)
  if (garbage !== undefined) return { status: 200, text: garbage.body ?? '<html>a proxy</html>' }
  if (side === 'reads') return null
  if (faults.take('lie', side) !== undefined) return { status: 200 }
  faults.take('meanwhile', side)?.act()
  const refused = faults.all('refuse').find(({ key }) => isAbout({ ...call, body }, key))
  return refused === undefined ? null : { status: 422, body: { message: refused.message } }
}

/** Whether a request writes the theme of that key. */
function isAbout({ url, body }: Pick<Call, 'url' | 'body'>, key: string): boolean {
  const name = key.split('/').at(-1) ?? ''
  return (
    decodeURIComponent(url.pathname).endsWith(`/themes/${name}.json`) || body.includes(`"id":${JSON.stringify(name)}`)
  )
}

function send(response: ServerResponse, { status, body, text = '', headers = {} }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body === undefined ? text : JSON.stringify(body))
}

function answer(call: Call, options: JsonApiOptions, { state, steps }: Held): Reply {
  const { authorization } = options
  const given = [call.headers.authorization, call.headers['x-api-key']]
  if (authorization !== undefined && !given.includes(authorization)) return { status: 401 }
  const step = stepReply(call, steps)
  if (step !== null) return step
  if (!call.url.pathname.startsWith(`${PREFIX}/`)) return { status: 404 }
  const path = call.url.pathname
    .slice(PREFIX.length + 1)
    .replace(/\.json$/, '')
    .split('/')
    .map(decodeURIComponent)
  if (path.join('/') === 'about/status') return { status: 200, body: { status: { state: 'UP' } } }
  return path.length % 2 === 1 ? collection(call, path, options, state) : single(call, path, options, state)
}

function collection(call: Call, path: readonly string[], options: JsonApiOptions, state: JsonApiState): Reply {
  const id = path.join('/')
  const type = calledBy(path.at(-1))
  if (path.length > 1 && state.get(path.slice(0, -2).join('/'), path.at(-2) ?? '') === undefined) return { status: 404 }
  const key = NAMED_BY.get(type) ?? 'name'
  const one = type.slice(0, -1)
  if (call.method === 'POST') {
    const item = bodyOf(call, one)
    const name = item?.[key]
    if (item === null || typeof name !== 'string') return { status: 400, body: { message: `no ${one} with a ${key}` } }
    if (state.get(id, name) !== undefined) return { status: 409, body: { message: `${one} ${name} exists` } }
    state.put(id, name, item)
    return { status: 201 }
  }
  if (call.method !== 'GET') return { status: 405 }
  const names = state
    .list(id)
    .map(([name]) => ({ [key]: name, href: `${PREFIX}/${id}/${encodeURIComponent(name)}.json` }))
  const { shown, next, headers } = page(call, names, options)
  return { status: 200, headers, body: { [type]: shown.length === 0 ? '' : { [one]: shown }, ...next } }
}

function calledBy(segment = ''): string {
  return CALLED.get(segment) ?? segment
}

/** The part of a list that was asked for. */
function page(call: Call, all: readonly JsonObject[], { paging }: JsonApiOptions) {
  const asked = Number(call.url.searchParams.get(paging ?? 'page') ?? (paging === 'page' ? '1' : '0'))
  if (paging === undefined) return { shown: all, next: {}, headers: {} }
  const from = paging === 'page' ? (asked - 1) * PAGE : asked
  const shown = all.slice(from, from + PAGE)
  const isLast = from + PAGE >= all.length
  if (isLast || paging === 'page' || paging === 'offset') return { shown, next: {}, headers: {} }
  if (paging === 'cursor') return { shown, next: { next: String(from + PAGE) }, headers: {} }
  return { shown, next: {}, headers: { link: `<${call.url.pathname}?link=${from + PAGE}>; rel="next"` } }
}

function single(call: Call, path: readonly string[], { etags = false }: JsonApiOptions, state: JsonApiState): Reply {
  const [id, name] = [path.slice(0, -1).join('/'), path.at(-1) ?? '']
  const type = calledBy(path.at(-2))
  const one = type.slice(0, -1)
  const stored = state.get(id, name)
  if (stored === undefined) return { status: 404, body: { message: `No such ${one}: ${name}` } }
  const etag = `"${stored.version}"`
  const wanted = call.headers['if-match']
  if (etags && wanted !== undefined && wanted !== etag) return { status: 412, body: { message: 'It has changed.' } }
  if (call.method === 'GET') {
    const item = { ...encrypted(stored.item), href: call.path }
    return { status: 200, body: { [one]: item }, headers: etags ? { etag } : {} }
  }
  if (call.method === 'DELETE') {
    state.remove(id, name)
    return { status: 200 }
  }
  const item = call.method === 'PUT' ? bodyOf(call, one) : null
  if (item === null) return { status: 400, body: { message: `no ${one}` } }
  state.put(id, name, item)
  return { status: 200 }
}

/** GeoServer never gives a store's password back in the clear. */
function encrypted(item: JsonObject): JsonObject {
  const { connectionParameters } = item
  if (!isJsonObject(connectionParameters) || connectionParameters['passwd'] === undefined) return item
  return { ...item, connectionParameters: { ...connectionParameters, passwd: 'crypt1:0123456789' } }
}

function bodyOf({ body }: Call, one: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(body)
    const item = isJsonObject(value) ? value[one] : undefined
    return isJsonObject(item) ? item : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
