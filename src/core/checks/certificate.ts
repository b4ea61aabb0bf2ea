/** A server's certificate as it was shown, and whether it may be relied on for a while. */
export interface Certificate {
  /** Why it is not trusted, in the words of the TLS library: chain, name, dates; null when it is. */
  readonly distrust: string | null
  /** When it ends, in ms since the epoch; NaN where that cannot be read. */
  readonly endsAt: number
}

const DAY = 86_400_000

/** Why it is not good for another `days`; null when it is. */
export function certificateFault({ distrust, endsAt }: Certificate, now: number, days: number): string | null {
  if (distrust !== null) return `it is not trusted: ${distrust}`
  if (Number.isNaN(endsAt)) return 'its end cannot be read'
  if (endsAt <= now) return `it ended on ${day(endsAt)}`
  return endsAt - now >= days * DAY ? null : `it ends on ${day(endsAt)}, in less than ${days} days`
}

/** For people. */
export function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
