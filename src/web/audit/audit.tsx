import { useState } from 'react'
import type { AuditView } from '../../api/contract.ts'
import { useAskedLines } from '../browser/use-asked.ts'
import { useSlowed } from '../browser/use-slowed.ts'
import { useLive } from '../live/use-live.ts'
import { Link } from '../parts/link.tsx'
import { Given, Panel, Table } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { shown } from '../parts/words.ts'
import { Details, wordOf } from './details.tsx'

const SHOWN = 200
const RENEW_MS = 1_000
const ENVIRONMENT = /^environment\/(.+)$/

/** Who did what, newest first. Each entry is chained to the one before by its hash. */
export function AuditPage() {
  /** Entries before this one are shown; null: the newest, as they come. */
  const [before, setBefore] = useState<number | null>(null)
  const newest = useSlowed(
    useLive(({ events }) => `${events[0]?.stream} ${events[0]?.sequence}`),
    RENEW_MS,
  )
  const asked = useAskedLines<AuditView>(
    before === null ? `/v1/audit?last=${SHOWN}` : `/v1/audit?from=${Math.max(1, before - SHOWN)}&to=${before - 1}`,
    before === null ? newest : '',
  )
  return (
    <>
      <h1>Audit</h1>
      <Panel title={before === null ? 'Newest entries' : `Entries before ${before}`}>
        <Given asked={asked}>
          {(entries) =>
            entries.length === 0 ? <p>Nothing is recorded yet.</p> : <Entries entries={entries.toReversed()} />
          }
        </Given>
        <div className="buttons">
          <button type="button" aria-disabled={before === null} onClick={() => setBefore(null)}>
            Newest
          </button>
          <Earlier first={asked.value?.[0]?.sequence ?? 1} show={setBefore} />
        </div>
        <p className="faint">Check the whole chain with: honua audit verify</p>
      </Panel>
    </>
  )
}

function Earlier({ first, show }: { readonly first: number; readonly show: (before: number) => void }) {
  return (
    <button type="button" aria-disabled={first <= 1} onClick={() => first > 1 && show(first)}>
      Earlier
    </button>
  )
}

function Entries({ entries }: { readonly entries: readonly AuditView[] }) {
  return (
    <Table label="Audit log" head={['No.', 'When', 'Who', 'Did', 'To', 'Details', 'Hash']}>
      {entries.map(({ sequence, at, stream, actor, action, details, hash }) => (
        <tr key={sequence}>
          <th scope="row">{sequence}</th>
          <td className="moment">
            <When at={at} />
          </td>
          <td>{wordOf(actor['name'])}</td>
          <td>{shown(action)}</td>
          <td>
            <Whom stream={stream} />
          </td>
          <td className="long">
            <Details details={details} />
          </td>
          <td>
            <code title={hash}>{hash.slice(0, 8)}</code>
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Whom({ stream }: { readonly stream: string }) {
  const name = ENVIRONMENT.exec(stream)?.[1]
  return name === undefined ? (
    shown(stream)
  ) : (
    <Link to={`/environments/${encodeURIComponent(name)}`}>{shown(stream)}</Link>
  )
}
