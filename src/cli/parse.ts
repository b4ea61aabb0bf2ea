/** Values of options: text → meaning, or a usage error that says what was expected. */
import { InvalidArgumentError, type Option, Option as OptionClass } from 'commander'
import { parseDuration } from '../core/duration.ts'
import type { Instant } from '../core/vocabulary.ts'

/** `10m` → ms. */
export function durationMs(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('Expected a duration such as 30s, 10m or 1h.')
  return ms
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of at least 1.')
  return Number(text)
}

/** `2h` (from now) or an ISO 8601 moment with its zone → how to find the moment. */
export function moment(text: string): (now: Instant) => Instant {
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0) return (now) => now + ms
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Expected a duration such as 2h, or a moment such as 2025-10-04T18:00Z.')
  return () => at
}

export function reasonOption(text = 'why; it stands in the audit log'): Option {
  return new OptionClass('-m, --reason <text>', text).default('')
}

export function timeoutOption(): Option {
  return new OptionClass('--timeout <duration>', 'how long --wait waits').argParser(durationMs).default(600_000, '10m')
}
