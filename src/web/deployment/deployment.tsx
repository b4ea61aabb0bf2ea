import type { Deployment, Plan, PlanStep } from '../../core/vocabulary.ts'
import type { PageProps } from '../pages.ts'
import { Events } from '../parts/events.tsx'
import { Link } from '../parts/link.tsx'
import { Given, Panel, Table } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { actorWords, countWords, sentence, short, shown, span } from '../parts/words.ts'
import { useFollowed } from '../picture/use-followed.ts'
import { PlanDetails } from '../plan/plan.tsx'
import { Deeds } from './deeds.tsx'
import { Left } from './left.tsx'
import { Results } from './results.tsx'
import { DeploymentSign } from './sign.tsx'
import { Targets } from './targets.tsx'
import { Waves } from './waves.tsx'

/** One deployment: its way through the states, what it did where, what became of each resource, and its plan. */
export function DeploymentPage({ name }: PageProps) {
  const { deployment: asked, plan, events, course } = useFollowed(name)
  const steps = stepsOf(plan.value?.plan?.plan)
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
            </Link>{' '}
            <Link to={replayOf(deployment)}>Replay it</Link>
          </p>
          {deployment.error !== null && (
            <Panel title="Why it failed">
              <p>{sentence(deployment.error.message)}</p>
              <p className="faint">{deployment.error.code}</p>
            </Panel>
          )}
          {deployment.left !== undefined && (
            <Panel title="What is left">
              <Left left={deployment.left} />
            </Panel>
          )}
          <Targets deployment={deployment} plan={plan.value?.plan?.plan ?? null} course={course} />
          <div className="columns">
            <div>
              <Panel title="States">
                <States deployment={deployment} />
              </Panel>
              {plan.value?.plan != null && course !== null && (
                <Panel title="Results">
                  <Results plan={plan.value.plan.plan} course={course} />
                </Panel>
              )}
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
              <Panel title="Log">
                <Given asked={events}>{(entries) => <Events entries={entries} />}</Given>
              </Panel>
            </div>
            <div>
              <Panel title="Facts">
                <FactsOf deployment={deployment} />
              </Panel>
              {steps.length > 0 && course !== null && (
                <Panel title="Waves">
                  <Waves steps={steps} course={course} events={events.value ?? []} />
                </Panel>
              )}
            </div>
          </div>
        </>
      )}
    </Given>
  )
}

/** What goes back, by a rollback or a backup, follows no waves. */
function stepsOf(plan: Plan | undefined): readonly PlanStep[] {
  return plan === undefined || plan.reason === 'rollback' || plan.reason === 'recovery' ? [] : plan.steps
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
            <td className="long">{sentence(message)}</td>
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

function replayOf({ environment, id }: Deployment): string {
  return `/environments/${encodeURIComponent(environment)}/replay?deployment=${encodeURIComponent(id)}`
}
