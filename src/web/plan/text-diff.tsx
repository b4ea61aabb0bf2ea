import { diffLines } from 'diff'
import { useState } from 'react'
import { shown } from '../parts/words.ts'

/** Looking for the shortest diff takes this many edits at most: time grows with their square. */
const EDITS_MAX = 2_000
const SIGNS = { added: '+', removed: '-', same: ' ' } as const

/** Both sides as YAML, line by line; made when somebody asks for it. */
export function TextDiff({ before, after }: { readonly before: string | null; readonly after: string | null }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As text</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className="text-diff scrolls" tabIndex={0}>
          {linesOf(before ?? '', after ?? '').map(({ kind, text, at }) => (
            <span key={at} className={kind}>
              {SIGNS[kind]} {text}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </details>
  )
}

interface Line {
  readonly kind: keyof typeof SIGNS
  readonly text: string
  readonly at: number
}

function linesOf(before: string, after: string): readonly Line[] {
  const parts = diffLines(before, after, { maxEditLength: EDITS_MAX }) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ]
  return parts
    .flatMap(({ value, added, removed }) =>
      value
        .replace(/\n$/, '')
        .split('\n')
        .map((text) => ({
          kind: added ? ('added' as const) : removed ? ('removed' as const) : ('same' as const),
          text: shown(text),
        })),
    )
    .map((line, at) => ({ ...line, at }))
}
