import { LATE, type Landed, type SimTarget } from '../../world/target.ts'
import type { Scene } from '../scene.ts'
import type { Course } from './course.ts'

/** A rollback takes the way of its deployment backwards. */
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

  restores({ attempt, outline, writes, restored }: Course, { environment, name }: SimTarget): void {
    const own = writes.get(name)
    if (outline !== null && own !== undefined && !this.#disturbed.has(environment) && !restored.has(name))
      for (const other of restored) {
        const before = writes.get(other)
        const isMirrored = before === undefined || before.last >= own.first
        this.#scene.judge.examine(
          'phases',
          isMirrored,
          () => `the rollback of ${attempt.id} comes to ${name} after ${other}, as the deployment did`,
        )
      }
    restored.add(name)
  }

  ended(environment: string): void {
    this.#disturbed.delete(environment)
  }
}
