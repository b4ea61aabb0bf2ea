import type { AuditView } from '../../api/contract.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { useAskedLines } from '../browser/use-asked.ts'
import { useLive } from '../live/use-live.ts'
import { Given, Panel, Table } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { shown } from '../parts/words.ts'

const SHOWN = 200
const DIGEST = /^[0-9a-f]{40,64}$/

/** Who did what, newest first. Each entry is chained to the one before by its hash. */
export function AuditPage() {
  const newest = useLive(({ events }) => `${events[0]?.stream} ${events[0]?.sequence}`)
  const asked = useAskedLines<AuditView>(`/v1/audit?last=${SHOWN}`, newest)
  return (
    <>
      <h1>Audit</h1>
      <Panel title={`The newest ${SHOWN} entries`}>
        <Given asked={asked}>
          {(entries) =>
            entries.length === 0 ? (
              <p>Nothing is recorded yet.</p>
            ) : (
              <Table label="Audit log" head={['No.', 'When', 'Who', 'Did', 'To', 'Details', 'Hash']}>
                {entries.toReversed().map(({ sequence, at, stream, actor, action, details, hash }) => (
                  <tr key={sequence}>
                    <th scope="row">{sequence}</th>
                    <td>
                      <When at={at} />
                    </td>
                    <td>{wordOf(actor['name'])}</td>
                    <td>{shown(action)}</td>
                    <td>{shown(stream)}</td>
                    <td>
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
        </Given>
        <p className="faint">Check the whole chain with: honua audit verify</p>
      </Panel>
    </>
  )
}

/** What is told beside; long digests in short, whole on hover, and nothing of what is empty. */
function Details({ details }: { readonly details: JsonObject }) {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => (
      <span key={key} className="detail">
        <span className="faint">{shown(key)}</span> <Value value={value} />
      </span>
    ))
}

function Value({ value }: { readonly value: Json }) {
  if (typeof value === 'string' && DIGEST.test(value)) return <code title={value}>{value.slice(0, 8)}</code>
  const { name } = isJsonObject(value) ? value : {}
  return wordOf(typeof name === 'string' ? name : value)
}

function wordOf(value: Json | undefined): string {
  return shown(typeof value === 'string' ? value : JSON.stringify(value ?? null))
}
