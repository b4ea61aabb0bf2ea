/** Backups go back by people's word alone: on an approval of just that, once for each, and the environment waits for a person then. */
import type { EnvironmentContext } from '../../../machines/environment/types.ts'
import { liveDigest } from '../../../src/core/plan/index.ts'
import type { Plan } from '../../../src/core/vocabulary.ts'
import type { ActRequest } from '../../../src/ports/driver.ts'
import type { Done } from '../world/acts.ts'
import type { Ordered } from '../world/people.ts'
import { RESTORE } from '../world/site.ts'
import type { SimTarget } from '../world/target.ts'
import { endedAttempt, openedAttempt, type Scene } from './scene.ts'
import type { EnvironmentStep } from './view.ts'

/** A request to put a backup back, and what came of it. */
interface Request {
  readonly id: string
  readonly order: Ordered
  readonly plan: string
  readonly expiresAt: number
  /** In elapsed ms; null before. */
  approvedAt: number | null
  /** How often its backup began to go back. */
  begun: number
  isSent: boolean
}

export class RestoreChecker {
  readonly #scene: Scene
  /** What people ordered, by the reason that is each order's own. */
  readonly #orders = new Map<string, Ordered>()
  /** By the id of the deployment. */
  readonly #requests = new Map<string, Request>()
  /** By the key that was sent. */
  readonly #sent = new Map<string, Request>()
  /** Environments in which a restore has ended that nobody has looked at. */
  readonly #waiting = new Map<string, string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  ordered(ordered: Ordered): void {
    this.#orders.set(ordered.reason, ordered)
  }

  step(step: EnvironmentStep): void {
    this.#asks(step)
    this.#answers(step)
    this.#compared(step)
    this.#ends(step)
    this.#waits(step)
  }

  /** Only a person's own order opens a request, for the backup that they named. */
  #asks({ environment, event, before, after }: EnvironmentStep): void {
    const opened = openedAttempt(before?.context, after.context)
    if (opened?.kind !== 'recovery' && event.type !== 'recovery.requested') return
    const order = event.type === 'recovery.requested' ? this.#ordersOf(event.reason, 'restore', environment) : undefined
    const isMeant =
      event.type === 'recovery.requested' &&
      order?.backup?.target === event.target &&
      order.backup.backup === event.backup
    this.#examine(isMeant && opened !== null, () => `${opened?.id} asks for a backup that nobody named`)
    if (opened === null || order === undefined) return
    const { id, plan, expiresAt } = opened
    this.#requests.set(id, {
      ...{ id, order, plan: plan.digest, expiresAt: expiresAt ?? 0 },
      ...{ approvedAt: null, begun: 0, isSent: false },
    })
  }

  #answers({ environment, event }: EnvironmentStep): void {
    if (event.type === 'hold.lifted') {
      this.#waiting.delete(environment)
      return
    }
    const request = event.type === 'approval.granted' ? this.#requests.get(event.deployment) : undefined
    if (request === undefined || event.type !== 'approval.granted') return
    const order = this.#ordersOf(event.reason, 'approve', environment)
    const isOfIt = order?.deployment === request.id && request.plan.startsWith(order.plan ?? '')
    this.#examine(isOfIt, () => `${request.id} is approved by nobody who was asked for it`)
    this.#examine(event.at < request.expiresAt, () => `${request.id} is approved when its time is over`)
    request.approvedAt = this.#scene.world.time.elapsed
  }

  /** What was approved is of what the database held: it was looked at again since, and was the same. */
  #compared({ environment, event, after }: EnvironmentStep): void {
    const { attempt } = after.context
    const request = this.#requests.get(attempt?.id ?? '')
    if (event.type !== 'recovery.checked' || request === undefined) return
    const target = this.#scene.world.targetsOf(environment).find(({ name }) => name === request.order.backup?.target)
    const since = request.approvedAt ?? Number.POSITIVE_INFINITY
    const isSame = target?.shown.some(({ at, live }) => at >= since && liveDigest([live]) === attempt?.plan.live)
    this.#examine(isSame === true, () => `${request.id} is found valid, and its plan is of another live state`)
  }

  /** Whatever may have reached the database, a person is called. */
  #ends({ environment, before, after }: EnvironmentStep): void {
    const ended = endedAttempt(before?.context, after.context)
    if (ended?.attempt.kind !== 'recovery') return
    const { id } = ended.attempt
    const isSent = this.#requests.get(id)?.isSent === true
    if (ended.result === 'RolledBack') this.#examine(isSent, () => `${id} is said to be back, and nobody asked for it`)
    if (!isSent) return
    this.#examine(
      after.context.hold?.kind === 'intervention' && after.context.hold.until === null,
      () => `${id} has ended (${ended.result}), and ${environment} is not held for a person`,
    )
    this.#waiting.set(environment, id)
  }

  /** Nothing but a person ends the waiting: until then nothing is deployed, and no hold ends by itself. */
  #waits({ environment, event, before, after }: EnvironmentStep): void {
    const id = this.#waiting.get(environment)
    if (id === undefined) return
    const { hold } = after.context
    this.#examine(hold !== null && hold.until === null, () => `nobody waits for a person after ${id}: ${event.type}`)
    const opened = openedAttempt(before?.context, after.context)
    this.#examine(opened?.kind !== 'apply', () => `${opened?.id} begins, and nobody has looked at ${id}`)
  }

  sent({ environment }: SimTarget): void {
    const id = this.#waiting.get(environment)
    if (id === undefined) return
    const attempt = this.#contextOf(environment)?.attempt
    this.#examine(attempt?.kind === 'rollback', () => `${attempt?.id} writes, and nobody has looked at ${id}`)
  }

  asked(target: SimTarget, { action, inputs, idempotencyKey }: ActRequest): void {
    if (action !== RESTORE) return
    const { environment, name } = target
    const attempt = this.#contextOf(environment)?.attempt
    const request = this.#requests.get(attempt?.id ?? '')
    const what = `${String(inputs['backup'])} is put back on ${name} of ${environment}`
    this.#examine(attempt?.kind === 'recovery', () => `${what} amid ${attempt?.kind} ${attempt?.id}`)
    this.#examine(typeof request?.approvedAt === 'number', () => `${what}, and nobody approved it`)
    if (request === undefined) return
    const { backup } = request.order
    const isNamed = backup?.target === name && backup.backup === inputs['backup']
    this.#examine(isNamed, () => `${what}, and ${request.id} is about ${backup?.backup} on ${backup?.target}`)
    request.isSent = true
    this.#sent.set(idempotencyKey, request)
  }

  did({ backups }: SimTarget, { request: { action, inputs, idempotencyKey }, isNews }: Done): void {
    const request = this.#sent.get(idempotencyKey)
    if (action !== RESTORE || !isNews) return
    this.#examine(request !== undefined, () => `${idempotencyKey} puts a backup back and was never sent`)
    if (request === undefined) return
    request.begun += 1
    this.#examine(request.begun === 1, () => `the backup of ${request.id} is put back ${request.begun} times`)
    const kept = backups.named(inputs['backup'])
    // Whoever approved it had this before their eyes.
    const isIt = this.#planOf(request)?.notes?.some((note) => note.includes(kept.digest)) === true
    this.#examine(isIt, () => `${kept.id} is put back for ${request.id}, and is another than was approved`)
  }

  #ordersOf(reason: string, order: Ordered['order'], environment: string): Ordered | undefined {
    const found = this.#orders.get(reason)
    return found?.order === order && found.environment === environment ? found : undefined
  }

  #contextOf(environment: string): EnvironmentContext | undefined {
    return this.#scene.view.environments.get(environment)?.context
  }

  #planOf({ plan }: Request): Plan | null {
    const text = this.#scene.world.disk.pairs.get(`c\0${plan}`)
    return text === undefined ? null : JSON.parse(text)
  }

  #examine(isKept: boolean, message: () => string): void {
    this.#scene.judge.examine('restores', isKept, message)
  }
}
