import type { Deployment } from '../../core/vocabulary.ts'
import { Sign } from '../parts/state.tsx'

export function DeploymentSign({ deployment }: { readonly deployment: Deployment }) {
  const { state, outcome } = deployment
  return (
    <Sign tone={wentAsOrdered(deployment) ? 'good' : toneOf(state)}>
      {outcome === null ? state : `${state}: ${outcome}`}
    </Sign>
  )
}

/** A rollback that a person ordered begins with going back; any other one was not wanted. */
function wentAsOrdered({ state, history }: Deployment): boolean {
  return state === 'RolledBack' && history[0]?.to === 'RollingBack'
}

function toneOf(state: Deployment['state']) {
  switch (state) {
    case 'Completed':
      return 'good'
    case 'Failed':
    case 'RolledBack':
      return 'bad'
    case 'AwaitingApproval':
      return 'ask'
    case 'Pending':
      return 'idle'
    default:
      return 'busy'
  }
}
