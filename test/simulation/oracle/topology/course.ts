import type { Attempt, EnvironmentEffect } from '../../../../machines/environment/types.ts'
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

/** How a deployment has gone so far, as its targets saw it. */
export interface Course {
  readonly attempt: Attempt
  readonly plan: Plan | null
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
  calls: number
}

/** The courses of the open deployments, by environment. */
export class Courses {
  readonly #scene: Scene
  readonly #courses = new Map<string, Course>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  /** The course of the deployment that is open, and the effect that is owed; null where none is, or it is a person's rollback. */
  now(environment: string): { readonly course: Course; readonly effect: EnvironmentEffect } | null {
    const context = this.#scene.view.environments.get(environment)?.context
    const effect = context?.owed[0]
    if (context == null || context.attempt === null || context.attempt.kind !== 'apply' || effect === undefined)
      return null
    return { course: this.#of(environment, context.attempt), effect }
  }

  ended(environment: string, { id }: Attempt): Course | null {
    const course = this.#courses.get(environment)
    return course?.attempt.id === id ? course : null
  }

  #of(environment: string, attempt: Attempt): Course {
    const known = this.#courses.get(environment)
    if (known?.attempt.id === attempt.id) return known
    const { world } = this.#scene
    const text = world.disk.pairs.get(`c\0${attempt.plan.digest}`)
    const course: Course = {
      attempt,
      plan: text === undefined ? null : JSON.parse(text),
      outline: world.git.foldersAt(attempt.plan.commit).get(environment)?.topology ?? null,
      phase: 0,
      open: new Map(),
      told: new Map(),
      writes: new Map(),
      restored: new Set(),
      calls: 0,
    }
    this.#courses.set(environment, course)
    return course
  }
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
