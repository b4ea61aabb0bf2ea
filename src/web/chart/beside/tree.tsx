import { isJsonObject, type Json } from '../../../core/json.ts'
import { When } from '../../parts/time.tsx'
import { shown } from '../../parts/words.ts'

/** Numbers from here on are moments: our counts stay below, our moments above. */
const MOMENT = 1e12
const BRIEF = 60

/** A value as a tree that opens piece by piece. */
export function Tree({ value }: { readonly value: Json }) {
  const parts = partsOf(value)
  if (parts === null) return <Leaf value={value} />
  if (parts.length === 0) return <span className="faint">none</span>
  return (
    <ul className="tree">
      {parts.map(([key, part]) => (
        <li key={key}>
          {partsOf(part)?.length ? (
            <details>
              <summary>
                {shown(key)} <span className="faint">{gistOf(part)}</span>
              </summary>
              <Tree value={part} />
            </details>
          ) : (
            <>
              <span className="key">{shown(key)}</span> <Tree value={part} />
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A value in one line, the whole of it behind it where it is longer. */
export function Brief({ value }: { readonly value: Json }) {
  if (partsOf(value) === null) return <Leaf value={value} />
  const text = JSON.stringify(value)
  if (text.length <= BRIEF) return <code>{shown(text)}</code>
  return (
    <details>
      <summary>{gistOf(value)}</summary>
      <Tree value={value} />
    </details>
  )
}

function Leaf({ value }: { readonly value: Json }) {
  if (value === null) return <span className="faint">none</span>
  if (typeof value === 'number' && value >= MOMENT) return <When at={value} />
  return <code>{shown(String(value))}</code>
}

function partsOf(value: Json): readonly (readonly [string, Json])[] | null {
  if (Array.isArray(value)) return value.map((part: Json, place) => [String(place + 1), part] as const)
  return isJsonObject(value) ? Object.entries(value).map(([key, part]) => [key, part ?? null] as const) : null
}

function gistOf(value: Json): string {
  const count = partsOf(value)?.length ?? 0
  if (Array.isArray(value)) return `${count} ${count === 1 ? 'entry' : 'entries'}`
  const named = isJsonObject(value)
    ? (value['kind'] ?? value['name'] ?? value['reason'] ?? value['outcome'])
    : undefined
  return typeof named === 'string' ? shown(named.slice(0, BRIEF)) : `${count} fields`
}
