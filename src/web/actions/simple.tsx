import type { EnvironmentView } from '../../api/contract.ts'
import { short, shown } from '../parts/words.ts'
import { type Asking, OrderDialog } from './dialog.tsx'

/** Orders that ask for nothing but a reason. */
export type SimpleOrder = 'sync' | 'reject' | 'cancel' | 'unhold'

export function SimpleDialog(props: {
  readonly order: SimpleOrder
  readonly view: EnvironmentView
  readonly close: () => void
}) {
  const { order, view, close } = props
  return (
    <OrderDialog asking={askingOf(order, view)} close={close}>
      <p>{meaningOf(order, view)}</p>
      {order === 'unhold' && view.quarantine.length > 0 && (
        <>
          <p>These releases may be deployed again:</p>
          <ul>
            {view.quarantine.map(({ release, commit, reason }) => (
              <li key={`${release} ${commit}`}>
                <code>{short(release)}</code> of commit <code>{short(commit)}</code>: {shown(reason)}
              </li>
            ))}
          </ul>
        </>
      )}
    </OrderDialog>
  )
}

function askingOf(order: SimpleOrder, { name, deployment }: EnvironmentView): Asking {
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
    case 'unhold':
      return {
        title: `Lift the hold of ${name}`,
        path: `${environment}/unhold`,
        confirm: 'Lift it',
        tone: 'primary',
        reason: 'welcome',
        body: reasonOnly,
      }
  }
}

function meaningOf(order: SimpleOrder, { name, deployment, hold }: EnvironmentView): string {
  switch (order) {
    case 'sync':
      return `Git is asked, and what is live in ${name} is compared with what is declared. What follows is decided by the gates, as ever.`
    case 'reject':
      return `Nothing of ${deployment ?? 'it'} is applied. ${name} waits for a newer commit, or for a sync.`
    case 'cancel':
      return `${deployment ?? 'The deployment'} ends. What it wrote already is taken back.`
    case 'unhold':
      return hold === null
        ? 'No release stays in quarantine.'
        : `${name} goes on by itself: the reason given was “${shown(hold.reason)}”.`
  }
}
