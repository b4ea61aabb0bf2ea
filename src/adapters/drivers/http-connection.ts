/** One request over a connection, and its answer as it comes in. */
import { Agent as HttpAgent, type IncomingMessage, request as overHttp, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as overHttps } from 'node:https'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { lookupOfServer } from './address.ts'

/** Whom to trust and as whom to call, as PEM texts. */
export interface TlsIdentity {
  /** Instead of the machine's own certificates. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole exchange, the answer's body included. */
  readonly timeoutMs: number
  /** Bytes of the answer's body after decompression. */
  readonly bytesMax: number
  /** Only where the machine's own trust is not enough, or a client certificate is asked for. */
  readonly tls?: TlsIdentity
}

/** An answer whose body is still to come. */
export interface Incoming {
  readonly status: number
  readonly headers: Headers
  /** Decompressed. Breaks off with a NetworkFailure, or an UnknownEncoding. */
  readonly body: AsyncIterable<Uint8Array>
  readonly drop: () => void
}

/** What went wrong on the way is in its cause. */
export class NetworkFailure extends Error {}

/** The header Content-Encoding names what was not asked for and cannot be undone. */
export class UnknownEncoding extends Error {
  readonly encoding: string
  constructor(encoding: string) {
    super('unknown encoding')
    this.encoding = encoding
  }
}

/** So long a connection is kept for the next request, in ms: servers close theirs after 5 s and more. */
const KEPT_MS = 4_000
const agents = {
  'http:': new HttpAgent({ keepAlive: true, timeout: KEPT_MS }),
  'https:': new HttpsAgent({ keepAlive: true, timeout: KEPT_MS }),
}

/** Sends it; no redirect is followed. Names are looked up by `lookupOfServer`. Rejects with a NetworkFailure. */
export function connected(request: HttpRequest, signal: AbortSignal): Promise<Incoming> {
  const { method, url, body, tls } = request
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const headers = { 'user-agent': 'honua-gitops', 'accept-encoding': 'gzip, deflate', ...length, ...request.headers }
  // A connection made with one key is not used with the next.
  const agent = tls !== undefined ? false : url.protocol === 'https:' ? agents['https:'] : agents['http:']
  const options: RequestOptions = { method, headers, signal, agent, lookup: lookupOfServer, ...tls }
  return new Promise((resolve, reject) => {
    const take = (message: IncomingMessage): void =>
      resolve({
        status: message.statusCode ?? 0,
        headers: headersOf(message),
        body: unbroken(decoded(message)),
        drop: () => void message.destroy(),
      })
    const sending = url.protocol === 'https:' ? overHttps(url, options, take) : overHttp(url, options, take)
    sending.on('error', (error) => reject(new NetworkFailure('not sent', { cause: error })))
    // Behind a switch of protocols (101) there is neither an answer nor an error.
    sending.on('close', () => reject(new NetworkFailure('closed without an answer')))
    sending.end(body)
  })
}

function headersOf(message: IncomingMessage): Headers {
  return new Headers(
    Object.entries(message.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

/** What is cut short is told by the connection, not by the compression. */
const lenient = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip(lenient)],
  ['x-gzip', () => createGunzip(lenient)],
  ['deflate', () => createInflate(lenient)],
  ['br', () => createBrotliDecompress()],
])
/** More than any chain of a server and its proxies makes of an answer. */
const DECODERS_MAX = 3

/** Asks for the answer as it is: servers that compress make other ETags of it, and some know only their own again (If-Match). */
export const UNCOMPRESSED: Readonly<Record<string, string>> = { 'accept-encoding': 'identity' }

/** As it was before the server compressed it. */
function decoded(message: IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = message.headers['content-encoding'] ?? ''
  const layers = encoding.split(',').map((layer) => layer.trim().toLowerCase())
  const chain: Transform[] = []
  // The last that was done is the first to be undone.
  for (const layer of layers.reverse()) {
    if (layer === '' || layer === 'identity') continue
    const decoder = decoders.get(layer)
    if (decoder === undefined || chain.length === DECODERS_MAX) return unreadable(message, encoding)
    chain.push(decoder())
  }
  const ignore = (): void => undefined
  return chain.reduce<Readable>((body, decoder) => pipeline(body, decoder, ignore), message)
}

/** An answer without a body needs no decoder. */
async function* unreadable(body: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    if (chunk.byteLength > 0) throw new UnknownEncoding(encoding.slice(0, 60))
    yield chunk
  }
}

async function* unbroken(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    if (error instanceof UnknownEncoding) throw error
    throw new NetworkFailure('broken off', { cause: error })
  }
}
