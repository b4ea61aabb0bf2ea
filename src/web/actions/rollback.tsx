import { useEffect, useState } from 'react'
import type { DeploymentList, EnvironmentView, PlanAnswer, RollbackPlanBody } from '../../api/contract.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import { order } from '../browser/call.ts'
import { type Asked, useAsked } from '../browser/use-asked.ts'
import { releasesOf } from '../environment/releases-of.ts'
import { Given } from '../parts/panel.tsx'
import { dateTime, short } from '../parts/words.ts'
import { PlanDetails } from '../plan/plan.tsx'
import { OrderDialog } from './dialog.tsx'

/** Goes back to a release that was deployed before, and shows exactly what that would change now. The order is bound to what is shown. */
export function RollbackDialog(props: {
  readonly view: EnvironmentView
  /** The deployment whose release is meant; null: the one before the present one. */
  readonly to: string | null
  readonly close: () => void
}) {
  const { view, close } = props
  const environment = `/v1/environments/${encodeURIComponent(view.name)}`
  const [chosen, setChosen] = useState(props.to)
  const history = useAsked<DeploymentList>(`${environment}/history?limit=200`, '')
  const planned = useRollbackPlan(environment, chosen)
  const plan = planned.value?.plan ?? null
  return (
    <OrderDialog
      close={close}
      asking={{
        title: `Roll back ${view.name}`,
        path: `${environment}/rollback`,
        confirm: 'Roll back',
        tone: 'danger',
        reason: 'needed',
        isReady: plan !== null && planned.state === 'there',
        body: ({ reason }) => ({ reason, to: chosen, plan: plan?.plan.digest ?? null }),
      }}
    >
      <p>
        An earlier release is applied to {view.name} from the controller’s own store, whatever Git declares. {view.name}{' '}
        is held afterwards, and the release it has now is put in quarantine.
      </p>
      <label>
        To
        <select value={chosen ?? ''} onChange={({ target }) => setChosen(target.value === '' ? null : target.value)}>
          <option value="">the release deployed before the present one</option>
          {releasesOf(history.value?.deployments ?? [], view).map(({ deployment, quarantine, isNow }) => (
            <option key={deployment.id} value={deployment.id} disabled={isNow}>
              {optionWords(deployment)}
              {isNow && ' (deployed now)'}
              {quarantine !== null && ' (in quarantine)'}
            </option>
          ))}
        </select>
      </label>
      <h3>Exactly this would be applied</h3>
      <div className="preview">
        <Given asked={planned}>{(answer) => (answer.plan === null ? null : <PlanDetails view={answer.plan} />)}</Given>
      </div>
      <p>The order counts for this alone: where anything live has changed by then, it is refused.</p>
    </OrderDialog>
  )
}

function optionWords({ release, commit, startedAt }: Deployment): string {
  return `release ${short(release)} of commit ${short(commit)}, ${dateTime(startedAt)}`
}

/** What going back would do, looked at now. */
function useRollbackPlan(environment: string, to: string | null): Asked<PlanAnswer> {
  const [answer, setAnswer] = useState<{ readonly to: string | null; readonly asked: Asked<PlanAnswer> } | null>(null)
  useEffect(() => {
    let isLeft = false
    const tell = (asked: Asked<PlanAnswer>) => {
      if (!isLeft) setAnswer({ to, asked })
    }
    order<PlanAnswer>(`${environment}/rollback/plan`, { to } satisfies RollbackPlanBody).then(
      (value) => tell({ state: 'there', value }),
      (error: unknown) => tell({ state: 'failed', value: null, error }),
    )
    return () => {
      isLeft = true
    }
  }, [environment, to])
  return answer !== null && answer.to === to ? answer.asked : { state: 'asking', value: null }
}
