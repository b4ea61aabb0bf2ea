import { staleness } from '../../core/checks/index.ts'
import { targetErrors } from '../../core/errors/target.ts'
import type { Clock } from '../../ports/clock.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './http-client.ts'

/** A cache that keeps to HTTP asks the server, whatever it has. */
export const NO_CACHE = { 'cache-control': 'no-cache', pragma: 'no-cache' } as const

/** As `exchange`, for a question about how things are now: HONUA_TARGET_ANSWER for what a cache had ready. */
export async function askedNow(
  target: string,
  request: HttpRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const began = clock.now()
  const answer = await exchange(target, { ...request, headers: { ...NO_CACHE, ...request.headers } }, clock, signal)
  const times = { tookMs: clock.now() - began, age: answer.headers.get('age'), date: null, writtenDate: null }
  const problem = staleness(times)
  if (problem !== null)
    throw targetErrors.answer({ target, doing: `${request.method} ${request.url.pathname}`, problem })
  return answer
}
