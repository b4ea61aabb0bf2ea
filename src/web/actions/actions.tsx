import { useState } from 'react'
import type { EnvironmentView } from '../../api/contract.ts'
import { useMissing } from '../shell/who.ts'
import { ApprovalDialog } from './approval.tsx'
import { HoldDialog } from './hold.tsx'
import { type Order, obstacleTo } from './obstacles.ts'
import { RestoreDialog } from './restore.tsx'
import { RollbackDialog } from './rollback.tsx'
import { SimpleDialog } from './simple.tsx'

const LABELS: { readonly [order in Order]: string } = {
  approve: 'Approve …',
  reject: 'Reject …',
  sync: 'Sync …',
  cancel: 'Cancel …',
  hold: 'Hold …',
  unhold: 'Lift the hold …',
  rollback: 'Roll back …',
  restore: 'Restore …',
}
const ORDERS = [
  'approve',
  'reject',
  'sync',
  'cancel',
  'hold',
  'unhold',
  'rollback',
  'restore',
] as const satisfies readonly Order[]

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
  switch (order) {
    case 'approve':
      return <ApprovalDialog id={view.deployment ?? ''} environment={view.name} close={close} />
    case 'hold':
      return <HoldDialog view={view} close={close} />
    case 'rollback':
      return <RollbackDialog view={view} to={null} close={close} />
    case 'restore':
      return <RestoreDialog view={view} close={close} />
    default:
      return <SimpleDialog order={order} view={view} close={close} />
  }
}
