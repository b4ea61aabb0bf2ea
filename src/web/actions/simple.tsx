import type { EnvironmentView } from '../../api/contract.ts'
import { declaredInQuarantine } from '../environment/releases-of.ts'
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
      {order === 'unhold' && <Lifted view={view} />}
    </OrderDialog>
  )
}

/** What Git declares now may be deployed again; what it does not declare stays away. */
function Lifted({ view }: { readonly view: EnvironmentView }) {
  const lifted = declaredInQuarantine(view)
  if (lifted === null) return null
  const { release, commit, reason } = lifted
  return (
    <p>
      Release <code>{short(release)}</code> of commit <code>{short(commit)}</code>, which Git declares now, may be
      deployed again; it was kept away because: {shown(reason)}
    </p>
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
        ? `What Git declares for ${name} is compared anew, and decided upon by the gates.`
        : `${name} goes on by itself: the reason given was “${shown(hold.reason)}”.`
  }
}
