import type { DeploymentList, EnvironmentView } from '../../api/contract.ts'
import { useAsked } from '../browser/use-asked.ts'
import { DeploymentSign } from '../deployment/sign.tsx'
import { Link } from '../parts/link.tsx'
import { Given, Panel, Table } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { actorWords, countWords, short } from '../parts/words.ts'

/** The newest deployments; completed ones are the releases that a rollback can go to. */
export function Deployments({ view }: { readonly view: EnvironmentView }) {
  const asked = useAsked<DeploymentList>(
    `/v1/environments/${encodeURIComponent(view.name)}/history`,
    `${view.path} ${view.deployment} ${view.deployedRelease} ${view.deployedAt}`,
  )
  return (
    <Panel title="Deployments">
      <Given asked={asked}>
        {({ deployments }) =>
          deployments.length === 0 ? (
            <p>None yet. The first one follows when a plan passes the gates.</p>
          ) : (
            <Table
              label={`Deployments of ${view.name}`}
              head={['Deployment', 'State', 'Commit', 'Changes', 'Started', 'Begun by']}
            >
              {deployments.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <Link to={`/deployments/${encodeURIComponent(one.id)}`}>{one.id}</Link>
                  </th>
                  <td>
                    <DeploymentSign deployment={one} />
                    {one.release === view.deployedRelease && one.state === 'Completed' && ' deployed now'}
                  </td>
                  <td>
                    <code>{short(one.commit)}</code>
                  </td>
                  <td>{countWords(one.plan)}</td>
                  <td>
                    <When at={one.startedAt} />
                  </td>
                  <td>
                    {actorWords(one.initiatedBy)}
                    {one.approvedBy !== null && `, approved by ${actorWords(one.approvedBy)}`}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Given>
    </Panel>
  )
}
