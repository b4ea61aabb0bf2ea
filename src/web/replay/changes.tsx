import { useMemo } from 'react'
import { diffValues } from '../../core/diff/index.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { shown } from '../parts/words.ts'
import { gist, inLine, inLines, withoutOwed } from './values.ts'

interface Sides {
  readonly before: JsonObject
  readonly after: JsonObject
  readonly sides: readonly [string, string]
  readonly same: string
}

/** What differs between two memories, field by field. What is owed is told elsewhere: see `Owed`. */
export function Changes({ before, after, sides, same }: Sides) {
  const fields = useMemo(() => diffValues(withoutOwed(before), withoutOwed(after)), [before, after])
  if (fields.length === 0) return <p className="faint">{same}</p>
  return (
    <dl className="memory">
      {fields.map(({ pointer, before: old, after: now }) => (
        <div key={pointer}>
          <dt>{wayTo(pointer)}</dt>
          <dd>
            <span className="faint">{sides[0]}</span>
            <del>
              <Value pointer={pointer} value={old} />
            </del>
          </dd>
          <dd>
            <span className="faint">{sides[1]}</span>
            <ins>
              <Value pointer={pointer} value={now} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** `hold › until` for `/hold/until`. */
function wayTo(pointer: string): string {
  const names = pointer.split('/').slice(1)
  return names.map((name) => shown(name.replaceAll('~1', '/').replaceAll('~0', '~'))).join(' › ')
}

function Value({ pointer, value }: { readonly pointer: string; readonly value: Json | undefined }) {
  if (value === undefined) return 'absent'
  if (value === null) return 'none'
  const brief = gist(value, pointer)
  if (typeof value === 'object' && brief !== 'empty')
    return (
      <details>
        <summary>{brief}</summary>
        <Code value={value} />
      </details>
    )
  return brief === value ? brief : <span title={inLine(value)}>{brief}</span>
}

export function Code({ value }: { readonly value: Json }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre className="scrolls bounded" tabIndex={0}>
      {inLines(value)}
    </pre>
  )
}
