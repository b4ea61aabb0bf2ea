import { OTTO, type RuntimeWorld } from '../support/runtime-world.ts'
import type { VirtualClock } from '../support/virtual-clock.ts'
import type { RollingGit } from './rolling-git.ts'

const MINUTE = 60_000

/** What was done to the controller so far. */
export interface Done {
  commits: number
  drifts: number
  approvals: number
  rejections: number
  rollbacks: number
  holds: number
  illnesses: number
}

/**
 * A city's day, minute by minute: commits, changes by hand, answers to requests, rollbacks, holds and targets that refuse for a while.
 * All chance comes from the clock's seed.
 */
export class Load {
  readonly done: Done = { commits: 0, drifts: 0, approvals: 0, rejections: 0, rollbacks: 0, holds: 0, illnesses: 0 }
  /** The first order that failed, if any. */
  failure: unknown
  readonly #clock: VirtualClock
  readonly #git: RollingGit
  readonly #names: readonly string[]
  #minute = 0
  /** Environments whose targets refuse, and until which minute; environments held, likewise. */
  readonly #ill = new Map<string, number>()
  readonly #held = new Map<string, number>()

  constructor(clock: VirtualClock, git: RollingGit, names: readonly string[]) {
    this.#clock = clock
    this.#git = git
    this.#names = names
  }

  /** What happens in one minute. Orders are not waited for: they need time to pass. */
  minute(world: RuntimeWorld): void {
    this.#minute += 1
    if (this.#minute % 2 === 0) this.#commit()
    this.#drift(world)
    this.#answer(world)
    if (this.#minute % 10 === 0) this.#rollBack(world)
    if (this.#minute % 7 === 0) this.#hold(world)
    if (this.#minute % 15 === 0) this.#fallIll(world)
    this.#getWell(world)
    this.#letGo(world)
  }

  #commit(): void {
    const count = 1 + Math.floor(this.#clock.random() * 5)
    this.#git.touch(Array.from({ length: count }, () => this.#any()))
    this.done.commits += 1
  }

  #drift(world: RuntimeWorld): void {
    const target = world.target(this.#any())
    const [key] = target.resources.keys()
    if (key === undefined) return
    target.drift(key, `changed by hand in minute ${this.#minute}`)
    this.done.drifts += 1
  }

  #answer({ controller, facade }: RuntimeWorld): void {
    const waiting = controller.hosts.filter(({ actor }) => actor.path === 'AwaitingApproval.asked')
    for (const { context } of waiting.slice(0, 1 + Math.floor(waiting.length / 10))) {
      const id = context.attempt?.id ?? ''
      // By count and not by chance: few answers would now and then hold no rejection at all.
      if ((this.done.approvals + this.done.rejections) % 8 !== 7) {
        this.#given(facade.approve(id, { reason: 'soak', plan: null }, OTTO))
        this.done.approvals += 1
      } else {
        this.#given(facade.reject(id, { reason: 'soak' }, OTTO))
        this.done.rejections += 1
      }
    }
  }

  #rollBack({ facade }: RuntimeWorld): void {
    this.#given(facade.rollback(this.#any(), { reason: 'soak', to: null, plan: null }, OTTO))
    this.done.rollbacks += 1
  }

  #hold({ facade }: RuntimeWorld): void {
    const name = this.#any()
    this.#given(facade.hold(name, { reason: 'soak', until: this.#clock.now() + 20 * MINUTE }, OTTO))
    this.#held.set(name, this.#minute + 30)
    this.done.holds += 1
  }

  #fallIll(world: RuntimeWorld): void {
    const name = this.#any()
    world.target(name).refusal = 'the disk of the server is full'
    this.#ill.set(name, this.#minute + 10)
    this.done.illnesses += 1
  }

  #getWell(world: RuntimeWorld): void {
    for (const [name, until] of this.#ill)
      if (until <= this.#minute) {
        world.target(name).refusal = null
        this.#ill.delete(name)
        this.#held.set(name, this.#minute + 5)
      }
  }

  /** People lift what they placed, and let go on what was quarantined. */
  #letGo({ facade }: RuntimeWorld): void {
    for (const [name, until] of this.#held)
      if (until <= this.#minute) {
        this.#given(facade.unhold(name, { reason: 'soak' }, OTTO))
        this.#held.delete(name)
      }
  }

  /** Orders answer with yes or no, and never fail; a failure ends the soak. */
  #given(order: Promise<unknown>): void {
    order.catch((error: unknown) => {
      this.failure ??= error
    })
  }

  #any(): string {
    return this.#names[Math.floor(this.#clock.random() * this.#names.length)] ?? ''
  }
}
