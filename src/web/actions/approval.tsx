import type { PlanAnswer, PlanView } from '../../api/contract.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { useEnvironment } from '../live/use-live.ts'
import { Given } from '../parts/panel.tsx'
import { actorWords, sentence } from '../parts/words.ts'
import { PlanDetails } from '../plan/plan.tsx'
import { Consequences } from './consequences.tsx'
import { OrderDialog } from './dialog.tsx'
import { Voids } from './voids.tsx'

/** Shows exactly what will be applied and what voids it, and says so once it is void. The approval is bound to the digest of what is shown. */
export function ApprovalDialog(props: {
  readonly id: string
  readonly environment: string
  readonly close: () => void
}) {
  const { id, environment, close } = props
  const now = useEnvironment(environment)
  const stands = now?.state === 'AwaitingApproval' && now.deployment === id
  const path = `/v1/deployments/${encodeURIComponent(id)}`
  const asked = useAsked<PlanAnswer>(`${path}/plan`, '')
  const deployment = useAsked<Deployment>(path, String(stands)).value
  const plan = asked.value?.plan ?? null
  const isRestore = plan?.plan.reason === 'recovery'
  return (
    <OrderDialog
      close={close}
      asking={{
        title: isRestore ? `Approve the restore ${id}` : `Approve ${id}`,
        path: `${path}/approve`,
        confirm: isRestore ? 'Approve this restore' : 'Approve this plan',
        tone: isRestore ? 'danger' : 'primary',
        reason: 'welcome',
        isReady: plan !== null && stands,
        body: ({ reason }) => ({ reason, plan: plan?.plan.digest }),
      }}
    >
      <p className="over" role="alert">
        {!stands && `${overWords(deployment)} Nothing can be approved here any more: leave it, and see what waits now.`}
      </p>
      <Given asked={asked}>
        {(answer) =>
          answer.plan === null ? (
            <p>The plan is no longer kept.</p>
          ) : (
            <Asked plan={answer.plan} expiresAt={deployment?.expiresAt ?? null} />
          )
        }
      </Given>
    </OrderDialog>
  )
}

function Asked({ plan, expiresAt }: { readonly plan: PlanView; readonly expiresAt: Deployment['expiresAt'] }) {
  const { environment, reason } = plan.plan
  return (
    <>
      <p>
        {reason === 'recovery'
          ? `A database of ${environment} goes back to a backup, once. Exactly this will be done, and lost:`
          : `Exactly this will be applied to ${environment}:`}
      </p>
      <Consequences plan={plan.plan} />
      <PlanDetails view={plan} />
      <Voids plan={plan.plan} expiresAt={expiresAt} />
    </>
  )
}

/** What became of a request while somebody looked at it. */
function overWords(deployment: Deployment | null): string {
  if (deployment?.error != null) return `${sentence(deployment.error.message)}.`
  if (deployment?.approvedBy != null) return `${actorWords(deployment.approvedBy)} approved it already.`
  return 'It no longer waits for approval.'
}
