import { planErrors } from './errors/plan.ts'
import type { Deployment, DeploymentState, Instant } from './vocabulary.ts'

/**
 * The moves a deployment record may make, written once. Honua names the usual path and Failed → RollingBack → RolledBack; that every
 * step may fail, that an answered, expired or void request fails, that a person's rollback starts from Pending, that a rollback itself
 * may fail and that an approved recovery goes from its request to RollingBack, is ours: Honua leaves those open.
 */
export const allowedMoves: { readonly [from in DeploymentState]: readonly DeploymentState[] } = {
  Pending: ['Validating', 'RollingBack', 'Failed'],
  Validating: ['Planning', 'Failed'],
  Planning: ['AwaitingApproval', 'BackingUp', 'Failed'],
  AwaitingApproval: ['BackingUp', 'RollingBack', 'Failed'],
  BackingUp: ['Applying', 'Failed'],
  Applying: ['PostValidating', 'Failed'],
  PostValidating: ['Completed', 'Failed'],
  Completed: [],
  Failed: ['RollingBack'],
  RollingBack: ['RolledBack', 'Failed'],
  RolledBack: [],
}

/** Moves a record on and writes its history. Throws HONUA_DEPLOYMENT_MOVE_ILLEGAL when the table does not allow it. */
export function moveDeployment(deployment: Deployment, to: DeploymentState, at: Instant, message: string): Deployment {
  const from = deployment.state
  if (!allowedMoves[from].includes(to)) throw planErrors.moveIllegal({ deployment: deployment.id, from, to })
  const isEnd = to === 'Completed' || to === 'Failed' || to === 'RolledBack'
  return {
    ...deployment,
    state: to,
    updatedAt: at,
    completedAt: isEnd ? at : null,
    history: [...deployment.history, { from, to, at, message }],
  }
}
