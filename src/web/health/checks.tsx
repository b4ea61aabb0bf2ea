import type { HealthView } from '../../api/contract.ts'
import { Link } from '../parts/link.tsx'
import { Table } from '../parts/panel.tsx'
import { Sign } from '../parts/state.tsx'
import { Ago } from '../parts/time.tsx'
import { shown, span } from '../parts/words.ts'

/** What the steps of topologies checked, and the checks of the configuration, which are not made yet. */
export function Checks({ checked, configured }: Pick<HealthView, 'checked' | 'configured'>) {
  return (
    <>
      {checked.length === 0 ? (
        <p>No deployment made any: steps of a topology make them.</p>
      ) : (
        <Table label="Checks of topologies" head={['Environment', 'Result', 'Deployment', 'When']}>
          {checked.map(({ environment, deployment, at, passed, failed }) => (
            <tr key={environment}>
              <th scope="row">{environment}</th>
              <td>
                <Sign tone={failed.length === 0 ? 'good' : 'bad'}>
                  {failed.length === 0 ? `${passed} passed` : `${failed.length} failed, ${passed} passed`}
                </Sign>
                {failed.map(({ target, name, message }) => (
                  <div key={`${target} ${name}`}>
                    {shown(name)} on {shown(target)}: {shown(message)}
                  </div>
                ))}
              </td>
              <td>
                <Link to={`/deployments/${encodeURIComponent(deployment)}`}>{deployment}</Link>
              </td>
              <td>
                <Ago at={at} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {configured.length > 0 && (
        <p className="faint">
          spec.health.checks is accepted and not active yet:{' '}
          {configured.map(({ type, intervalMs }) => `${shown(type)} every ${span(intervalMs)}`).join(', ')}. What is
          shown on this page does not need them.
        </p>
      )}
    </>
  )
}
