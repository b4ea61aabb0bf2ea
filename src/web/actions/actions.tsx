import { useState } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { shown } from '../parts/words.ts'
import { useMissing } from '../shell/who.ts'
import { ApprovalDialog } from './approval.tsx'
import { type Asking, OrderDialog } from './dialog.tsx'
import { type Order, obstacleTo } from './obstacles.ts'

const LABELS: { readonly [order in Order]: string } = {
  approve: 'Approve …',
  reject: 'Reject …',
  sync: 'Sync …',
  cancel: 'Cancel …',
  hold: 'Hold …',
  unhold: 'Lift the hold …',
  rollback: 'Roll back …',
}
const ORDERS = ['approve', 'reject', 'sync', 'cancel', 'hold', 'unhold', 'rollback'] as const satisfies readonly Order[]

/** What can be ordered of an environment. What is not possible says why. */
export function Actions({ view }: { readonly view: EnvironmentView }) {
  const missing = useMissing()
  // The view of the moment at which the dialog was opened: what somebody reads in it must not change under the finger that confirms.
  const [open, setOpen] = useState<{ readonly order: Order; readonly view: EnvironmentView } | null>(null)
  return (
    <>
      {missing !== null && <p className="faint">{missing.remedy}</p>}
      <ul className="actions">
        {ORDERS.map((order) => {
          const obstacle = missing?.what ?? obstacleTo(order, view)
          return (
            <li key={order}>
              <button
                type="button"
                className={order === 'approve' && obstacle === null ? 'primary' : ''}
                aria-disabled={obstacle !== null}
                aria-describedby={obstacle === null ? undefined : `why-not-${order}`}
                onClick={() => obstacle === null && setOpen({ order, view })}
              >
                {LABELS[order]}
              </button>
              {obstacle !== null && (
                <span id={`why-not-${order}`} className="faint why-not">
                  {obstacle}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {open !== null && <Dialog order={open.order} view={open.view} close={() => setOpen(null)} />}
    </>
  )
}

function Dialog(props: { readonly order: Order; readonly view: EnvironmentView; readonly close: () => void }) {
  const { order, view, close } = props
  if (order === 'approve') return <ApprovalDialog id={view.deployment ?? ''} close={close} />
  return (
    <OrderDialog asking={askingOf(order, view)} close={close}>
      <p>{meaningOf(order, view)}</p>
    </OrderDialog>
  )
}

function askingOf(order: Exclude<Order, 'approve'>, { name, deployment }: EnvironmentView): Asking {
  const environment = `/v1/environments/${encodeURIComponent(name)}`
  const attempt = `/v1/deployments/${encodeURIComponent(deployment ?? '')}`
  const reasonOnly = ({ reason }: { readonly reason: string }) => ({ reason })
  switch (order) {
    case 'sync':
      return {
        title: `Sync ${name}`,
        path: `${environment}/sync`,
        confirm: 'Compare now',
        tone: 'primary',
        reason: 'none',
        body: () => ({}),
      }
    case 'reject':
      return {
        title: `Reject ${deployment ?? ''}`,
        path: `${attempt}/reject`,
        confirm: 'Reject',
        tone: 'danger',
        reason: 'needed',
        body: reasonOnly,
      }
    case 'cancel':
      return {
        title: `Cancel ${deployment ?? ''}`,
        path: `${attempt}/cancel`,
        confirm: 'Cancel the deployment',
        tone: 'danger',
        reason: 'welcome',
        body: reasonOnly,
      }
    case 'hold':
      return {
        title: `Hold ${name}`,
        path: `${environment}/hold`,
        confirm: 'Hold',
        tone: 'primary',
        reason: 'needed',
        body: ({ reason }) => ({ reason, until: null }),
      }
    case 'unhold':
      return {
        title: `Lift the hold of ${name}`,
        path: `${environment}/unhold`,
        confirm: 'Lift it',
        tone: 'primary',
        reason: 'welcome',
        body: reasonOnly,
      }
    case 'rollback':
      return {
        title: `Roll back ${name}`,
        path: `${environment}/rollback`,
        confirm: 'Roll back',
        tone: 'danger',
        reason: 'needed',
        field: {
          label: 'To',
          hint: 'A deployment id, or at least 7 characters of a commit; empty: the release deployed before this one.',
        },
        body: ({ reason, field }) => ({ reason, to: field === '' ? null : field }),
      }
  }
}

function meaningOf(order: Exclude<Order, 'approve'>, { name, deployment, hold }: EnvironmentView): string {
  switch (order) {
    case 'sync':
      return `Git is asked, and what is live in ${name} is compared with what is declared. What follows is decided by the gates, as ever.`
    case 'reject':
      return `Nothing of ${deployment ?? 'it'} is applied. ${name} waits for a newer commit, or for a sync.`
    case 'cancel':
      return `${deployment ?? 'The deployment'} ends. What it wrote already is taken back.`
    case 'hold':
      return `Nothing is deployed to ${name} until the hold is lifted. Looking goes on. A deployment that runs is not stopped.`
    case 'unhold':
      return hold === null
        ? 'Releases in quarantine may be deployed again.'
        : `${name} goes on by itself: the reason given was “${shown(hold.reason)}”.`
    case 'rollback':
      return `An earlier release is applied to ${name} from the controller’s own store, whatever Git declares; ${name} is held afterwards, and the release it has now is put in quarantine.`
  }
}
