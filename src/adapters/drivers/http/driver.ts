import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { isJsonObject } from '../../../core/json.ts'
import { declaredSecrets } from '../../../core/placeholders.ts'
import type { LiveResource, LiveState, Resource } from '../../../core/vocabulary.ts'
import type { Acted, ActRequest, ApplyRequest, Driver, Health, Probe, Refusal } from '../../../ports/driver.ts'
import { carryOut } from '../carry-out.ts'
import { checkActions, type StepActions, stepsOf } from '../checks/index.ts'
import { concealAll, gatherSecrets, type Observed } from '../conceal.ts'
import { forEachBounded } from '../parallel.ts'
import type { DriverDeps } from '../settings.ts'
import { HttpApi } from './api.ts'
import { type Listed, listAll } from './listing.ts'
import { at } from './pointers.ts'
import type { HttpKind, HttpTarget } from './settings.ts'
import { faultsOf, observedOf, representFor, withWriteOnly } from './shape.ts'
import { siteOf } from './site.ts'
import { templateActions } from './steps.ts'
import { sendAll } from './writes.ts'

/**
 * Any JSON admin API, by templates. Writes are requests of their own, conditional where the API has ETags, and read back: such an
 * API promises nothing about several resources at once. Kinds without templates are none of its business.
 */
export class HttpDriver implements Driver {
  readonly name: string
  readonly #target: HttpTarget
  readonly #environment: string
  readonly #deps: DriverDeps
  readonly #api: HttpApi
  readonly #kinds: ReadonlyMap<string, HttpKind>
  readonly #steps: StepActions

  constructor(target: HttpTarget, environment: string, base: URL, deps: DriverDeps) {
    this.name = target.name
    this.#target = target
    this.#environment = environment
    this.#deps = deps
    this.#api = new HttpApi(target, base, deps)
    this.#kinds = new Map(target.kinds.map((kind) => [kind.kind, kind]))
    const site = siteOf(target, base, this.#api, deps)
    this.#steps = stepsOf([templateActions(target, this.#api, deps), ...(site === null ? [] : [checkActions(site)])])
  }

  takes({ kind }: Resource): boolean {
    return this.#kinds.has(kind)
  }

  represent(resource: Resource): Resource {
    return representFor(this.#kinds.get(resource.kind), resource)
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    await this.#answers(signal)
    const { kinds } = this.#target
    const held = kinds.map(({ kind }) => kind).join(', ')
    return {
      description: `JSON API at ${this.#api.host}${held === '' ? '' : ` (${held})`}`,
      abilities: {
        delete: kinds.every((kind) => kind.delete !== undefined) ? 'delete' : 'none',
        fixed: kinds.flatMap(({ kind, fixed }) =>
          fixed.map(({ pointer, change: then, why }) => ({ kind, pointer: `/spec${pointer}`, then, why })),
        ),
        conditionalWrite: kinds.every(({ etag }) => etag),
        transactional: false,
        dryRun: false,
        exclusive: false,
        actions: this.#steps.names,
        unseen: Object.entries(this.#target.actions).flatMap(([name, { look }]) => (look === undefined ? [name] : [])),
      },
    }
  }

  actFault(request: ActRequest): string | null {
    return this.#steps.fault(request)
  }

  act(request: ActRequest, signal: AbortSignal): Promise<Acted> {
    return this.#steps.act(request, signal)
  }

  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<LiveState> {
    const resources = [
      ...(await this.#look(
        hints.map((hint) => this.represent(hint)),
        signal,
      )),
    ]
    resources.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { target: this.name, resources }
  }

  /** No such API can be asked without being changed: what the templates cannot carry is told, and what does not answer. */
  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    signal.throwIfAborted()
    await this.#firstList(signal)
    await gatherSecrets(this.#desired(request).flatMap(declaredSecrets), this.#deps.resolveSecret)
    return this.#refusals(request)
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    const refusals = this.#refusals(request)
    if (refusals.length > 0) {
      const reason = refusals.map(({ key, message }) => `${key}: ${message}`).join('; ')
      throw targetErrors.refused({ target: this.name, reason })
    }
    const desired = this.#desired(request)
    const secrets = await gatherSecrets(desired.flatMap(declaredSecrets), this.#deps.resolveSecret)
    const job = {
      target: this.name,
      environment: this.#environment,
      api: this.#api,
      kindOf: (kind: string) => this.#kinds.get(kind),
      secrets,
      maxInFlight: this.#target.maxInFlight,
      signal,
    }
    await carryOut({
      target: this.name,
      request,
      represent: (resource) => this.represent(resource),
      look: async () => new Map((await this.#look(desired, signal)).map((live) => [live.key, live])),
      write: (pending, landed) => sendAll({ ...job, landed }, pending),
      signal,
    })
  }

  async health(signal: AbortSignal): Promise<Health> {
    const { health } = this.#target
    try {
      if (health === undefined) {
        await this.#firstList(signal)
        return { healthy: true }
      }
      const url = this.#api.address(health.path, { environment: this.#environment })
      const { isSuccess, status, data, stale } = await this.#api.read(url, signal)
      const where = `${url.host}${url.pathname}`
      if (stale !== null) return { healthy: false, message: `${where}: ${stale}` }
      if (!isSuccess) return { healthy: false, message: `${where} answered ${status}` }
      if (health.field === undefined || at(data, health.field) === health.equals) return { healthy: true }
      return { healthy: false, message: `${where}: ${health.field} is not ${JSON.stringify(health.equals)}` }
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HonuaError) return { healthy: false, message: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    // Connections are the client's own and close when idle.
  }

  #desired(request: ApplyRequest): readonly Resource[] {
    return request.changes.flatMap(({ desired }) => (desired === null ? [] : [this.represent(desired)]))
  }

  #refusals(request: ApplyRequest): readonly Refusal[] {
    return request.changes.flatMap(({ change: { key }, desired }) => {
      const kind = this.#kinds.get(key.slice(0, key.indexOf('/')))
      if (kind === undefined) return [{ key, message: 'this target has no templates for its kind' }]
      if (desired === null)
        return kind.delete === undefined ? [{ key, message: 'this target cannot delete its kind' }] : []
      const faults = faultsOf(kind, this.represent(desired), this.#target.namespaces)
      return faults.length === 0 ? [] : [{ key, message: faults.join('; ') }]
    })
  }

  /** Everything live of the kinds that have templates, secrets concealed. */
  async #look(hints: readonly Resource[], signal: AbortSignal): Promise<readonly LiveResource[]> {
    const observed: { readonly kind: HttpKind; readonly seen: Observed }[] = []
    for (const [kind, listed] of await this.#lists(signal))
      await forEachBounded(listed, this.#target.maxInFlight, async (item) => {
        const seen =
          kind.read === undefined ? observedOf(kind, item, item.item, null) : await this.#read(kind, item, signal)
        if (seen !== null) observed.push({ kind, seen })
      })
    const declared = new Map(hints.map((hint) => [hint.key, hint]))
    const kinds = new Map(observed.map(({ kind, seen }) => [seen.live.key, kind]))
    const open = observed.map(({ kind, seen }) => {
      // What the API gives instead of such a secret is worth hiding too, and equals nothing declared.
      return { ...seen, live: withWriteOnly(kind, seen.live, undefined) }
    })
    const live = await concealAll(open, hints, this.#deps.resolveSecret)
    return live.map((resource) => {
      const kind = kinds.get(resource.key)
      return kind === undefined ? resource : withWriteOnly(kind, resource, declared.get(resource.key))
    })
  }

  async #lists(signal: AbortSignal): Promise<readonly (readonly [HttpKind, readonly Listed[]])[]> {
    const asked = this.#target.kinds.flatMap((kind) => this.#placesOf(kind).map((namespace) => ({ kind, namespace })))
    const found: (readonly [HttpKind, readonly Listed[]])[] = []
    await forEachBounded(asked, this.#target.maxInFlight, async ({ kind, namespace }) => {
      const place = { environment: this.#environment, namespace }
      found.push([kind, await listAll(this.name, this.#api, kind, place, signal)])
    })
    return found
  }

  /** The namespaces a list is asked for; one null where its path has no place for any. */
  #placesOf(kind: HttpKind): readonly (string | null)[] {
    return kind.list.path.includes('{namespace}') ? (this.#target.namespaces ?? []) : [null]
  }

  /** Null for what vanished since it was listed. */
  async #read(kind: HttpKind, { namespace, name }: Listed, signal: AbortSignal): Promise<Observed | null> {
    const values = { environment: this.#environment, kind: kind.kind, namespace, name }
    const url = this.#api.address(kind.read?.path ?? '', values)
    const answer = await this.#api.read(url, signal)
    if (answer.status === 404) return null
    const item = answer.isSuccess ? at(answer.data, kind.item) : undefined
    const etag = kind.etag ? answer.headers.get('etag') : null
    const problem = isJsonObject(item)
      ? kind.etag && etag === null
        ? 'no ETag'
        : null
      : `no item (HTTP ${answer.status})`
    if (problem !== null || !isJsonObject(item))
      throw targetErrors.answer({ target: this.name, doing: `GET ${url.pathname}`, problem: problem ?? 'no item' })
    return observedOf(kind, { namespace, name }, item, etag)
  }

  /** A target without kinds has nothing to list: then its health page is asked, if it has one. */
  async #answers(signal: AbortSignal): Promise<void> {
    const { health, kinds } = this.#target
    if (kinds.length > 0) await this.#firstList(signal)
    else if (health !== undefined)
      await this.#api.read(this.#api.address(health.path, { environment: this.#environment }), signal)
  }

  async #firstList(signal: AbortSignal): Promise<void> {
    const [kind] = this.#target.kinds
    if (kind === undefined) return
    const [namespace = null] = this.#placesOf(kind)
    await listAll(this.name, this.#api, kind, { environment: this.#environment, namespace }, signal)
  }
}
