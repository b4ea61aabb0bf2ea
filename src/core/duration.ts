/** Durations as people write them: `500ms`, `30s`, `5m`, `1h`, `1d`, and sums such as `1h30m`. */

const UNITS_MS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** What a duration looks like; for schemas. */
export const DURATION_PATTERN = /^(\d{1,9}(ms|s|m|h|d))+$/

/** In ms; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g))
    total += Number(count) * (UNITS_MS[unit ?? ''] ?? 0)
  return total
}

/** The shortest exact text for `ms`, largest unit first: 5400000 is `1h30m`, 0 is `0s`. */
export function formatDuration(ms: number): string {
  let left = Math.round(ms)
  let text = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = UNITS_MS[unit] ?? 1
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) text += `${count}${unit}`
  }
  return text === '' ? '0s' : text
}
