import type { ActRequest } from '../../../../src/ports/driver.ts'
import type { Done } from '../../world/acts.ts'
import type { SimTarget } from '../../world/target.ts'
import type { Scene } from '../scene.ts'
import { type Course, workOf } from './course.ts'

/** Tries of a step that is not listed: draining, and the way back. */
const TRIES = 3

interface Named {
  readonly step: string
  readonly target: string
}

interface Asked extends Named {
  readonly isOfThisRun: boolean
  /** Whether it was done, or a person has broken it off: the record must name it. */
  readonly isToBeTold: boolean
}

/** I5 for steps: intended on disk before, done once, tried as often as allowed, and named in the record afterwards. */
export class WorkChecker {
  readonly #scene: Scene
  /** What each key was sent for. */
  readonly #keys = new Map<string, string>()
  /** In this run: how often a work of an effect was asked for, and what cannot be. */
  readonly #asked = new Map<string, number>()
  readonly #hopeless = new Set<string>()
  /** Works that had their effect, by effect. */
  readonly #done = new Set<string>()
  /** By deployment, what was asked for. */
  readonly #deeds = new Map<string, Map<string, Asked>>()
  readonly #ended: string[] = []

  constructor(scene: Scene) {
    this.#scene = scene
  }

  starting(): void {
    this.#asked.clear()
    this.#hopeless.clear()
    for (const deeds of this.#deeds.values())
      for (const [work, deed] of deeds) deeds.set(work, { ...deed, isOfThisRun: false })
  }

  asked(course: Course | null, target: SimTarget, request: ActRequest): void {
    const { judge, view } = this.#scene
    const { idempotencyKey: key, action } = request
    const work = workOf(target, request)
    const owed = view.environments.get(target.environment)?.context.owed ?? []
    const isOwed = owed.some(({ id }) => key.startsWith(`${id}/`))
    judge.examine('I5', isOwed, () => `${work} is asked for as ${key}, and no intent of it is on the disk`)
    const former = this.#keys.get(key)
    judge.examine('I5', former === undefined || former === work, () => `${key} is the key of ${former} and of ${work}`)
    this.#keys.set(key, work)
    const [effect] = owed
    const once = `${effect?.id} ${work}`
    const count = (this.#asked.get(once) ?? 0) + 1
    this.#asked.set(once, count)
    const listed = course?.outline?.steps.find(({ step }) => step === action)?.tries ?? TRIES
    judge.examine('I5', count <= listed, () => `${work} is tried ${count} times, and may be ${listed} times`)
    judge.examine('I5', !this.#hopeless.has(once), () => `${work} is tried again although it cannot be done`)
    if (course !== null) this.#note(course, target, request, false)
  }

  did(course: Course | null, target: SimTarget, { request, isNews }: Done): void {
    const { judge } = this.#scene
    if (!isNews) return
    const work = workOf(target, request)
    const once = `${effectOf(request)} ${work}`
    judge.examine('I5', !this.#done.has(once), () => `${work} is done twice for ${effectOf(request)}`)
    this.#done.add(once)
    if (course !== null) this.#note(course, target, request, true)
  }

  told(target: SimTarget, request: ActRequest, answer: 'done' | 'later' | 'never'): void {
    const [effect] = this.#scene.view.environments.get(target.environment)?.context.owed ?? []
    if (answer === 'never') this.#hopeless.add(`${effect?.id} ${workOf(target, request)}`)
  }

  /** A person breaks off a deployment: all that was begun is told, but what a run did that ended itself before. */
  cancelled(deployment: string): void {
    const deeds = this.#deeds.get(deployment)
    for (const [work, deed] of deeds ?? [])
      if (deed.isOfThisRun) deeds?.set(work, { ...deed, isToBeTold: true })
      else deeds?.delete(work)
  }

  ended({ attempt }: Course): void {
    this.#ended.push(attempt.id)
  }

  /** After a whole batch, when records are on the disk. */
  settled(): void {
    for (const id of this.#ended.splice(0)) {
      const record = this.#scene.view.records.get(id)
      const toBeTold = [...(this.#deeds.get(id)?.values() ?? [])].filter((asked) => asked.isToBeTold)
      for (const one of toBeTold) {
        const [times, told] = [toBeTold.filter(isLike(one)).length, record?.deeds?.filter(isLike(one)).length ?? 0]
        this.#scene.judge.examine(
          'I5',
          told >= times,
          () => `${id} did ${one.step} on ${one.target}, or began to, ${times} times, and tells of ${told}`,
        )
      }
      this.#deeds.delete(id)
    }
  }

  #note({ attempt }: Course, target: SimTarget, request: ActRequest, isDone: boolean): void {
    const deeds = this.#deeds.get(attempt.id) ?? new Map<string, Asked>()
    this.#deeds.set(attempt.id, deeds)
    const work = `${effectOf(request)} ${workOf(target, request)}`
    const isToBeTold = isDone || deeds.get(work)?.isToBeTold === true
    deeds.set(work, { step: request.action, target: target.name, isOfThisRun: true, isToBeTold })
  }
}

/** The first parts of the key: the effect that the work is done for. */
function effectOf({ idempotencyKey }: ActRequest): string {
  return idempotencyKey.split('/').slice(0, 3).join('/')
}

function isLike({ step, target }: Named): (other: Named) => boolean {
  return (other) => other.step === step && other.target === target
}
