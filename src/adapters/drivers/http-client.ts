/** One HTTP exchange as drivers want it: with a deadline, a limit on the answer, and no redirect ever followed. */
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { targetErrors } from '../../core/errors/target.ts'
import type { Clock } from '../../ports/clock.ts'

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

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Sends one request. Rejects with the signal's reason when aborted, HONUA_TARGET_UNREACHABLE when there is no answer in time,
 * _REDIRECT for a redirect (naming both hosts), _ANSWER for a body over the limit. Every other status is an answer.
 */
export async function exchange(
  target: string,
  request: HttpRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  signal.throwIfAborted()
  const { url, timeoutMs } = request
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const finished = new AbortController()
  let late = false
  const deadline = clock.sleep(timeoutMs, finished.signal).then(
    () => {
      late = true
      stop.abort(new Error('deadline'))
    },
    // The exchange ended first.
    () => undefined,
  )
  try {
    return await send(target, request, stop.signal)
  } catch (error) {
    signal.throwIfAborted()
    if (late)
      throw targetErrors.unreachable({ target, host: url.host, reason: `no complete answer within ${timeoutMs} ms` })
    if (isNetworkError(error)) throw targetErrors.unreachable({ target, host: url.host, reason: networkReason(error) })
    throw error
  } finally {
    finished.abort()
    signal.removeEventListener('abort', onAbort)
    await deadline
  }
}

async function send(target: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, bytesMax, tls } = request
  const { status, headers, body, drop } =
    tls === undefined ? await fetched(request, signal) : await over(tls, request, signal)
  if (status >= 300 && status < 400 && status !== 304) {
    await drop()
    throw targetErrors.redirect({ target, host: url.host, to: hostOf(headers.get('location'), url), status })
  }
  const text = await readLimited(body, bytesMax)
  if (text === null)
    throw targetErrors.answer({ target, doing: `${method} ${url.pathname}`, problem: `longer than ${bytesMax} bytes` })
  return { status, headers, text }
}

/** An answer whose body is still to come. */
interface Incoming {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  readonly drop: () => Promise<void>
}

async function fetched({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<Incoming> {
  const how = { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) } as const
  const response = await fetch(url, how)
  const chunks: AsyncIterable<Uint8Array> = response.body ?? Readable.from([])
  return {
    status: response.status,
    headers: response.headers,
    body: chunks,
    drop: async () => response.body?.cancel(),
  }
}

/** `fetch` of Node 20 takes neither certificates nor keys. */
function over(tls: TlsIdentity, { method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const broken = (error: Error) => reject(new TypeError('fetch failed', { cause: error }))
    // No agent: a connection made with one key is not used with the next.
    const sending = httpsRequest(url, { method, headers, signal, agent: false, ...tls }, (message) => {
      resolve({
        status: message.statusCode ?? 0,
        headers: new Headers(
          Object.entries(message.headers).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, String(value)]],
          ),
        ),
        body: unbroken(message),
        drop: async () => void message.destroy(),
      })
    })
    sending.on('error', broken)
    sending.end(body)
  })
}

/** What breaks while the body comes is told as `fetch` tells it. */
async function* unbroken(message: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* message
  } catch (error) {
    throw new TypeError('terminated', { cause: error })
  }
}

/** The body as text, or null when it is longer than `bytesMax`; no more than that is ever held. */
async function readLimited(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function hostOf(location: string | null, base: URL): string {
  if (location === null || !URL.canParse(location, base.href)) return 'nowhere'
  return new URL(location, base).host || 'nowhere'
}

/** `fetch` reports every failure of the network as a TypeError, the reason in its cause. */
function isNetworkError(error: unknown): error is TypeError {
  return error instanceof TypeError
}

function networkReason(error: TypeError): string {
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return 'the connection broke'
}
