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

/** Unified diffs, one after the other, as `diff -u` and reviewers' tools read them. Every line is made visible. */
export function renderUnifiedDiff(changes: readonly DocumentChange[]): string {
  return changes.map(patchOf).join('')
}

function patchOf({ target, key, path, before, after }: DocumentChange): string {
  const live = before === null ? '/dev/null' : `live/${target}/${key}`
  const desired = after === null ? '/dev/null' : `desired/${path ?? key}`
  const patch = createTwoFilesPatch(live, desired, visibleLines(before), visibleLines(after), undefined, undefined, {
    context: 3,
  })
  return patch.replace(/^=+\n/, '')
}

function visibleLines(text: string | null): string {
  return (text ?? '')
    .split('\n')
    .map((line) => visible(line))
    .join('\n')
}
