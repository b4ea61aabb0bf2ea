import type { HonuaError } from '../../../../core/errors/honua-error.ts'
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
import { KnownResources } from './known.ts'
import { bodyOf } from './live.ts'
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
  readonly #known = new KnownResources()

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
    const represented = hints.map(representForHonua)
    return concealAll(await this.#manifests(represented, signal), represented, this.#site.deps.resolveSecret)
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
    const { name: target, maxInFlight } = this.#site.settings
    const job = { target, maxInFlight, api: this.#site.api, request, secrets, signal }
    await carryOut({
      target: this.#site.settings.name,
      request,
      represent: representForHonua,
      write: (pending, landed) => send({ ...job, landed }, inBatches(pending)),
      look: async () => {
        const observed = await this.#manifests(desired, signal)
        const live = await concealAll(observed, desired, this.#site.deps.resolveSecret)
        return new Map(live.map((resource) => [resource.key, resource]))
      },
      signal,
    })
  }

  /** All resources that the server holds, in the namespaces this target is for. */
  async #manifests(hints: readonly Resource[], signal: AbortSignal): Promise<readonly Observed[]> {
    const told: Json[] = []
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
        for (const one of this.#resourcesOf(answer.data, answer.message)) told.push(one)
      },
    )
    const secretive = new Set(hints.filter((hint) => declaredSecrets(hint).length > 0).map(({ key }) => key))
    const observed = this.#known.read(told, secretive)
    if (observed.includes(null)) throw this.#unreadable('a resource without kind or name')
    return observed.filter((item) => item !== null)
  }

  #resourcesOf(data: Json, message: string): readonly Json[] {
    const resources = isJsonObject(data) ? data['resources'] : undefined
    if (!Array.isArray(resources)) throw this.#unreadable(`no list of resources (${message})`)
    return resources
  }

  /** An answer that cannot be read whole must never look like a server that holds less. */
  #unreadable(problem: string): HonuaError {
    return targetErrors.answer({ target: this.#site.settings.name, doing: 'GET /api/v1/admin/manifest', problem })
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
