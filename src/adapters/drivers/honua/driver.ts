import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import { declaredSecrets } from '../../../core/placeholders.ts'
import type { LiveState, Resource } from '../../../core/vocabulary.ts'
import type { Acted, ActRequest, ApplyRequest, Driver, Health, Probe, Refusal } from '../../../ports/driver.ts'
import { carryOut } from '../carry-out.ts'
import { checkActions, checkBase, type StepActions } from '../checks/index.ts'
import { concealAll, gatherSecrets, type Observed } from '../conceal.ts'
import { forEachBounded } from '../parallel.ts'
import { scrub } from '../scrub.ts'
import type { DriverDeps, HonuaTarget } from '../settings.ts'
import { HonuaApi } from './api.ts'
import { readEntries } from './entries.ts'
import { bodyOf, observedOf } from './live.ts'
import { representForHonua } from './represent.ts'
import { inBatches, RESOURCES_MAX, send } from './writes.ts'

/**
 * A Honua server of generation B, through its manifest API. The server's apply is no transaction and reports failures as skips, so
 * every entry is read, every write is read back, and deletions are made one by one on the version that was observed.
 */
export class HonuaDriver implements Driver {
  readonly name: string
  readonly #settings: HonuaTarget
  readonly #deps: DriverDeps
  readonly #api: HonuaApi
  readonly #checks: StepActions

  constructor(settings: HonuaTarget, base: URL, deps: DriverDeps) {
    this.name = settings.name
    this.#settings = settings
    this.#deps = deps
    this.#api = new HonuaApi(settings, base, deps)
    const { name: target, checks = { signIn: false, certificates: [] } } = settings
    this.#checks = checkActions({
      target,
      base: checkBase(target, checks, base),
      certificates: checks.certificates,
      visitor: async () => ({
        headers: {},
        secrets: [],
        ...(checks.signIn ? await this.#api.caller() : {}),
        tls: undefined,
      }),
      writtenDate: () => null,
      clock: deps.clock,
    })
  }

  represent(resource: Resource): Resource {
    return representForHonua(resource)
  }

  /** The server's feature flags are not believed: one without the manifest API still claims to have it. */
  async probe(signal: AbortSignal): Promise<Probe> {
    const capabilities = await this.#api.capabilities(signal)
    await this.#manifests(signal)
    const version = serverVersion(capabilities.data)
    return {
      description: `Honua ${scrub(version, [])} (manifest API)`,
      abilities: {
        delete: 'delete',
        fixed: [],
        conditionalWrite: true,
        transactional: false,
        dryRun: true,
        exclusive: false,
        actions: this.#checks.names,
      },
    }
  }

  actFault(request: ActRequest): string | null {
    return this.#checks.fault(request)
  }

  act(request: ActRequest, signal: AbortSignal): Promise<Acted> {
    return this.#checks.act(request, signal)
  }

  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<LiveState> {
    const observed = await this.#manifests(signal)
    const live = await concealAll(observed, hints.map(representForHonua), this.#deps.resolveSecret)
    const resources = [...live].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { target: this.name, resources }
  }

  /** Sends what would be sent, `${NAME}` unresolved: the server looks at fields only, and a rehearsal needs no secret. */
  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    const desired = request.changes.flatMap((change) => change.desired ?? []).map(representForHonua)
    await gatherSecrets(desired.flatMap(declaredSecrets), this.#deps.resolveSecret)
    const refusals: Refusal[] = [...this.#outside(desired)]
    for (let at = 0; at < desired.length; at += RESOURCES_MAX) {
      const chunk = desired.slice(at, at + RESOURCES_MAX)
      const bodies = chunk.map((resource) => bodyOf(resource, {}))
      const answer = await this.#api.applyManifest(bodies, { dryRun: true, reason: request.idempotencyKey }, [], signal)
      if (!answer.success) return [...refusals, ...chunk.map(({ key }) => ({ key, message: answer.message }))]
      refusals.push(...readEntries(this.name, answer.data, chunk, []).refusals)
    }
    return refusals
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    const desired = request.changes.flatMap((change) => change.desired ?? []).map(representForHonua)
    const outside = this.#outside(desired)
    if (outside.length > 0)
      throw targetErrors.refused({
        target: this.name,
        reason: outside.map((item) => `${item.key}: ${item.message}`).join('; '),
      })
    const secrets = await gatherSecrets(desired.flatMap(declaredSecrets), this.#deps.resolveSecret)
    const job = { target: this.name, api: this.#api, request, secrets, signal }
    await carryOut({
      target: this.name,
      request,
      represent: representForHonua,
      write: (pending) => send(job, inBatches(pending)),
      look: async () => {
        const observed = await this.#manifests(signal)
        const live = await concealAll(observed, desired, this.#deps.resolveSecret)
        return new Map(live.map((resource) => [resource.key, resource]))
      },
      signal,
    })
  }

  async health(signal: AbortSignal): Promise<Health> {
    try {
      const ready = await this.#api.health('ready', signal)
      if (ready.status === 200) return { healthy: true }
      const live = await this.#api.health('live', signal)
      const alive = live.status === 200 ? 'it is alive' : `/healthz/live answered ${live.status}`
      return { healthy: false, message: `${this.#api.host}/healthz/ready answered ${ready.status}; ${alive}` }
    } catch (error) {
      if (error instanceof HonuaError) return { healthy: false, message: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    // Connections are fetch's own and close when idle.
  }

  /** All resources that the server holds, in the namespaces this target is for. */
  async #manifests(signal: AbortSignal): Promise<readonly Observed[]> {
    const observed: Observed[] = []
    await forEachBounded(this.#settings.namespaces ?? [null], this.#settings.maxInFlight, async (namespace) => {
      const answer = await this.#api.manifest(namespace, signal)
      if (answer.status === 404)
        throw targetErrors.unsupported({
          target: this.name,
          host: this.#api.host,
          reason:
            'it has no /api/v1/admin/manifest: a server of generation C (2026.1), where manifests were removed, is not supported yet',
        })
      observed.push(...this.#resourcesOf(answer.data, answer.message))
    })
    return observed
  }

  #resourcesOf(data: Json, message: string): readonly Observed[] {
    const resources = isJsonObject(data) ? data['resources'] : undefined
    const list: readonly Json[] | null = Array.isArray(resources) ? resources : null
    const observed = list?.map(observedOf)
    // An answer that cannot be read whole must never look like a server that holds less.
    if (observed === undefined || observed.some((item) => item === null))
      throw targetErrors.answer({
        target: this.name,
        doing: 'GET /api/v1/admin/manifest',
        problem: list === null ? `no list of resources (${message})` : 'a resource without kind or name',
      })
    return observed.filter((item) => item !== null)
  }

  #outside(desired: readonly Resource[]): readonly Refusal[] {
    const { namespaces } = this.#settings
    if (namespaces === undefined) return []
    return desired.flatMap(({ key, namespace }) =>
      namespaces.includes(namespace)
        ? []
        : [{ key, message: `this target is for the namespaces ${namespaces.join(', ')} only` }],
    )
  }
}

function serverVersion(data: Json): string {
  const compatibility = isJsonObject(data) ? data['compatibility'] : undefined
  const version = isJsonObject(compatibility) ? compatibility['serverVersion'] : undefined
  return typeof version === 'string' ? version : 'of unknown version'
}
