/**
 * Whether an answer tells how a server is now. It counts only when nothing shows that it was made before it was asked for: every
 * question is put after the last write was answered, so an answer to it is of afterwards, unless a cache had it ready.
 */
export interface AnswerTimes {
  /** Between the question and the whole answer, in ms. */
  readonly tookMs: number
  /** The header Age: how many seconds ago the answer was made or last confirmed (RFC 9111, 5.1). */
  readonly age: string | null
  /** The header Date, and that of the last write's answer, by the same server's clock; null where either is not known. */
  readonly date: string | null
  readonly writtenDate: string | null
}

/** Clocks of servers behind one name differ a little, and Date counts whole seconds. */
const CLOCKS_APART_MS = 2_000

/** Why the answer is of before; null when nothing shows it. */
export function staleness({ tookMs, age, date, writtenDate }: AnswerTimes): string | null {
  // Whole seconds, rounded down: `Age: 0` may be an answer made for this question, and cannot be told from one of just before.
  if (age !== null && /^\s*\d+\s*$/.test(age) && Number(age) * 1000 > tookMs)
    return `a cache answered, with what it had for ${age.trim()} s`
  const [made, written] = [date === null ? Number.NaN : Date.parse(date), Date.parse(writtenDate ?? '')]
  if (made < written - CLOCKS_APART_MS) return `the answer is of ${date}, before the last write`
  return null
}
