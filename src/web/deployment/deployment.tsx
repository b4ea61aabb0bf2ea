import type { PlanAnswer } from '../../api/contract.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useEnvironment } from '../live/use-live.ts'
import type { PageProps } from '../pages.ts'
import { Link } from '../parts/link.tsx'
import { Given, Panel, Table } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { actorWords, countWords, sentence, short, shown, span } from '../parts/words.ts'
import { PlanDetails } from '../plan/plan.tsx'
import { Deeds } from './deeds.tsx'
import { DeploymentSign } from './sign.tsx'
import { Waves } from './waves.tsx'

/** One deployment: its way through the states, what it did, and its plan. */
export function DeploymentPage({ name }: PageProps) {
  const path = `/v1/deployments/${encodeURIComponent(name)}`
  const environment = useEnvironment(name.replace(/-\d{8}-\d{6}(?:-\d+)?$/, ''))
  const version = `${environment?.path} ${environment?.deployedAt}`
  const asked = useAsked<Deployment>(path, version)
  const plan = useAsked<PlanAnswer>(`${path}/plan`, '')
  return (
    <Given asked={asked}>
      {(deployment) => (
        <>
          <div className="heading">
            <h1>{deployment.id}</h1>
            <DeploymentSign deployment={deployment} />
          </div>
          <p>
            <Link to={`/environments/${encodeURIComponent(deployment.environment)}`}>
              Back to {deployment.environment}
              {deployment.state === 'AwaitingApproval' && ', to approve or reject it'}
            </Link>
          </p>
          {deployment.error !== null && (
            <Panel title="Why it failed">
              <p>{sentence(deployment.error.message)}</p>
              <p className="faint">{deployment.error.code}</p>
            </Panel>
          )}
          <div className="columns">
            <div>
              <Panel title="States">
                <States deployment={deployment} />
              </Panel>
              {(deployment.deeds ?? []).length > 0 && (
                <Panel title="Steps">
                  <Deeds deeds={deployment.deeds ?? []} />
                </Panel>
              )}
              <Panel title="Plan">
                <Given asked={plan}>
                  {(answer) =>
                    answer.plan === null ? <p>The plan is no longer kept.</p> : <PlanDetails view={answer.plan} />
                  }
                </Given>
              </Panel>
            </div>
            <div>
              <Panel title="Facts">
                <FactsOf deployment={deployment} />
              </Panel>
              {plan.value?.plan != null && (
                <Panel title="Waves">
                  <Waves steps={plan.value.plan.plan.steps} />
                </Panel>
              )}
            </div>
          </div>
        </>
      )}
    </Given>
  )
}

/** Each state with how long it took: a state ends where the next one begins. */
function States({ deployment }: { readonly deployment: Deployment }) {
  const { history } = deployment
  return (
    <Table label="States" head={['State', 'From', 'Took', 'Because']}>
      {history.map(({ to, at, message }, position) => {
        const next = history[position + 1]
        return (
          <tr key={`${to} ${at}`}>
            <th scope="row">{to}</th>
            <td>
              <When at={at} />
            </td>
            <td>{next === undefined ? '' : span(next.at - at)}</td>
            <td>{sentence(message)}</td>
          </tr>
        )
      })}
    </Table>
  )
}

function FactsOf({ deployment: one }: { readonly deployment: Deployment }) {
  return (
    <dl className="facts">
      <dt>Changes</dt>
      <dd>
        {countWords(one.plan)}; risk {one.plan.risk}
      </dd>
      <dt>Commit</dt>
      <dd>
        <code>{short(one.commit)}</code>
      </dd>
      <dt>Release</dt>
      <dd>
        <code>{short(one.release)}</code>
      </dd>
      <dt>Begun by</dt>
      <dd>{actorWords(one.initiatedBy)}</dd>
      <dt>Approved by</dt>
      <dd>{one.approvedBy === null ? 'nobody' : actorWords(one.approvedBy)}</dd>
      <dt>Started</dt>
      <dd>
        <When at={one.startedAt} />
      </dd>
      <dt>Ended</dt>
      <dd>
        {one.completedAt === null ? 'not yet' : <When at={one.completedAt} />}
        {one.completedAt !== null && `, after ${span(one.completedAt - one.startedAt)}`}
      </dd>
      {one.expiresAt !== null && one.state === 'AwaitingApproval' && (
        <>
          <dt>Lapses</dt>
          <dd>
            <When at={one.expiresAt} />
          </dd>
        </>
      )}
      <dt>Backup</dt>
      <dd>{one.backup === null ? 'none made' : <code title={shown(one.backup)}>{short(one.backup)}</code>}</dd>
    </dl>
  )
}
