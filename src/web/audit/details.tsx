import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { Link } from '../parts/link.tsx'
import { When } from '../parts/time.tsx'
import { shown } from '../parts/words.ts'

const DIGEST = /^[0-9a-f]{40,64}$/
/** Names of what is a moment, in ms: `until`, `expiresAt`. */
const MOMENT = /^until$|[a-z]At$/

/** What is told beside an entry; long digests in short, whole on hover, and nothing of what is empty. */
export function Details({ details }: { readonly details: JsonObject }) {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => (
      <span key={key} className="detail">
        <span className="faint">{shown(key)}</span> <Value of={key} value={value} />
      </span>
    ))
}

function Value({ of, value }: { readonly of: string; readonly value: Json }) {
  if (typeof value === 'string' && DIGEST.test(value)) return <code title={value}>{value.slice(0, 8)}</code>
  if (typeof value === 'string' && of === 'deployment')
    return <Link to={`/deployments/${encodeURIComponent(value)}`}>{shown(value)}</Link>
  if (typeof value === 'number' && MOMENT.test(of)) return <When at={value} />
  const { name } = isJsonObject(value) ? value : {}
  return wordOf(typeof name === 'string' ? name : value)
}

export function wordOf(value: Json | undefined): string {
  return shown(typeof value === 'string' ? value : JSON.stringify(value ?? null))
}
