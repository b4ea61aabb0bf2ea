/** Durations as people write them: `500ms`, `30s`, `5m`, `1h`, `1d`, and sums, largest unit first, such as `1h30m`. */

const UNITS_MS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** What a duration looks like; for schemas. Each unit at most once, so that a slip such as `5m5m` is not taken for ten minutes. */
export const DURATION_PATTERN = /^(?=\d)(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?(\d{1,9}ms)?$/

/** In ms; undefined when the text is no duration, or one too long to be exact. */
export function parseDuration(text: string): number | undefined {
  const parts = DURATION_PATTERN.exec(text)?.slice(1)
  if (parts === undefined) return undefined
  const total = UNITS_MS.reduce((sum, [, size], at) => sum + Number.parseInt(parts[at] ?? '0', 10) * size, 0)
  return Number.isSafeInteger(total) ? total : undefined
}

/** The shortest exact text for a finite `ms`, largest unit first: 5400000 is `1h30m`, 0 is `0s`, -1000 is `-1s`. Rounds to whole ms. */
export function formatDuration(ms: number): string {
  let left = Math.abs(Math.round(ms))
  let text = ''
  for (const [unit, size] of UNITS_MS) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) text += `${count}${unit}`
  }
  if (text === '') return '0s'
  return ms < 0 ? `-${text}` : text
}
