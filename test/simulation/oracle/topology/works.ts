import type { Deployment } from '../../../../src/core/vocabulary.ts'
import type { ActRequest } from '../../../../src/ports/driver.ts'
import type { Done } from '../../world/acts.ts'
import type { SimTarget } from '../../world/target.ts'
import type { Scene } from '../scene.ts'
import { type Course, workOf } from './course.ts'

/** Tries of a step that is not listed: draining, and the way back. */
const TRIES = 3

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
  /** By deployment, what its record must name. */
  readonly #deeds = new Map<string, Map<string, { readonly step: string; readonly target: string }>>()
  readonly #ended: string[] = []

  constructor(scene: Scene) {
    this.#scene = scene
  }

  starting(): void {
    this.#asked.clear()
    this.#hopeless.clear()
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
  }

  did(course: Course | null, target: SimTarget, { request, isNews }: Done): void {
    const { judge } = this.#scene
    if (!isNews) return
    const work = workOf(target, request)
    const effect = request.idempotencyKey.split('/').slice(0, 3).join('/')
    const once = `${effect} ${work}`
    judge.examine('I5', !this.#done.has(once), () => `${work} is done twice for ${effect}`)
    this.#done.add(once)
    if (course === null) return
    const deeds = this.#deeds.get(course.attempt.id) ?? new Map()
    this.#deeds.set(course.attempt.id, deeds)
    deeds.set(work, { step: request.action, target: target.name })
  }

  told(target: SimTarget, request: ActRequest, answer: 'done' | 'later' | 'never'): void {
    const [effect] = this.#scene.view.environments.get(target.environment)?.context.owed ?? []
    if (answer === 'never') this.#hopeless.add(`${effect?.id} ${workOf(target, request)}`)
  }

  /** A deployment that somebody broke off is over before its step is answered; of any other, everything is told. */
  ended({ attempt }: Course, outcome: string | undefined): void {
    if (outcome !== 'cancelled' && outcome !== 'superseded') this.#ended.push(attempt.id)
  }

  /** After a whole batch, when records are on the disk. */
  settled(): void {
    for (const id of this.#ended.splice(0)) {
      const record = this.#scene.view.records.get(id)
      for (const { step, target } of this.#deeds.get(id)?.values() ?? [])
        this.#scene.judge.examine(
          'I5',
          names(record, step, target),
          () => `${id} did ${step} on ${target}, and does not say so`,
        )
      this.#deeds.delete(id)
    }
  }
}

function names(record: Deployment | undefined, step: string, target: string): boolean {
  return record?.deeds?.some((deed) => deed.step === step && deed.target === target) === true
}
