import type { Scene } from '../scene.ts'
import type { EnvironmentStep } from '../view.ts'
import type { Call, Course } from './course.ts'
import { stepsIn, worksIn } from './course.ts'

/** Phases come one after the other; what fails before the first write leaves everything alone, what fails after the last rolls back. */
export class OrderChecker {
  readonly #scene: Scene
  /** Effects in which something was done at the very end, in this run of the controller. */
  readonly #atEnd = new Set<string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  starting(): void {
    this.#atEnd.clear()
  }

  begins(course: Course, call: Call): void {
    const { judge } = this.#scene
    const { effect, phase } = call
    const { id } = course.attempt
    if (course.outline === null || phase === null) return
    const what = `${call.request?.action ?? 'a write'} on ${call.target.name}`
    const isInPlace =
      effect.kind === 'validate' ? phase === 0 : effect.kind === 'applyWave' ? phase >= 1 && phase <= 3 : phase >= 4
    judge.examine('phases', isInPlace, () => `${id}: ${what} comes amid ${effect.kind}`)
    if (effect.kind === 'applyWave') this.#writes(course, phase, what)
    if (phase !== 5) return
    this.#atEnd.add(effect.id)
    this.#undone(course, 'validation', `${what} comes at the end`)
  }

  #writes(course: Course, phase: number, what: string): void {
    const { judge, world } = this.#scene
    const { id } = course.attempt
    if (course.phase === 0) {
      this.#undone(course, 'pre-flight', `${what} comes first`)
      if (stepsIn(course, 'pre-flight', 'ask').some(({ step }) => step === 'check-dependencies'))
        for (const { name, health } of world.targetsOf(course.plan?.environment ?? ''))
          judge.examine('phases', health?.isWell === true, () => `${id}: ${what} comes although ${name} was not well`)
    }
    judge.examine('phases', phase >= course.phase, () => `${id}: ${what} comes when its phase is over`)
    const waits = [...course.open.values()].every((other) => other >= phase)
    judge.examine('phases', waits, () => `${id}: ${what} comes while an earlier phase is under way`)
    if (phase > course.phase && course.phase > 0)
      this.#undone(course, course.phase === 1 ? 'database' : 'application', `${what} comes next`)
    course.phase = Math.max(course.phase, phase)
  }

  /** Every step that is listed in the phase was done, as far as the controller was told. */
  #undone(course: Course, phase: Parameters<typeof worksIn>[1], when: string): void {
    const { judge, world } = this.#scene
    for (const { work } of worksIn(course, phase, world.targetsOf(course.plan?.environment ?? '')))
      judge.examine(
        'phases',
        course.told.get(work) === 'done',
        () => `${course.attempt.id}: ${when}, and ${work} is not done (${course.told.get(work) ?? 'not asked'})`,
      )
  }

  ended(course: Course, result: string, outcome: string | undefined): void {
    const { judge } = this.#scene
    const { id } = course.attempt
    if (result === 'Completed') {
      this.#undone(course, 'database', 'it is completed')
      this.#undone(course, 'application', 'it is completed')
      this.#undone(course, 'edge', 'it is completed')
      this.#undone(course, 'validation', 'it is completed')
    }
    if (outcome === 'validation-failed' || outcome === 'backup-failed')
      judge.examine('phases', course.phase === 0, () => `${id} failed before its first write, and had begun to write`)
  }

  step({ event }: EnvironmentStep): void {
    if (event.type === 'verification.failed')
      this.#scene.judge.examine(
        'phases',
        !this.#atEnd.has(event.effect),
        () => `${event.effect} fails by what came after its validation: ${event.message}`,
      )
    if (event.type === 'verification.passed') this.#atEnd.delete(event.effect)
  }
}
