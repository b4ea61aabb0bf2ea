import type { Deed, Instant } from '../../core/vocabulary.ts'

/** A step that was begun: what it is, and what became of it once that is known. */
interface Begun {
  readonly of: Pick<Deed, 'step' | 'component' | 'instance' | 'target' | 'server'>
  readonly at: Instant
  deed: Deed | null
}

/**
 * The steps of the effect that an environment's desk carries out, in memory: an effect that is broken off answers nothing, and what it
 * has begun must be told by what breaks it off.
 */
export class Doing {
  readonly #begun = new Map<string, { readonly effect: string; readonly steps: Begun[] }>()
  /** By environment, resolves when no order is about to break off what it does. */
  readonly #gates = new Map<string, Promise<unknown>>()

  /** Begins a step, not while an order that may end it is being taken; `done` is told what became of it. */
  async begin(
    {
      environment,
      effect,
      signal,
    }: { readonly environment: string; readonly effect: string; readonly signal: AbortSignal },
    of: Begun['of'],
    now: () => Instant,
  ): Promise<{ readonly at: Instant; readonly done: (deed: Deed) => Deed }> {
    for (let gate = this.#gates.get(environment); gate !== undefined; gate = this.#gates.get(environment)) await gate
    signal.throwIfAborted()
    const known = this.#begun.get(environment)
    const work = known?.effect === effect ? known : { effect, steps: [] }
    this.#begun.set(environment, work)
    const begun: Begun = { of, at: now(), deed: null }
    work.steps.push(begun)
    return {
      at: begun.at,
      done: (deed) => {
        begun.deed = deed
        return deed
      },
    }
  }

  /** Gives an order what it breaks off, should it be taken; no step begins until it is answered. */
  async breakingOff<Value>(
    {
      environment,
      effect,
      now,
    }: { readonly environment: string; readonly effect: string | undefined; readonly now: Instant },
    order: (did: readonly Deed[]) => Promise<Value>,
  ): Promise<Value> {
    const ordered = order(effect === undefined ? [] : this.of(environment, effect, now))
    const gate = Promise.allSettled([this.#gates.get(environment), ordered])
    this.#gates.set(environment, gate)
    try {
      return await ordered
    } finally {
      if (this.#gates.get(environment) === gate) this.#gates.delete(environment)
    }
  }

  /** What the effect that is under way has begun in this run of the controller. */
  of(environment: string, effect: string, now: Instant): readonly Deed[] {
    const work = this.#begun.get(environment)
    return work?.effect === effect ? work.steps.map(({ of, at, deed }) => deed ?? unknown(of, now - at)) : []
  }
}

function unknown(of: Begun['of'], ms: number): Deed {
  const message = `the step ${of.step} on "${of.target}" was broken off: whether it was done is not known`
  return { ...of, ok: false, message, ms }
}
