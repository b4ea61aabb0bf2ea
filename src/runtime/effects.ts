import type { Log } from '../ports/log.ts'

/** Effects an actor owes and the memory they were owed in. */
export interface Owing<Effect> {
  readonly owed: readonly Effect[]
}

/** Carries one effect out and says what came of it. Must stop promptly when the signal aborts; may throw. */
export type Carry<Context, Effect, Fact> = (effect: Effect, context: Context, signal: AbortSignal) => Promise<Fact>

/**
 * Pays what an actor owes. The owed list of the newest state is the only instruction: what is on it runs, what left it is aborted, and
 * after a restart everything on it starts again. One effect at a time, so that an aborted one has let go of the targets before the
 * next one touches them.
 */
export class EffectDesk<
  Context extends Owing<Effect>,
  Effect extends { readonly id: string; readonly kind: string },
  Fact,
> {
  readonly #carry: Carry<Context, Effect, Fact>
  readonly #answer: (fact: Fact) => Promise<unknown>
  readonly #log: Log
  #current: { readonly id: string; readonly abort: AbortController } | null = null
  #tail: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(parts: {
    readonly carry: Carry<Context, Effect, Fact>
    readonly answer: (fact: Fact) => Promise<unknown>
    readonly log: Log
  }) {
    this.#carry = parts.carry
    this.#answer = parts.answer
    this.#log = parts.log
  }

  /** Brings what runs in line with what is owed. */
  pay(context: Context): void {
    const [effect] = context.owed
    if (this.#stopped || effect?.id === this.#current?.id) return
    this.#current?.abort.abort(new Error('no longer owed'))
    this.#current = null
    if (effect === undefined) return
    const abort = new AbortController()
    this.#current = { id: effect.id, abort }
    this.#tail = this.#tail.then(() => this.#run(effect, context, abort.signal))
  }

  /** Resolves when nothing runs: what was started so far is answered, or was aborted. */
  async idle(): Promise<void> {
    await this.#tail
  }

  /** Aborts what runs and resolves when it has let go. What is owed stays owed, for the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#current?.abort.abort(new Error('the controller stops'))
    this.#current = null
    await this.#tail
  }

  async #run(effect: Effect, context: Context, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    try {
      const fact = await this.#carry(effect, context, signal)
      if (!signal.aborted) await this.#answer(fact)
    } catch (error) {
      if (signal.aborted) return
      this.#log.error(
        { effect: effect.id, kind: effect.kind, error: String(error) },
        'an effect could not be answered; it stays owed',
      )
    }
  }
}
