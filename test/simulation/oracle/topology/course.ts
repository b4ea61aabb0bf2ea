import type { Attempt, EnvironmentContext, EnvironmentEffect } from '../../../../machines/environment/types.ts'
import type { Plan } from '../../../../src/core/vocabulary.ts'
import type { ActRequest } from '../../../../src/ports/driver.ts'
import { type Outline, PHASES, type PhaseName, type Step, senseOf } from '../../world/outline.ts'
import type { SimTarget } from '../../world/target.ts'
import type { Scene } from '../scene.ts'

/** Something that is done to a target: its changes are written, or a step is done. */
export interface Call {
  readonly target: SimTarget
  /** Of the plan, or of the step; null where it is put back. */
  readonly phase: number | null
  readonly effect: EnvironmentEffect
  readonly request: ActRequest | null
}

/** How a deployment, or a person's rollback, has gone so far, as its targets saw it. */
export interface Course {
  readonly attempt: Attempt
  readonly plan: Plan | null
  /** The topology that it follows, backwards where it is a rollback; null where none, or it cannot be told which. */
  readonly outline: Outline | null
  /** The latest writing phase of which something was begun; 0 before the first. */
  phase: number
  /** Calls under way, with their phase. */
  readonly open: Map<Call, number>
  /** What was answered last, by step, target and inputs. */
  readonly told: Map<string, 'done' | 'later' | 'never'>
  /** For each target, its own count when it was last sent changes, and the calls (counted over all) first and last. */
  readonly writes: Map<string, { readonly order: number; readonly first: number; readonly last: number }>
  readonly restored: Set<string>
  /** Steps that were asked for on the way back: `step on target`. */
  readonly again: Set<string>
  calls: number
}

/** A person's rollback is planned before it begins, at most so long, in ms: what is deployed may have become another meanwhile. */
const PLANNING_MS = 60_000

/** The courses of the open deployments, by environment. */
export class Courses {
  readonly #scene: Scene
  readonly #courses = new Map<string, Course>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  /** The course of the deployment or the rollback that is open, and the effect that is owed; null where none is. */
  now(environment: string): { readonly course: Course; readonly effect: EnvironmentEffect } | null {
    const context = this.#scene.view.environments.get(environment)?.context
    const effect = context?.owed[0]
    if (context == null || context.attempt === null || context.attempt.kind === 'recovery' || effect === undefined)
      return null
    return { course: this.#of(environment, context.attempt, context.applied), effect }
  }

  ended(environment: string, { id }: Attempt): Course | null {
    const course = this.#courses.get(environment)
    return course?.attempt.id === id ? course : null
  }

  #of(environment: string, attempt: Attempt, applied: EnvironmentContext['applied']): Course {
    const known = this.#courses.get(environment)
    if (known?.attempt.id === attempt.id) return known
    const { world } = this.#scene
    const text = world.disk.pairs.get(`c\0${attempt.plan.digest}`)
    const commit = attempt.kind === 'apply' ? attempt.plan.commit : leftBy(attempt, applied)
    const course: Course = {
      attempt,
      plan: text === undefined ? null : JSON.parse(text),
      outline: commit === null ? null : (world.git.foldersAt(commit).get(environment)?.topology ?? null),
      phase: 0,
      open: new Map(),
      told: new Map(),
      writes: new Map(),
      restored: new Set(),
      again: new Set(),
      calls: 0,
    }
    this.#courses.set(environment, course)
    return course
  }
}

/** The commit that a person's rollback leaves; null where it cannot be told. */
function leftBy({ startedAt }: Attempt, applied: EnvironmentContext['applied']): string | null {
  return applied === null || startedAt - applied.at < PLANNING_MS ? null : applied.commit
}

/** What is asked of whom, once or (with other inputs) twice. */
export function workOf({ name }: SimTarget, { action, inputs }: Pick<ActRequest, 'action' | 'inputs'>): string {
  return `${action} on ${name} ${JSON.stringify(inputs)}`
}

/** What must be asked of whom in a phase. */
export function worksIn(course: Course, phase: PhaseName, targets: readonly SimTarget[]) {
  const changed = new Set(course.plan?.changes.map(({ target }) => target))
  const roles = new Set(targets.filter(({ name }) => changed.has(name)).map(({ member }) => member.role))
  return stepsIn(course, phase, 'act').flatMap(({ step, twice }) => {
    const { by = [], when = [] } = senseOf(step) ?? {}
    if (when.length > 0 && !when.some((role) => roles.has(role))) return []
    const parts = twice === true ? [1, 2] : [1]
    return targets
      .filter(({ member }) => by.includes(member.role))
      .flatMap((target) =>
        parts.map((part) => ({ target, step, work: workOf(target, { action: step, inputs: { part } }) })),
      )
  })
}

export function stepsIn({ outline }: Course, phase: PhaseName, means: 'ask' | 'act'): readonly Step[] {
  return (outline?.steps ?? []).filter(({ step }) => {
    const sense = senseOf(step)
    return sense?.phase === phase && sense.means === means
  })
}

export function phaseOf(step: string): number {
  const sense = senseOf(step)
  return sense === undefined ? -1 : PHASES.indexOf(sense.phase)
}
