import { targetErrors } from '../../../../core/errors/target.ts'
import type { LiveResource, Resource } from '../../../../core/vocabulary.ts'
import type { Abilities, ApplyRequest, Refusal } from '../../../../ports/driver.ts'
import { forEachBounded } from '../../parallel.ts'
import { applyByCalls, type ByCalls, commonFaults, rehearseByCalls } from '../by-calls.ts'
import { objectsIn, textIn } from '../fields.ts'
import type { Generation, Site } from '../generation.ts'
import { holdsPassword } from './connection-string.ts'
import { FIXED_OF_A, KINDS_OF_A, type KindOfA, kindsOfA } from './kinds.ts'
import { concealOfA, readOfA } from './live.ts'
import { omittedByA, representForA } from './represent.ts'
import { sendToA } from './writes.ts'

const SECRET_AT = '/spec/connectionString'

/**
 * A server of generation A: REST calls for folders, data sources, services and layers. A resource's name is the server's id. Nothing
 * is conditional, so each resource is looked at just before it is written.
 */
export class GenerationA implements Generation {
  readonly letter = 'A'
  readonly speaks = 'REST metadata API'
  readonly abilities: Abilities = {
    delete: 'delete',
    fixed: FIXED_OF_A,
    conditionalWrite: false,
    transactional: false,
    dryRun: false,
    exclusive: false,
  }
  readonly #site: Site
  readonly #calls: ByCalls

  constructor(site: Site) {
    this.#site = site
    this.#calls = {
      site,
      represent: representForA,
      faultsOf: (resource) => this.#faultsOf(resource),
      look: (hints, signal) => this.observe(hints, signal),
      order: KINDS_OF_A.map(({ kind }) => kind),
      opens: () => [],
      send: (item, how) => sendToA(site, item, how),
    }
  }

  takes({ kind }: Resource): boolean {
    return kindsOfA.has(kind)
  }

  omits(resource: Resource): readonly string[] {
    return omittedByA(resource)
  }

  represent(resource: Resource): Resource {
    return representForA(resource)
  }

  objection(resource: Resource): string | null {
    const faults = this.#faultsOf(representForA(resource))
    return faults.length === 0 ? null : `cannot hold it as it is declared: ${faults.join('; ')}`
  }

  /** Lists tell too little of a service or a layer, so each is asked for. */
  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<readonly LiveResource[]> {
    const wanted: { readonly kind: KindOfA; readonly id: string }[] = []
    await forEachBounded(KINDS_OF_A, this.#site.settings.maxInFlight, async (kind) => {
      for (const id of await this.#idsOf(kind, signal)) wanted.push({ kind, id })
    })
    const found: LiveResource[] = []
    await forEachBounded(wanted, this.#site.settings.maxInFlight, async ({ kind, id }) => {
      const live = await readOfA(this.#site, kind, id, signal)
      if (live !== null) found.push(live)
    })
    return concealOfA(this.#site, found, hints.map(representForA))
  }

  dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    return rehearseByCalls(this.#calls, request, signal)
  }

  apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    return applyByCalls(this.#calls, request, signal)
  }

  async #idsOf({ path }: KindOfA, signal: AbortSignal): Promise<readonly string[]> {
    const answer = await this.#site.api.read(path, signal, 'plain')
    const ids = answer.success ? objectsIn(answer.data)?.map((item) => textIn(item, 'id')) : undefined
    if (ids === undefined || ids.some((id) => id === null))
      throw targetErrors.answer({
        target: this.#site.settings.name,
        doing: `GET ${path}`,
        problem: ids === undefined ? `no list (HTTP ${answer.status})` : 'an item without id',
      })
    return ids.filter((id) => id !== null)
  }

  #faultsOf(resource: Resource): readonly string[] {
    const kind = kindsOfA.get(resource.kind)
    if (kind === undefined) return ['servers of generation A hold no such kind']
    const faults = [...commonFaults(this.#site, resource, resource.kind === 'DataSource' ? SECRET_AT : null)]
    const missing = kind.required.filter((field) => resource.spec[field] === undefined)
    if (missing.length > 0) faults.push(`spec lacks ${missing.join(', ')}`)
    const text = resource.spec['connectionString']
    if (typeof text === 'string' && holdsPassword(text))
      faults.push('connectionString holds a password in the clear: declare it as ${NAME}')
    return faults
  }
}
