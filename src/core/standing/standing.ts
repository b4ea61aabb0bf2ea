import type { Deed, DeploymentState, LeftOver, Plan, PlannedAction, Remains } from '../vocabulary.ts'
import type { Course } from './course.ts'

/**
 * untouched: the plan does nothing there, and at most looks · not-begun: its turn has not come, or never came · under-way: it is being written, or written
 * back · done: written, not read back yet · verified: read back and well · failed: a step failed there, or what was written is not known
 * to be back · rolled-back: as it was before · left: a rollback failed and did not bring all of it back.
 */
export type Standing = 'untouched' | 'not-begun' | 'under-way' | 'done' | 'verified' | 'failed' | 'rolled-back' | 'left'

/** The standing of a target: of what is written to it, and of the steps of the topology that are done to it. */
export function targetStanding(target: string, plan: Plan, course: Course): Standing {
  const waves = plan.steps.filter((step) => step.target === target && isWork(step.action, plan)).map(({ wave }) => wave)
  const deeds = (course.deployment.deeds ?? []).filter((deed) => deed.target === target)
  const steps = stepsAround(plan).filter((step) => step.target === target && isWork(step, plan))
  const standing =
    waves.length > 0 ? byWaves(waves, plan, course) : steps.length > 0 ? byDeeds(steps, deeds, course) : 'untouched'
  if (isLeft(target, course.deployment.left)) return 'left'
  return deeds.some(({ ok }) => !ok) && standing !== 'rolled-back' ? 'failed' : standing
}

/** The standing of one change of a plan: as far as its target tells, and exactly where a failed rollback told what is where. */
export function resourceStanding(
  change: { readonly target: string; readonly key: string },
  plan: Plan,
  course: Course,
): Standing {
  const remains = course.deployment.left?.targets.find(({ target }) => target === change.target)
  const told = remains === undefined ? undefined : toldOf(change.key, remains)
  if (told !== undefined) return told
  const id = `${change.target}/${change.key}`
  return byWaves(
    plan.steps.filter(({ changes }) => changes.includes(id)).map(({ wave }) => wave),
    plan,
    course,
  )
}

function byWaves(waves: readonly number[], plan: Plan, { deployment, waves: written, isBegun }: Course): Standing {
  const isBack = plan.reason === 'rollback' || plan.reason === 'recovery'
  const isTouched = isBegun && (isBack || waves.some((wave) => wave <= written))
  switch (phaseOf(deployment.state)) {
    case 'before':
      return 'not-begun'
    case 'writing':
      if (waves.every((wave) => wave < written)) return 'done'
      return isTouched ? 'under-way' : 'not-begun'
    case 'checking':
      return 'done'
    case 'verified':
      return 'verified'
    case 'going-back':
      return isTouched ? 'under-way' : 'not-begun'
    case 'back':
      return isTouched ? 'rolled-back' : 'not-begun'
    case 'failed':
      return isTouched ? 'failed' : 'not-begun'
  }
}

/** Of a target that nothing is written to: the steps that are done to it before or after everything else. */
function byDeeds(steps: readonly PlannedAction[], deeds: readonly Deed[], { deployment }: Course): Standing {
  if (phaseOf(deployment.state) === 'verified') return 'verified'
  const done = steps.filter(({ step }) => deeds.some((deed) => deed.step === step)).length
  if (done === 0) return 'not-begun'
  return done < steps.length ? 'under-way' : 'done'
}

/** Whether anything is changed or done. Asking how a target is changes nothing; a rollback that a person asks for does again what must be, and no other steps. */
function isWork(action: PlannedAction | undefined, { reason }: Plan): boolean {
  return action === undefined || (action.means === 'act' && (reason !== 'rollback' || action.undo === 'again'))
}

function phaseOf(state: DeploymentState) {
  switch (state) {
    case 'Pending':
    case 'Validating':
    case 'Planning':
    case 'AwaitingApproval':
    case 'BackingUp':
      return 'before'
    case 'Applying':
      return 'writing'
    case 'PostValidating':
      return 'checking'
    case 'Completed':
      return 'verified'
    case 'RollingBack':
      return 'going-back'
    case 'RolledBack':
      return 'back'
    case 'Failed':
      return 'failed'
  }
}

function stepsAround({ coordination }: Plan): readonly PlannedAction[] {
  const { preFlight = [], validation = [], postDeployment = [] } = coordination ?? {}
  return [...preFlight, ...validation, ...postDeployment]
}

function isLeft(target: string, left: LeftOver | undefined): boolean {
  if (left === undefined) return false
  const { targets, drained, notDoneAgain } = left
  const remains = targets.find((one) => one.target === target)
  const isThere = remains !== undefined && remains.asDeployed.total + remains.neither.total + remains.unknown.total > 0
  return isThere || [...drained, ...notDoneAgain].some((place) => place.target === target)
}

/** Undefined where its name is not among those that are told. */
function toldOf(key: string, { restored, asDeployed, neither, unknown }: Remains): Standing | undefined {
  if (restored.keys.includes(key)) return 'rolled-back'
  return [asDeployed, neither, unknown].some(({ keys }) => keys.includes(key)) ? 'left' : undefined
}
