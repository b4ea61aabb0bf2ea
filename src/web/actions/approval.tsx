import type { PlanAnswer } from '../../api/contract.ts'
import type { Deployment } from '../../core/vocabulary.ts'
import { useAsked } from '../browser/use-asked.ts'
import { Given } from '../parts/panel.tsx'
import { When } from '../parts/time.tsx'
import { PlanDetails } from '../plan/plan.tsx'
import { OrderDialog } from './dialog.tsx'

/** Shows exactly what will be applied and what voids it. The approval is bound to the digest of what is shown. */
export function ApprovalDialog({ id, close }: { readonly id: string; readonly close: () => void }) {
  const path = `/v1/deployments/${encodeURIComponent(id)}`
  const asked = useAsked<PlanAnswer>(`${path}/plan`, '')
  const deployment = useAsked<Deployment>(path, '')
  const plan = asked.value?.plan ?? null
  if (plan === null)
    return asked.state === 'failed' ? <Given asked={asked}>{() => null}</Given> : <p className="faint">Loading …</p>
  const { digest } = plan.plan
  const expiresAt = deployment.value?.expiresAt ?? null
  return (
    <OrderDialog
      close={close}
      asking={{
        title: `Approve ${id}`,
        path: `${path}/approve`,
        confirm: 'Approve this plan',
        tone: 'primary',
        reason: 'welcome',
        body: ({ reason }) => ({ reason, plan: digest }),
      }}
    >
      <p>Exactly this will be applied to {plan.plan.environment}:</p>
      <PlanDetails view={plan} />
      <p>
        Your approval counts for this plan alone. It is void as soon as a newer commit touches the environment, anything
        live changes, or the rules of the environment change
        {expiresAt !== null && (
          <>
            ; and the request lapses on <When at={expiresAt} />
          </>
        )}
        .
      </p>
    </OrderDialog>
  )
}
