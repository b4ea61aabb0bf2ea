/** Why an order is not possible now, as far as the picture tells; null when it is. The controller has the last word. */
import type { EnvironmentView } from '../../api/contract.ts'
import { declaredInQuarantine } from '../environment/releases-of.ts'

export type Order = 'sync' | 'approve' | 'reject' | 'cancel' | 'hold' | 'unhold' | 'rollback' | 'restore'

export function obstacleTo(order: Order, view: EnvironmentView): string | null {
  return STATES[order](view)
}

const isMoving = ({ state }: EnvironmentView) => state === 'Deploying' || state === 'RollingBack'
const busy = (view: EnvironmentView) => (isMoving(view) ? 'A deployment runs; wait for its end' : null)
const asked = ({ state }: EnvironmentView) => (state === 'AwaitingApproval' ? null : 'Nothing waits for approval')

const STATES: { readonly [order in Order]: (view: EnvironmentView) => string | null } = {
  sync: (view) => (view.hold === null ? busy(view) : 'It is held; lift the hold first'),
  // A hold stands against deployments; a database is put back when things went wrong.
  approve: (view) =>
    view.hold === null || view.path === 'AwaitingApproval.askedToRecover'
      ? asked(view)
      : 'It is held; lift the hold first',
  reject: asked,
  cancel: (view) =>
    view.state === 'Deploying' || view.state === 'AwaitingApproval' ? null : 'No deployment is under way',
  hold: () => null,
  unhold: (view) => (view.hold === null && declaredInQuarantine(view) === null ? 'Nothing is held' : null),
  rollback: (view) => (view.deployedRelease === null ? 'Nothing was deployed yet' : busy(view)),
  restore: (view) => {
    if (view.targets.length === 0) return 'It has no target'
    if (view.state === 'AwaitingApproval') return 'Something waits for approval already'
    return view.state === 'Unknown' ? 'It was not looked at yet' : busy(view)
  },
}
