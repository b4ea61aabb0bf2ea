import type { Clock } from '../../ports/clock.ts'

/** Repeats of one read after its first try. */
export const RETRIES_MAX = 2
const FIRST_PAUSE_MS = 200
/** A server may ask for a longer pause; then the caller is told, instead of being kept waiting. */
const PAUSE_MS_MAX = 10_000

/**
 * Pause before repeat `attempt` (1, 2): what `Retry-After` asks for (seconds or an HTTP date), at most 10 s; without it 200 ms,
 * doubled each time, ±10 % by `clock.random`.
 */
export function backOffMs(attempt: number, retryAfter: string | null, clock: Clock): number {
  const asked = retryAfter === null ? null : retryAfterMs(retryAfter, clock)
  if (asked !== null) return Math.min(Math.max(asked, 0), PAUSE_MS_MAX)
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.9 + 0.2 * clock.random())
}

function retryAfterMs(text: string, clock: Clock): number | null {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at - clock.now()
}
