import { HonuaError } from '../../../core/errors/honua-error.ts'
import { declaredSecrets, resolveSecrets } from '../../../core/placeholders.ts'
import { makeResource } from '../../../core/resource.ts'
import type { LiveState, Resource } from '../../../core/vocabulary.ts'
import type { Acted, ActRequest, ApplyRequest, Driver, Health, Probe, Refusal } from '../../../ports/driver.ts'
import { checkActions, checkBase, type StepActions } from '../checks/index.ts'
import { gatherSecrets } from '../conceal.ts'
import type { DriverDeps, HonuaTarget } from '../settings.ts'
import { ACTIONS } from './actions.ts'
import { HonuaApi } from './api.ts'
import type { Generation, Letter, Site } from './generation.ts'
import { GenerationA } from './generation-a/generation.ts'
import { GenerationB } from './generation-b/generation.ts'
import { GenerationC } from './generation-c/generation.ts'
import { findGeneration } from './probe.ts'

/**
 * A Honua server of any generation. Which one answers is found by probing, at every probe anew: a server may be upgraded at any time.
 * Until the first answer it is taken for one of generation B, or of the one that is configured.
 */
export class HonuaDriver implements Driver {
  readonly name: string
  readonly #site: Site
  readonly #generations: Readonly<Record<Letter, Generation>>
  /** Steps that look at what any generation serves. */
  readonly #checks: StepActions
  #found: Letter | null = null

  constructor(settings: HonuaTarget, base: URL, deps: DriverDeps) {
    this.name = settings.name
    this.#site = { settings, deps, api: new HonuaApi(settings, base, deps) }
    this.#generations = {
      A: new GenerationA(this.#site),
      B: new GenerationB(this.#site),
      C: new GenerationC(this.#site),
    }
    const { name: target, checks = { signIn: false, certificates: [] } } = settings
    this.#checks = checkActions({
      target,
      base: checkBase(target, checks, base),
      certificates: checks.certificates,
      visitor: async () => ({
        headers: {},
        secrets: [],
        ...(checks.signIn ? await this.#site.api.caller() : {}),
        tls: undefined,
      }),
      writtenDate: () => null,
      clock: deps.clock,
    })
  }

  takes(resource: Resource): boolean {
    return this.#likely().takes(resource)
  }

  omits(resource: Resource): readonly string[] {
    return this.#likely().omits(resource)
  }

  represent(resource: Resource): Resource {
    return this.#likely().represent(resource)
  }

  objection(resource: Resource): string | null {
    return this.#likely().objection(resource)
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    const { letter, version } = await findGeneration(this.#site, this.#found, signal)
    this.#found = letter
    const { speaks, abilities } = this.#generations[letter]
    return {
      description: `Honua ${version} (${speaks})`,
      abilities: { ...abilities, actions: [...Object.keys(ACTIONS[letter]), ...this.#checks.names] },
    }
  }

  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<LiveState> {
    const generation = await this.#certain(signal)
    const resources = await generation.observe(hints, signal).then((observed) => [...observed], this.#doubt)
    resources.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { target: this.name, resources }
  }

  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    return (await this.#certain(signal)).dryRun(request, signal)
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    await (await this.#certain(signal)).apply(request, signal)
  }

  actFault(request: ActRequest): string | null {
    return this.#checks.fault(request)
  }

  async act(request: ActRequest, signal: AbortSignal): Promise<Acted> {
    const actions = ACTIONS[(await this.#certain(signal)).letter]
    const action = Object.hasOwn(actions, request.action) ? actions[request.action] : undefined
    if (action === undefined) return this.#checks.act(request, signal)
    return { message: await action(this.#site, { ...request, inputs: await this.#inputsOf(request) }, signal) }
  }

  async health(signal: AbortSignal): Promise<Health> {
    const { api } = this.#site
    try {
      const ready = await api.health('ready', signal)
      if (ready.status === 200) return { healthy: true }
      const live = await api.health('live', signal)
      const alive = live.status === 200 ? 'it is alive' : `/healthz/live answered ${live.status}`
      return { healthy: false, message: `${api.host}/healthz/ready answered ${ready.status}; ${alive}` }
    } catch (error) {
      if (error instanceof HonuaError) return { healthy: false, message: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    // Connections are fetch's own and close when idle.
  }

  #likely(): Generation {
    return this.#generations[this.#found ?? this.#site.settings.generation ?? 'B']
  }

  /** What does not answer like the generation it was taken for is not believed to be one at the next probe. */
  readonly #doubt = (error: unknown): never => {
    if (error instanceof HonuaError && error.code === 'HONUA_TARGET_UNSUPPORTED') this.#found = null
    throw error
  }

  async #certain(signal: AbortSignal): Promise<Generation> {
    signal.throwIfAborted()
    this.#found ??= this.#site.settings.generation ?? (await findGeneration(this.#site, null, signal)).letter
    return this.#generations[this.#found]
  }

  async #inputsOf({ inputs }: ActRequest) {
    const carrier = makeResource({ apiVersion: '', kind: '', namespace: '', name: '', metadata: {}, spec: inputs })
    const values = await gatherSecrets(declaredSecrets(carrier), this.#site.deps.resolveSecret)
    return resolveSecrets(carrier, (name) => values.get(name) ?? '').spec
  }
}
