import type { PlanAnswer } from '../../api/contract.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { Given } from '../parts/panel.tsx'
import { PlanDetails } from '../plan/plan.tsx'
import { Consequences } from './consequences.tsx'
import { OrderDialog } from './dialog.tsx'
import { Voids } from './voids.tsx'

/** Shows exactly what will be applied and what voids it. The approval is bound to the digest of what is shown. */
export function ApprovalDialog({ id, close }: { readonly id: string; readonly close: () => void }) {
  const path = `/v1/deployments/${encodeURIComponent(id)}`
  const asked = useAsked<PlanAnswer>(`${path}/plan`, '')
  const deployment = useAsked<Deployment>(path, '')
  const plan = asked.value?.plan ?? null
  if (plan === null)
    return asked.state === 'failed' ? <Given asked={asked}>{() => null}</Given> : <p className="faint">Loading …</p>
  const { digest, reason, environment } = plan.plan
  const isRestore = reason === 'recovery'
  return (
    <OrderDialog
      close={close}
      asking={{
        title: isRestore ? `Approve the restore ${id}` : `Approve ${id}`,
        path: `${path}/approve`,
        confirm: isRestore ? 'Approve this restore' : 'Approve this plan',
        tone: isRestore ? 'danger' : 'primary',
        reason: 'welcome',
        body: ({ reason: why }) => ({ reason: why, plan: digest }),
      }}
    >
      <p>
        {isRestore
          ? `A database of ${environment} goes back to a backup, once. Exactly this will be done, and lost:`
          : `Exactly this will be applied to ${environment}:`}
      </p>
      <Consequences plan={plan.plan} />
      <PlanDetails view={plan} />
      <Voids plan={plan.plan} expiresAt={deployment.value?.expiresAt ?? null} />
    </OrderDialog>
  )
}
