import { HonuaError } from '../../../core/errors/honua-error.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Health } from '../../../ports/driver.ts'
import { askedNow } from '../asked-now.ts'
import type { HealthCheckSettings } from '../settings.ts'

/** A health page needs no more; what is longer is cut off as unusable. */
const BYTES_MAX = 64 * 1024

/** Healthy when the page itself answers 200–299 in time, and no cache with what it had. Rejects only when aborted. */
export async function checkUrl(
  target: string,
  settings: HealthCheckSettings,
  clock: Clock,
  signal: AbortSignal,
): Promise<Health> {
  const url = new URL(settings.url)
  try {
    const request = { method: 'GET', url, headers: {}, timeoutMs: settings.timeoutMs, bytesMax: BYTES_MAX } as const
    const { status } = await askedNow(target, request, clock, signal)
    return status >= 200 && status < 300
      ? { healthy: true }
      : { healthy: false, message: `${url.host}${url.pathname} answered ${status}` }
  } catch (error) {
    if (error instanceof HonuaError) return { healthy: false, message: error.message }
    throw error
  }
}
