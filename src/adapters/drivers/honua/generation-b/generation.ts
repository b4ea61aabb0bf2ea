import { targetErrors } from '../../../../core/errors/target.ts'
import type { Json } from '../../../../core/json.ts'
import { isJsonObject } from '../../../../core/json.ts'
import { declaredSecrets } from '../../../../core/placeholders.ts'
import type { LiveResource, Resource } from '../../../../core/vocabulary.ts'
import type { Abilities, ApplyRequest, Refusal } from '../../../../ports/driver.ts'
import { carryOut } from '../../carry-out.ts'
import { concealAll, gatherSecrets, type Observed } from '../../conceal.ts'
import { forEachBounded } from '../../parallel.ts'
import type { Generation, Site } from '../generation.ts'
import { readEntries } from './entries.ts'
import { bodyOf, observedOf } from './live.ts'
import { applyManifest, readManifest } from './manifest-api.ts'
import { representForHonua } from './represent.ts'
import { inBatches, RESOURCES_MAX, send } from './writes.ts'

/**
 * A server of generation B, through its manifest API. The server's apply is no transaction and reports failures as skips, so
 * every entry is read, every write is read back, and deletions are made one by one on the version that was observed.
 */
export class GenerationB implements Generation {
  readonly letter = 'B'
  readonly speaks = 'manifest API'
  readonly abilities: Abilities = {
    delete: 'delete',
    fixed: [],
    conditionalWrite: true,
    transactional: false,
    dryRun: true,
    exclusive: false,
  }
  readonly #site: Site

  constructor(site: Site) {
    this.#site = site
  }

  takes({ kind }: Resource): boolean {
    return kind !== 'Migration'
  }

  omits(): readonly string[] {
    return []
  }

  represent(resource: Resource): Resource {
    return representForHonua(resource)
  }

  objection(): string | null {
    return null
  }

  /** The server's feature flags are not believed: one without the manifest API still claims to have it. */
  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<readonly LiveResource[]> {
    const observed = await this.#manifests(signal)
    return concealAll(observed, hints.map(representForHonua), this.#site.deps.resolveSecret)
  }

  /** Sends what would be sent, `${NAME}` unresolved: the server looks at fields only, and a rehearsal needs no secret. */
  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    const desired = request.changes.flatMap((change) => change.desired ?? []).map(representForHonua)
    await gatherSecrets(desired.flatMap(declaredSecrets), this.#site.deps.resolveSecret)
    const refusals: Refusal[] = [...this.#outside(desired)]
    for (let at = 0; at < desired.length; at += RESOURCES_MAX) {
      const chunk = desired.slice(at, at + RESOURCES_MAX)
      const bodies = chunk.map((resource) => bodyOf(resource, {}))
      const answer = await applyManifest(
        this.#site.api,
        bodies,
        { dryRun: true, reason: request.idempotencyKey },
        [],
        signal,
      )
      if (!answer.success) return [...refusals, ...chunk.map(({ key }) => ({ key, message: answer.message }))]
      refusals.push(...readEntries(this.#site.settings.name, answer.data, chunk, []).refusals)
    }
    return refusals
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    const desired = request.changes.flatMap((change) => change.desired ?? []).map(representForHonua)
    const outside = this.#outside(desired)
    if (outside.length > 0)
      throw targetErrors.refused({
        target: this.#site.settings.name,
        reason: outside.map((item) => `${item.key}: ${item.message}`).join('; '),
      })
    const secrets = await gatherSecrets(desired.flatMap(declaredSecrets), this.#site.deps.resolveSecret)
    const job = { target: this.#site.settings.name, api: this.#site.api, request, secrets, signal }
    await carryOut({
      target: this.#site.settings.name,
      request,
      represent: representForHonua,
      write: (pending) => send(job, inBatches(pending)),
      look: async () => {
        const observed = await this.#manifests(signal)
        const live = await concealAll(observed, desired, this.#site.deps.resolveSecret)
        return new Map(live.map((resource) => [resource.key, resource]))
      },
      signal,
    })
  }

  /** All resources that the server holds, in the namespaces this target is for. */
  async #manifests(signal: AbortSignal): Promise<readonly Observed[]> {
    const observed: Observed[] = []
    await forEachBounded(
      this.#site.settings.namespaces ?? [null],
      this.#site.settings.maxInFlight,
      async (namespace) => {
        const answer = await readManifest(this.#site.api, namespace, signal)
        if (answer.status === 404)
          throw targetErrors.unsupported({
            target: this.#site.settings.name,
            host: this.#site.api.host,
            reason: 'GET /api/v1/admin/manifest answered 404: it is no server of generation B, or no longer',
            retry: this.#site.settings.generation === undefined ? 'later' : 'after-config-change',
            remedy:
              'the next look probes anew, unless the configuration names the generation: then correct or remove that',
          })
        observed.push(...this.#resourcesOf(answer.data, answer.message))
      },
    )
    return observed
  }

  #resourcesOf(data: Json, message: string): readonly Observed[] {
    const resources = isJsonObject(data) ? data['resources'] : undefined
    const list: readonly Json[] | null = Array.isArray(resources) ? resources : null
    const observed = list?.map(observedOf)
    // An answer that cannot be read whole must never look like a server that holds less.
    if (observed === undefined || observed.some((item) => item === null))
      throw targetErrors.answer({
        target: this.#site.settings.name,
        doing: 'GET /api/v1/admin/manifest',
        problem: list === null ? `no list of resources (${message})` : 'a resource without kind or name',
      })
    return observed.filter((item) => item !== null)
  }

  #outside(desired: readonly Resource[]): readonly Refusal[] {
    const { namespaces } = this.#site.settings
    if (namespaces === undefined) return []
    return desired.flatMap(({ key, namespace }) =>
      namespaces.includes(namespace)
        ? []
        : [{ key, message: `this target is for the namespaces ${namespaces.join(', ')} only` }],
    )
  }
}
