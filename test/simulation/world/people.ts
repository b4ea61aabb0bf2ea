import type { Actor } from '../../../src/core/vocabulary.ts'
import type { Answer, Facade } from '../../../src/runtime/facade.ts'
import type { Act, Order } from '../script.ts'
import type { Life } from './life.ts'
import type { SimTime } from './time.ts'

/** An order and what came of it. `reason` is its own: by it the order is found in the audit log. */
export interface Ordered {
  readonly order: Order
  readonly environment: string
  readonly reason: string
  /** Of the request that was seen. */
  readonly deployment: string | null
  readonly plan: string | null
  /** Of a restore: what is to be put back where. */
  readonly backup: Backup | null
  readonly orderedAt: number
}

/** A backup as people name it. */
export interface Backup {
  readonly target: string
  readonly backup: string
}

export interface PeopleWatch {
  /** Somebody is about to ask the controller. */
  ordered(order: Ordered): void
  /** The controller answered. */
  answered(order: Ordered, answer: Answer<unknown>): void
}

/** A controller that takes orders. */
export interface Answering {
  readonly facade: Facade
  readonly life: Life
}

const NAMES = ['anna', 'ben', 'chris'] as const
/** Every so many restores name a backup that never was. */
const WRONG_EVERY = 9

/** Those who run the controller: each looks, thinks for a while, and then orders what was right when they looked. */
export class People {
  readonly #time: SimTime
  readonly #watch: PeopleWatch
  /** The controller, while it answers. */
  readonly #controller: () => Answering | null
  readonly #backups: (environment: string) => readonly Backup[]
  #orders = 0

  constructor(parts: {
    readonly time: SimTime
    readonly watch: PeopleWatch
    readonly controller: () => Answering | null
    /** Those that there are. */
    readonly backups: (environment: string) => readonly Backup[]
  }) {
    this.#time = parts.time
    this.#watch = parts.watch
    this.#controller = parts.controller
    this.#backups = parts.backups
  }

  act(act: Extract<Act, { kind: 'person' }>): void {
    const { order, environment, afterMs, times, pick } = act
    const seen = this.#look(environment)
    for (let time = 0; time < times; time += 1)
      this.#time.after(afterMs, () => this.#order(order, environment, seen, pick))
  }

  /** What the person sees: the attempt that is open, or the newest that was. */
  #look(environment: string): { readonly deployment: string | null; readonly plan: string | null } {
    const context = this.#controller()?.facade.environment(environment)?.context
    const attempt = context?.attempt ?? context?.ended?.attempt
    return { deployment: attempt?.id ?? null, plan: attempt?.plan.digest ?? null }
  }

  #order(
    order: Order,
    environment: string,
    { deployment, plan }: { readonly deployment: string | null; readonly plan: string | null },
    pick: number,
  ): void {
    const controller = this.#controller()
    if (controller === null) return
    const { facade, life } = controller
    this.#orders += 1
    const reason = `order ${this.#orders}`
    const named = pick % 3 === 0 ? null : plan
    const backup = order === 'restore' ? this.#backup(environment, pick) : null
    const orderedAt = this.#time.elapsed
    const ordered: Ordered = { order, environment, reason, deployment, plan: named, backup, orderedAt }
    const by: Actor = { name: NAMES[pick % NAMES.length] ?? NAMES[0], how: 'token' }
    const asked = this.#ask(facade, ordered, by, pick)
    if (asked === null) return
    this.#watch.ordered(ordered)
    void asked.then((answer) => {
      // One that has crashed answers nobody.
      if (life.isAlive) this.#watch.answered(ordered, answer)
    })
  }

  #backup(environment: string, pick: number): Backup | null {
    const all = this.#backups(environment)
    const one = all[pick % Math.max(1, all.length)]
    return one !== undefined && pick % WRONG_EVERY === 0 ? { ...one, backup: 'no-such-backup' } : (one ?? null)
  }

  #ask(facade: Facade, ordered: Ordered, by: Actor, pick: number): Promise<Answer<unknown>> | null {
    const { environment, deployment, plan, backup, reason } = ordered
    switch (ordered.order) {
      case 'sync':
        return facade.sync(environment, by)
      case 'hold': {
        const until = pick % 2 === 0 ? null : this.#time.now() + (pick + 1) * 60_000
        return facade.hold(environment, { reason, until }, by)
      }
      case 'unhold':
        return facade.unhold(environment, { reason }, by)
      case 'rollback':
        return facade.rollback(environment, { reason, to: null, plan: null }, by)
      case 'restore':
        return backup === null ? null : facade.restore(environment, { reason, ...backup }, by)
      case 'approve':
        return deployment === null ? null : facade.approve(deployment, { reason, plan }, by)
      case 'reject':
        return deployment === null ? null : facade.reject(deployment, { reason }, by)
      case 'cancel':
        return deployment === null ? null : facade.cancel(deployment, { reason }, by)
      case 'accept-rewrite': {
        const { pending } = facade.source().context
        return pending === null ? null : facade.acceptRewrite(pending, { reason }, by)
      }
    }
  }
}
