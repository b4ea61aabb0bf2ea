import type { DeploymentState } from '../vocabulary.ts'
import { HonuaError } from './honua-error.ts'

/** What can go wrong in decisions on data: always a fault of the caller. */
export const planErrors = {
  moveIllegal: (p: { deployment: string; from: DeploymentState; to: DeploymentState }) =>
    new HonuaError(
      'HONUA_DEPLOYMENT_MOVE_ILLEGAL',
      'never',
      `deployment ${p.deployment} cannot go from ${p.from} to ${p.to}`,
      'please report this with the journal of the environment: honua replay --export FILE',
    ),
} as const
