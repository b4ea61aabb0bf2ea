/** Promises about environments of several targets: the order of a topology, its servers, its steps, its way back. */
import type { ActRequest, ApplyRequest } from '../../../../src/ports/driver.ts'
import type { Done } from '../../world/acts.ts'
import { writePhase } from '../../world/outline.ts'
import type { Landed, SimTarget } from '../../world/target.ts'
import { endedAttempt, type Scene } from '../scene.ts'
import type { EnvironmentStep } from '../view.ts'
import { examineAct, examineWrite } from './abilities.ts'
import { type Call, Courses, phaseOf, workOf } from './course.ts'
import { MirrorChecker } from './mirror.ts'
import { OrderChecker } from './order.ts'
import { RollingChecker } from './rolling.ts'
import { WorkChecker } from './works.ts'

export class TopologyChecker {
  readonly #scene: Scene
  readonly #courses: Courses
  readonly #order: OrderChecker
  readonly #rolling: RollingChecker
  readonly #works: WorkChecker
  readonly #mirror: MirrorChecker
  /** Calls under way, by request. */
  readonly #calls = new Map<ApplyRequest | ActRequest, Call>()

  constructor(scene: Scene) {
    this.#scene = scene
    this.#courses = new Courses(scene)
    this.#order = new OrderChecker(scene)
    this.#rolling = new RollingChecker(scene)
    this.#works = new WorkChecker(scene)
    this.#mirror = new MirrorChecker(scene)
  }

  /** A run of the controller begins: what another one had under way is nobody's. */
  starting(): void {
    for (const [environment] of this.#scene.world.targets) this.#courses.now(environment)?.course.open.clear()
    this.#calls.clear()
    this.#order.starting()
    this.#works.starting()
  }

  sent(target: SimTarget, request: ApplyRequest): void {
    examineWrite(this.#scene.judge, target, request)
    const now = this.#courses.now(target.environment)
    if (now === null) return
    const { course, effect } = now
    if (effect.kind === 'restore') {
      this.#mirror.restores(course, target)
      return
    }
    this.#rolling.writes(course, target)
    this.#begin({ target, effect, request: null, phase: writePhase(target.member.role) }, request)
    course.calls += 1
    const { first = course.calls } = course.writes.get(target.name) ?? {}
    course.writes.set(target.name, { first, last: course.calls, order: target.order })
  }

  over(_: SimTarget, request: ApplyRequest): void {
    this.#end(request)
  }

  asked(target: SimTarget, request: ActRequest): void {
    const now = this.#courses.now(target.environment)
    examineAct(this.#scene.judge, target, request)
    this.#works.asked(now?.course ?? null, target, request)
    if (now === null) return
    const { course, effect } = now
    const isRestore = effect.kind === 'restore'
    if (isRestore) this.#mirror.asked(course, target, request)
    this.#begin({ target, effect, request, phase: isRestore ? null : phaseOf(request.action) }, request)
    this.#rolling.asked(course, target, request, isRestore)
  }

  did(target: SimTarget, done: Done): void {
    this.#works.did(this.#courses.now(target.environment)?.course ?? null, target, done)
  }

  told(target: SimTarget, request: ActRequest, answer: 'done' | 'later' | 'never'): void {
    this.#end(request)
    this.#works.told(target, request, answer)
    this.#courses.now(target.environment)?.course.told.set(workOf(target, request), answer)
  }

  landed(target: SimTarget, landed: Landed): void {
    this.#mirror.landed(target, landed)
  }

  step(step: EnvironmentStep): void {
    const { environment, before, event, after } = step
    this.#order.step(step)
    if (event.type === 'deployment.cancelled') this.#works.cancelled(event.deployment)
    const ended = endedAttempt(before?.context, after.context)
    const course = ended === null ? null : this.#courses.ended(environment, ended.attempt)
    if (ended === null || course === null) return
    const outcome = ended.attempt.failure?.outcome
    this.#order.ended(course, ended.result, outcome)
    this.#rolling.ended(course, environment, ended.result)
    this.#works.ended(course)
    this.#mirror.ended(course, environment, ended.result)
  }

  settled(): void {
    this.#works.settled()
  }

  #begin(call: Call, request: ApplyRequest | ActRequest): void {
    const course = this.#courses.now(call.target.environment)?.course
    if (course === undefined) return
    this.#order.begins(course, call)
    this.#calls.set(request, call)
    if (call.phase !== null) course.open.set(call, call.phase)
  }

  #end(request: ApplyRequest | ActRequest): void {
    const call = this.#calls.get(request)
    if (call === undefined) return
    this.#calls.delete(request)
    this.#courses.now(call.target.environment)?.course.open.delete(call)
  }
}
