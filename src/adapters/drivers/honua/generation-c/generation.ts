import type { LiveResource, Resource } from '../../../../core/vocabulary.ts'
import type { Abilities, ApplyRequest, Refusal } from '../../../../ports/driver.ts'
import { applyByCalls, type ByCalls, rehearseByCalls } from '../by-calls.ts'
import type { Generation, Site } from '../generation.ts'
import { FIXED_OF_C, faultsOfC } from './faults.ts'
import { type Ids, lookAtC } from './look.ts'
import { isHeldByC, omittedByC, representForC } from './represent.ts'
import { openedByC, sendToC } from './writes.ts'

/**
 * A server of generation C: calls for connections, layers, services and styles, each read back. Layers go by the server's integers;
 * the map from names is observed before every apply. What was published can be switched off, never deleted.
 */
export class GenerationC implements Generation {
  readonly letter = 'C'
  readonly speaks = 'imperative API'
  readonly abilities: Abilities = {
    delete: 'disable',
    deletes: { Connection: 'delete', Service: 'none', Style: 'none' },
    fixed: FIXED_OF_C,
    sideEffects: [
      { kind: 'Layer', action: 'create', says: 'runs database migrations of its own when it publishes a layer' },
    ],
    conditionalWrite: false,
    transactional: false,
    dryRun: false,
    exclusive: false,
  }
  readonly #site: Site

  constructor(site: Site) {
    this.#site = site
  }

  takes({ kind }: Resource): boolean {
    return isHeldByC(kind)
  }

  omits(resource: Resource): readonly string[] {
    return omittedByC(resource)
  }

  represent(resource: Resource): Resource {
    return representForC(resource)
  }

  objection(resource: Resource): string | null {
    const faults = faultsOfC(this.#site, representForC(resource))
    return faults.length === 0 ? null : `cannot hold it as it is declared: ${faults.join('; ')}`
  }

  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<readonly LiveResource[]> {
    return (await lookAtC(this.#site, hints.map(representForC), signal)).resources
  }

  dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    return rehearseByCalls(this.#calls(), request, signal)
  }

  apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    return applyByCalls(this.#calls(), request, signal)
  }

  /** For one apply: what is written goes by the ids that were seen last. */
  #calls(): ByCalls {
    let ids: Ids = { connections: new Map(), layers: new Map() }
    return {
      site: this.#site,
      represent: representForC,
      faultsOf: (resource) => faultsOfC(this.#site, resource),
      look: async (hints, signal) => {
        const seen = await lookAtC(this.#site, hints.map(representForC), signal)
        ids = seen.ids
        return seen.resources
      },
      order: ['Connection', 'Layer', 'Service', 'Style'],
      opens: (item) => openedByC(item, ids),
      send: (item, how) => sendToC(this.#site, item, ids, how),
    }
  }
}
