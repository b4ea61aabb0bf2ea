import type { Paint } from './paint.ts'

const GAP = '  '
/** A column is not made narrower than this, in columns of the screen. */
const NARROWEST = 8

/** Rows in columns under a heading, cut to the width. Cells are plain text; the state column is painted by its words. */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  how: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const widths = columnWidths([heading, ...rows], how.width)
  const line = (cells: readonly string[]) => cells.map((cell, at) => padTo(cell, widths[at] ?? 0)).join(GAP)
  return [how.paint.dim(line(heading).trimEnd()), ...rows.map((row) => paintState(line(row).trimEnd(), how.paint))]
}

/** Number of columns a text takes: wide characters count two, marks nothing. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Padded with spaces, or cut with `…`, to exactly `width` columns. */
export function padTo(text: string, width: number): string {
  const own = textWidth(text)
  if (own <= width) return text + ' '.repeat(width - own)
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = characterWidth(character)
    if (used + next > width - 1) break
    kept += character
    used += next
  }
  return `${kept}…${' '.repeat(Math.max(0, width - used - 1))}`
}

/** Wide enough for every cell; when that is too much, the widest column gives way first. */
function columnWidths(lines: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => textWidth(line[at] ?? ''))))
  const room = width - GAP.length * (widths.length - 1)
  for (let over = sum(widths) - room; over > 0; over = sum(widths) - room) {
    const widest = widths.indexOf(Math.max(...widths))
    const own = widths[widest] ?? 0
    if (own <= NARROWEST) break
    widths[widest] = Math.max(NARROWEST, own - over)
  }
  return widths
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function characterWidth(character: string): number {
  if (/\p{Mn}|\p{Me}/u.test(character)) return 0
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]/u.test(
    character,
  )
    ? 2
    : 1
}

function paintState(line: string, paint: Paint): string {
  return line
    .replace(/\b(Synced|Completed)\b/, paint.green('$1'))
    .replace(/\b(OutOfSync|AwaitingApproval|RollingBack|RolledBack)\b/, paint.yellow('$1'))
    .replace(/\b(Failed|Unknown)\b/, paint.red('$1'))
    .replace(/\b(Deploying)\b/, paint.cyan('$1'))
}
