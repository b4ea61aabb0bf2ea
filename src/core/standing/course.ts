import type { JsonObject } from '../json.ts'
import type { Deployment, DeploymentState } from '../vocabulary.ts'

/** How far a deployment came, as its record and its events tell. */
export interface Course {
  readonly deployment: Pick<Deployment, 'state' | 'outcome' | 'history' | 'deeds' | 'left'>
  /** Waves that were written whole. */
  readonly waves: number
  /** Whether anything was written, or may have been. */
  readonly isBegun: boolean
}

/** `events`: those of the environment's journal from the deployment's first moment to its last. */
export function courseOf(deployment: Course['deployment'], events: readonly JsonObject[]): Course {
  return {
    deployment,
    waves: events.filter(({ type }) => type === 'wave.applied').length,
    isBegun: passed(deployment, 'Applying') || passed(deployment, 'RollingBack'),
  }
}

function passed({ state, history }: Course['deployment'], one: DeploymentState): boolean {
  return state === one || history.some(({ to }) => to === one)
}
