import { createTwoFilesPatch } from 'diff'
import { visible } from './visible.ts'

/** Both sides of one change as text; null where a side is absent. */
export interface DocumentChange {
  readonly target: string
  readonly key: string
  /** The file that declares it; null where none does. */
  readonly path: string | null
  readonly before: string | null
  readonly after: string | null
}

/** Looking for the shortest diff takes this many edits at most: time grows with their square. Beyond, the whole text is replaced. */
const EDITS_MAX = 2_000

/** Unified diffs, one after the other, as `diff -u` and reviewers' tools read them. Every line is made visible. */
export function renderUnifiedDiff(changes: readonly DocumentChange[]): string {
  return changes.map(patchOf).join('')
}

function patchOf({ target, key, path, before, after }: DocumentChange): string {
  const live = before === null ? '/dev/null' : `live/${target}/${key}`
  const desired = after === null ? '/dev/null' : `desired/${path ?? key}`
  const [old, now] = [visibleLines(before), visibleLines(after)]
  const patch = createTwoFilesPatch(live, desired, old, now, undefined, undefined, {
    context: 3,
    maxEditLength: EDITS_MAX,
  })
  if (patch !== undefined) return patch.replace(/^=+\n/, '')
  const header = createTwoFilesPatch(live, desired, '', '').replace(/^=+\n/, '')
  return `${header}${replaced(linesOf(old), linesOf(now))}`
}

/** One hunk that takes all of the one away and puts in all of the other. */
function replaced(old: readonly string[], now: readonly string[]): string {
  const hunk = `@@ -${old.length === 0 ? 0 : 1},${old.length} +${now.length === 0 ? 0 : 1},${now.length} @@`
  return [hunk, ...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`), ''].join('\n')
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function visibleLines(text: string | null): string {
  return (text ?? '')
    .split('\n')
    .map((line) => visible(line))
    .join('\n')
}
