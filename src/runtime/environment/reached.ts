import type { Instant, TargetSeen } from '../../core/vocabulary.ts'
import { failureFacts } from '../failure.ts'

/** Whether each target answered when it was looked at last, and what: in memory, for people, and never decided by. */
export class Reached {
  readonly #seen = new Map<string, Map<string, TargetSeen>>()

  /** Looks at a target, and notes how that went. `what` is what answered, once that is known. */
  async noting<Value>(
    at: { readonly environment: string; readonly target: string; readonly now: () => Instant },
    look: (what: (description: string) => void) => Promise<Value>,
  ): Promise<Value> {
    const { environment, target, now } = at
    const before = this.#of(environment).get(target)
    let description = before?.description ?? null
    const note = (failure: TargetSeen['failure'], answeredAt: Instant | null) =>
      this.#of(environment).set(target, { target, description, lookedAt: now(), answeredAt, failure })
    try {
      const value = await look((told) => {
        description = told
      })
      note(null, now())
      return value
    } catch (error) {
      const { code, message } = failureFacts(error)
      const since = before?.failure?.since ?? now()
      note({ code, message, since }, before?.answeredAt ?? null)
      throw error
    }
  }

  /** In the order in which they were looked at first; those that were not looked at since the start are absent. */
  of(environment: string): readonly TargetSeen[] {
    return [...this.#of(environment).values()]
  }

  #of(environment: string): Map<string, TargetSeen> {
    const known = this.#seen.get(environment) ?? new Map<string, TargetSeen>()
    this.#seen.set(environment, known)
    return known
  }
}
