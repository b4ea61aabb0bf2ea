import type { ActRequest } from '../../../../src/ports/driver.ts'
import { PHASES, senseOf, writePhase } from '../../world/outline.ts'
import { LATE, type Landed, type SimTarget } from '../../world/target.ts'
import type { Scene } from '../scene.ts'
import { type Course, stepsIn } from './course.ts'

/** Given the settings of what is put back, and none where that says nothing of them. */
const SETS = 'update-load-balancer'

/** A rollback takes the way of its deployment backwards, then does again what must be; a person's takes that of what is deployed. */
export class MirrorChecker {
  readonly #scene: Scene
  /** Environments in which something changed that neither way has to do with. */
  readonly #disturbed = new Set<string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  landed({ environment }: SimTarget, { by }: Landed): void {
    if (by.startsWith(LATE) || !by.includes('/')) this.#disturbed.add(environment)
  }

  restores(course: Course, { environment, name }: SimTarget): void {
    const { attempt, outline, restored } = course
    if (outline !== null && !this.#disturbed.has(environment) && !restored.has(name)) {
      const isBefore =
        attempt.kind === 'apply' ? wasBefore(course) : comesBefore(this.#scene.world.targetsOf(environment))
      for (const other of restored)
        this.#scene.judge.examine(
          'phases',
          !isBefore(other, name),
          () => `the rollback of ${attempt.id} comes to ${name} after ${other}, as the way there does`,
        )
    }
    restored.add(name)
  }

  /** A step that is asked for on the way back. */
  asked({ attempt, outline, again }: Course, { name }: SimTarget, { action }: ActRequest): void {
    again.add(`${action} on ${name}`)
    const isAgain = action === 'undrain' || senseOf(action)?.phase === 'edge'
    this.#scene.judge.examine(
      'phases',
      outline === null || isAgain,
      () => `the rollback of ${attempt.id} does ${action} on ${name}, which is not done again`,
    )
  }

  ended(course: Course, environment: string, result: string): void {
    this.#disturbed.delete(environment)
    if (result !== 'RolledBack') return
    const targets = this.#scene.world.targetsOf(environment)
    for (const { step } of stepsIn(course, 'edge', 'act'))
      for (const { name, member } of targets)
        this.#scene.judge.examine(
          'phases',
          step === SETS || senseOf(step)?.by.includes(member.role) !== true || course.again.has(`${step} on ${name}`),
          () => `${course.attempt.id} is rolled back, and ${step} on ${name} is not done again`,
        )
  }
}

/** Whether a topology puts the one target before the other. */
function comesBefore(targets: readonly SimTarget[]): (one: string, other: string) => boolean {
  const ordered = PHASES.flatMap((_, phase) => targets.filter(({ member }) => writePhase(member.role) === phase))
  const places = new Map(ordered.map(({ name }, place) => [name, place]))
  return (one, other) => (places.get(one) ?? 0) < (places.get(other) ?? 0)
}

/** Whether the deployment was done with the one target when it came to the other. */
function wasBefore({ writes }: Course): (one: string, other: string) => boolean {
  return (one, other) => {
    const [before, after] = [writes.get(one), writes.get(other)]
    return before !== undefined && after !== undefined && before.last < after.first
  }
}
