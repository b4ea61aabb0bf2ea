import type { Deployment } from '../../core/vocabulary.ts'
import { Sign } from '../parts/state.tsx'

export function DeploymentSign({ deployment }: { readonly deployment: Pick<Deployment, 'state' | 'outcome'> }) {
  const { state, outcome } = deployment
  return <Sign tone={toneOf(state)}>{outcome === null ? state : `${state}: ${outcome}`}</Sign>
}

export function toneOf(state: Deployment['state']) {
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
