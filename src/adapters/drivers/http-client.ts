/** One HTTP exchange as drivers want it: with a deadline, a limit on the answer, and no redirect ever followed. */
import type { HonuaError } from '../../core/errors/honua-error.ts'
import { targetErrors } from '../../core/errors/target.ts'
import type { Clock } from '../../ports/clock.ts'
import { LinkLocalName } from './address.ts'
import { connected, type HttpRequest, NetworkFailure, UnknownEncoding } from './http-connection.ts'

export { type HttpRequest, type TlsIdentity, UNCOMPRESSED } from './http-connection.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Sends one request. Rejects with the signal's reason when aborted, HONUA_TARGET_UNREACHABLE when there is no answer in time,
 * _REDIRECT for a redirect (naming both hosts), _CONFIG for a name that leads to a link-local address, _ANSWER for a body over the limit or
 * in an encoding nobody asked for. Every other status is an answer.
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
  // Whatever the connection makes of the stop, the exchange ends with it.
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true })
  })
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
    return await Promise.race([send(target, request, stop.signal), stopped])
  } catch (error) {
    signal.throwIfAborted()
    if (late)
      throw targetErrors.unreachable({ target, host: url.host, reason: `no complete answer within ${timeoutMs} ms` })
    if (error instanceof UnknownEncoding)
      throw targetErrors.answer({
        target,
        doing: `${request.method} ${url.pathname}`,
        problem: `its encoding ${JSON.stringify(error.encoding)} cannot be read`,
      })
    if (error instanceof NetworkFailure) throw failureOf(target, url, error)
    throw error
  } finally {
    finished.abort()
    signal.removeEventListener('abort', onAbort)
    await deadline
  }
}

async function send(target: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, bytesMax } = request
  const { status, headers, body, drop } = await connected(request, signal)
  if (status >= 300 && status < 400 && status !== 304) {
    drop()
    throw targetErrors.redirect({ target, host: url.host, to: hostOf(headers.get('location'), url), status })
  }
  const text = await readLimited(body, bytesMax)
  if (text === null)
    throw targetErrors.answer({ target, doing: `${method} ${url.pathname}`, problem: `longer than ${bytesMax} bytes` })
  return { status, headers, text }
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

/** A name that leads where no server can be is the mistake that such an address itself would be. */
function failureOf(target: string, { host }: URL, { cause }: NetworkFailure): HonuaError {
  if (cause instanceof LinkLocalName)
    return targetErrors.config({
      target,
      problem: cause.message,
      remedy: 'name the server’s own host; if the name is right, find out who answers for it',
    })
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
  return targetErrors.unreachable({ target, host, reason: code ?? 'the connection broke' })
}
