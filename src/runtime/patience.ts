import { HonuaError } from '../core/errors/index.ts'
import { runtimeErrors } from '../core/errors/runtime.ts'
import type { Clock } from '../ports/clock.ts'

/** Runs `task` with a signal that aborts after `ms`, or with `signal`. Rejects with HONUA_TIMEOUT naming `what` when time ran out. */
export async function withDeadline<Value>(
  clock: Clock,
  how: { readonly ms: number; readonly what: string; readonly signal: AbortSignal },
  task: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const limit = new AbortController()
  const done = new AbortController()
  const timeout = runtimeErrors.timeout({ what: how.what, ms: how.ms })
  const timer = clock.sleep(how.ms, done.signal).then(
    () => limit.abort(timeout),
    () => undefined,
  )
  const signal = AbortSignal.any([how.signal, limit.signal])
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (signal.aborted) reject(signal.reason)
  })
  try {
    return await Promise.race([task(signal), aborted])
  } finally {
    done.abort(new Error('done'))
    await timer
  }
}

/**
 * Tries again after a pause while the error says that it may work later: 0.5 s, 1 s, 2 s … at most 10 s apart, `tries` times in all.
 * A stale plan is no passing trouble: what is live must be planned for anew.
 */
export async function retrying<Value>(
  clock: Clock,
  how: { readonly tries: number; readonly signal: AbortSignal },
  task: () => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task()
    } catch (error) {
      const mayPass = error instanceof HonuaError && error.retry === 'later' && !error.code.endsWith('_STALE')
      if (!mayPass || attempt >= how.tries || how.signal.aborted) throw error
      await clock.sleep(Math.min(500 * 2 ** (attempt - 1), 10_000), how.signal)
    }
  }
}
