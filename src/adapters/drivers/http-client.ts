/** One HTTP exchange as drivers want it: with a deadline, a limit on the answer, and no redirect ever followed. */
import { targetErrors } from '../../core/errors/target.ts'
import type { Clock } from '../../ports/clock.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole exchange, the answer's body included. */
  readonly timeoutMs: number
  /** Bytes of the answer's body after decompression. */
  readonly bytesMax: number
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
  const { method, url, headers, body, bytesMax } = request
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal,
    ...(body === undefined ? {} : { body }),
  })
  const location = response.headers.get('location')
  if (response.status >= 300 && response.status < 400 && response.status !== 304) {
    await response.body?.cancel()
    throw targetErrors.redirect({ target, host: url.host, to: hostOf(location, url), status: response.status })
  }
  const text = await readLimited(response, bytesMax)
  if (text === null)
    throw targetErrors.answer({ target, doing: `${method} ${url.pathname}`, problem: `longer than ${bytesMax} bytes` })
  return { status: response.status, headers: response.headers, text }
}

/** The body as text, or null when it is longer than `bytesMax`; no more than that is ever held. */
async function readLimited(response: Response, bytesMax: number): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    const part: Uint8Array = chunk
    bytes += part.byteLength
    if (bytes > bytesMax) return null
    chunks.push(part)
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
