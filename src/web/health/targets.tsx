import type { HealthView } from '../../api/contract.ts'
import { Link } from '../parts/link.tsx'
import { Table } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { Ago, When } from '../parts/time.tsx'
import { sentence, shown } from '../parts/words.ts'

type Seen = HealthView['targets'][number]['seen'][number]

/** Whether each target answered when it was looked at last. Those that did not come first. */
export function Targets({ targets }: Pick<HealthView, 'targets'>) {
  const seen = targets.flatMap(({ environment, seen: all }) => all.map((one) => ({ environment, one })))
  const unseen = targets.filter((one) => one.unseen.length > 0)
  return (
    <>
      {seen.length > 0 && (
        <Table label="Targets" head={['Environment', 'Target', 'State', 'What answers', 'Looked at']}>
          {[...seen.filter(({ one }) => one.failure !== null), ...seen.filter(({ one }) => one.failure === null)].map(
            ({ environment, one }) => (
              <tr key={`${environment} ${one.target}`}>
                <th scope="row">
                  <Link to={`/environments/${encodeURIComponent(environment)}`}>{environment}</Link>
                </th>
                <td>{shown(one.target)}</td>
                <td>
                  <State seen={one} />
                </td>
                <td>{one.description === null ? '–' : shown(one.description)}</td>
                <td>
                  <Ago at={one.lookedAt} />
                </td>
              </tr>
            ),
          )}
        </Table>
      )}
      {unseen.length > 0 && (
        <p className="faint">
          Not looked at since the controller started:{' '}
          {unseen.map(({ environment, unseen: names }) => `${shown(names.join(', '))} of ${environment}`).join('; ')}. A
          sync looks.
        </p>
      )}
      {seen.length === 0 && unseen.length === 0 && <p>No environment has a target: see spec.targets.</p>}
    </>
  )
}

function State({ seen: { failure, answeredAt } }: { readonly seen: Seen }) {
  if (failure === null) return <Sign tone="good">answers</Sign>
  return (
    <>
      <Sign tone="bad">fails</Sign> {sentence(failure.message)} (since <When at={failure.since} />
      {answeredAt !== null && (
        <>
          ; answered <Ago at={answeredAt} />
        </>
      )}
      )
    </>
  )
}
