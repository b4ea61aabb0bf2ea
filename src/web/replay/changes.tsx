import { useMemo } from 'react'
import { diffValues } from '../../core/diff/index.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { FieldChange } from '../../core/vocabulary.ts'
import { shown } from '../parts/words.ts'
import { gist, inLine, inLines, withoutOwed } from './values.ts'

/** As many fields of one thing are shown at once. */
const FEW = 4

interface Sides {
  readonly before: JsonObject
  readonly after: JsonObject
  readonly sides: readonly [string, string]
  readonly same: string
}

/** What differs between two memories, field by field. What is owed is told elsewhere: see `Owed`. */
export function Changes({ before, after, sides, same }: Sides) {
  const things = useMemo(() => thingsOf(diffValues(withoutOwed(before), withoutOwed(after))), [before, after])
  if (things.size === 0) return <p className="faint">{same}</p>
  return [...things].map(([name, within]) =>
    within.length <= FEW ? (
      <Rows key={name} fields={within} sides={sides} />
    ) : (
      <details key={name} className="memory">
        <summary>
          <strong>{shown(name)}</strong>: {within.length} fields differ
        </summary>
        <Rows fields={within} sides={sides} />
      </details>
    ),
  )
}

/** The changes by the field of the memory that they are in. */
function thingsOf(fields: readonly FieldChange[]): ReadonlyMap<string, readonly FieldChange[]> {
  const things = new Map<string, FieldChange[]>()
  for (const field of fields) {
    const name = field.pointer.split('/')[1] ?? ''
    const known = things.get(name)
    if (known === undefined) things.set(name, [field])
    else known.push(field)
  }
  return things
}

function Rows({ fields, sides }: { readonly fields: readonly FieldChange[]; readonly sides: Sides['sides'] }) {
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
