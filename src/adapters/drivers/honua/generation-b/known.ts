import { sha256 } from '../../../../core/canonical.ts'
import type { Json } from '../../../../core/json.ts'
import type { Digest, ResourceKey } from '../../../../core/vocabulary.ts'
import type { Observed } from '../../conceal.ts'
import { observedOf } from './live.ts'

/**
 * What the last look read. A resource that is told again in the same words, version included, is the same object as before: neither it
 * nor its digest is made again, and the planner sees at a glance that it did not change. One that may hold a secret is never kept.
 */
export class KnownResources {
  #known: ReadonlyMap<Digest, Observed> = new Map()

  /** As `observedOf`, for all of a look; `secretive` are the keys where `${NAME}` is declared. */
  read(values: readonly Json[], secretive: ReadonlySet<ResourceKey>): readonly (Observed | null)[] {
    const known = new Map<Digest, Observed>()
    const all = values.map((value) => {
      const words = sha256(JSON.stringify(value))
      const observed = this.#known.get(words) ?? observedOf(value)
      if (observed === null || secretive.has(observed.live.key) || Object.keys(observed.templates).length > 0)
        return observed
      known.set(words, observed)
      return observed
    })
    this.#known = known
    return all
  }
}
