import type { ActRequest } from '../../../../src/ports/driver.ts'
import type { SimTarget } from '../../world/target.ts'
import type { Scene } from '../scene.ts'
import type { Course } from './course.ts'

/** Servers are changed so many at a time, each drained before and well afterwards; what is drained does not stay so. */
export class RollingChecker {
  readonly #scene: Scene
  /** By environment, servers that the balancer was asked to leave alone, and not to use again. */
  readonly #drained = new Map<string, Set<string>>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  writes(course: Course, { environment, name, member }: SimTarget): void {
    const { judge, world } = this.#scene
    const { outline, attempt } = course
    if (outline === null || member.role !== 'server') return
    const servers = world.targetsOf(environment).filter((other) => other.member.role === 'server')
    const out = servers.filter((other) => other.name !== name && !isVerified(course, other))
    judge.examine(
      'phases',
      out.length < outline.maxUnavailable,
      () => `${attempt.id} writes to ${name} before ${out.map((other) => other.name).join(', ')} is well`,
    )
    const hasBalancer = world.targetsOf(environment).some((other) => other.member.role === 'balancer')
    if (outline.drain && hasBalancer)
      judge.examine(
        'phases',
        this.#of(environment).has(name),
        () => `${attempt.id} writes to ${name}, which is not drained`,
      )
  }

  asked(course: Course, { environment }: SimTarget, { action, inputs }: ActRequest, isRestore: boolean): void {
    const { judge, world } = this.#scene
    const server = String(inputs['instance'])
    const drained = this.#of(environment)
    const { id } = course.attempt
    if (action === 'drain') {
      drained.add(server)
      const most = course.outline?.maxUnavailable ?? 1
      judge.examine('phases', drained.size <= most, () => `${id} drains ${[...drained].join(', ')} at once`)
    }
    if (action !== 'undrain') return
    drained.delete(server)
    const one = world.targetsOf(environment).find(({ name }) => name === server)
    if (one !== undefined && !isRestore)
      judge.examine('phases', isVerified(course, one), () => `${id} brings ${server} back before it is well`)
  }

  ended(course: Course, environment: string, result: string): void {
    const drained = this.#of(environment)
    if (result !== 'Failed')
      this.#scene.judge.examine(
        'phases',
        drained.size === 0,
        () => `${course.attempt.id} is ${result}, and ${[...drained].join(', ')} is still drained`,
      )
    drained.clear()
  }

  #of(environment: string): Set<string> {
    const drained = this.#drained.get(environment) ?? new Set()
    this.#drained.set(environment, drained)
    return drained
  }
}

/** Whether the server was not written to, or said afterwards that it is well. */
function isVerified({ writes }: Course, { name, health }: SimTarget): boolean {
  const written = writes.get(name)
  return written === undefined || (health?.isWell === true && health.order > written.order)
}
