import type { JournalView } from '../../api/contract.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { When } from './time.tsx'
import { sentence, shown } from './words.ts'

/** Entries of a journal, newest first; what an event carries is behind it. */
export function Events({ entries }: { readonly entries: readonly JournalView[] }) {
  if (entries.length === 0) return <p>Nothing happened yet.</p>
  return (
    <ol className="timeline">
      {entries.toReversed().map(({ sequence, at, event }) => (
        <li key={sequence}>
          <span className="faint">
            <When at={at} />
          </span>
          <details>
            <summary>
              <strong>{typeof event['type'] === 'string' ? event['type'] : 'event'}</strong> {gist(event)}
            </summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre className="scrolls" tabIndex={0}>
              {linesOf(event)}
            </pre>
          </details>
        </li>
      ))}
    </ol>
  )
}

/** The part of an event that people look for first. */
function gist(event: JsonObject): string {
  const { reason, message, by, deployment } = event
  const inner = (key: string): JsonObject => {
    const value = event[key]
    return value !== undefined && isJsonObject(value) ? value : {}
  }
  const { outcome, reason: because } = inner('decision')
  const commit = event['commit'] ?? inner('head')['commit'] ?? inner('plan')['commit']
  const parts = [
    deployment,
    typeof commit === 'string' ? commit.slice(0, 8) : undefined,
    outcome,
    because,
    reason,
    message,
  ]
  const told = parts.filter((one) => typeof one === 'string' && one !== '').map((one) => sentence(String(one)))
  const { name } = by !== undefined && isJsonObject(by) ? by : {}
  return [...told, ...(typeof name === 'string' && name !== '' ? [`by ${shown(name)}`] : [])].join(' · ')
}

function linesOf(event: object): string {
  return JSON.stringify(event, null, 2)
    .split('\n')
    .map((line) => shown(line))
    .join('\n')
}
