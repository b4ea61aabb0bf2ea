import { FailedChecks } from '../../../core/errors/failed-checks.ts'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { MIGRATION } from '../../../core/migrations/index.ts'
import { declaredSecrets, resolveIn, resolveSecrets, secretsIn } from '../../../core/placeholders.ts'
import type { LiveResource, LiveState, Resource } from '../../../core/vocabulary.ts'
import type { Acted, ActRequest, ApplyRequest, Driver, Health, Probe, Refusal } from '../../../ports/driver.ts'
import { carryOut, isWhole, type Outcome, type Pending } from '../carry-out.ts'
import { concealAll, gatherSecrets, templatesOf } from '../conceal.ts'
import { scrub } from '../scrub.ts'
import type { DriverDeps } from '../settings.ts'
import { call } from './program.ts'
import {
  type Answer,
  type Method,
  type ProgramError,
  readActed,
  readAnswer,
  readApplied,
  readHealth,
  readObserved,
  readProbe,
  readRefusals,
  requestText,
} from './protocol.ts'
import type { CommandTarget } from './settings.ts'

/** A target driven by a program of its own. What the program says of its writes is not believed: they are read back. */
export class CommandDriver implements Driver {
  readonly name: string
  readonly #target: CommandTarget
  readonly #environment: string
  readonly #deps: DriverDeps

  constructor(target: CommandTarget, environment: string, deps: DriverDeps) {
    this.name = target.name
    this.#target = target
    this.#environment = environment
    this.#deps = deps
  }

  takes({ kind }: Resource): boolean {
    return this.#target.kinds?.includes(kind) ?? kind !== MIGRATION
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    const { description, abilities } = await this.#ask('probe', {}, readProbe, [], signal)
    return { description: scrub(description, []), abilities }
  }

  async observe(hints: readonly Resource[], signal: AbortSignal): Promise<LiveState> {
    const resources = [...(await this.#look(hints, signal))]
    resources.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { target: this.name, resources }
  }

  /** `${NAME}` stays unresolved: a rehearsal needs no secret. */
  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    signal.throwIfAborted()
    await gatherSecrets(secretNamesOf(request), this.#deps.resolveSecret)
    const changes = request.changes.map(({ change, desired }) => changeOf({ change, desired, before: null }, null))
    const refusals = await this.#ask('dryRun', paramsOf(request, changes), readRefusals, [], signal)
    return refusals.map(({ key, message }) => ({ key, message: scrub(message, []) }))
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const desired = request.changes.flatMap((change) => change.desired ?? [])
    const secrets = await gatherSecrets(secretNamesOf(request), this.#deps.resolveSecret)
    await carryOut({
      target: this.name,
      request,
      represent: (resource) => resource,
      look: async () => new Map((await this.#look(desired, signal)).map((live) => [live.key, live])),
      write: async (pending, landed) => {
        const outcome = await this.#write(request, pending, secrets, signal)
        if (isWhole(outcome)) landed(pending.length)
        return outcome
      },
      signal,
    })
  }

  /** Whether a step was done is for the program to tell by its key: nothing else can be looked at. */
  async act(request: ActRequest, signal: AbortSignal): Promise<Acted> {
    signal.throwIfAborted()
    const { idempotencyKey, action, changed } = request
    const secrets = await gatherSecrets(secretsIn(request.inputs), this.#deps.resolveSecret)
    const inputs = resolveIn(request.inputs, (name) => secrets.get(name) ?? missing(action, name))
    const desired = request.desired.map((resource) => wireOf(resource, null))
    const params = { idempotencyKey, action, inputs, changed, desired }
    const values = [...secrets.values()]
    const { message, checks } = await this.#ask('act', params, readActed, values, signal)
    const unwanted = [...values, ...(await this.#ownSecrets()).values()]
    const told = scrub(message, unwanted)
    if (checks === undefined) return { message: told }
    const clean = checks.map((check) => ({
      ...check,
      name: scrub(check.name, unwanted),
      message: scrub(check.message, unwanted),
    }))
    if (clean.some(({ ok }) => !ok)) throw new FailedChecks(this.name, clean)
    return { message: told, checks: clean }
  }

  async health(signal: AbortSignal): Promise<Health> {
    try {
      const health = await this.#ask('health', {}, readHealth, [], signal)
      return health.healthy ? health : { healthy: false, message: scrub(health.message, []) }
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HonuaError) return { healthy: false, message: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    // Nothing outlives a call.
  }

  async #look(hints: readonly Resource[], signal: AbortSignal): Promise<readonly LiveResource[]> {
    const observed = await this.#ask('observe', {}, readObserved, [], signal)
    return concealAll(observed, hints, this.#deps.resolveSecret)
  }

  async #write(
    request: ApplyRequest,
    pending: readonly Pending[],
    secrets: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const values = [...secrets.values()]
    try {
      const changes = pending.map((item) => changeOf(item, secrets))
      const answer = await this.#answer('apply', paramsOf(request, changes), readApplied, values, signal)
      if (answer.kind !== 'error') return { failures: [], stale: [], broken: null }
      const { code, failures } = answer.error
      const told = failures.map(({ key, message }) => ({ key, message: scrub(message, values) }))
      if (code === 'stale' && told.length > 0) return { failures: [], stale: told.map(({ key }) => key), broken: null }
      if (code === 'refused' && told.length > 0) return { failures: told, stale: [], broken: null }
      return { failures: [], stale: [], broken: this.#failure('apply', answer.error, values) }
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HonuaError) return { failures: [], stale: [], broken: error }
      throw error
    }
  }

  async #ask<Result>(
    method: Method,
    params: JsonObject,
    read: (result: JsonObject) => Result | string,
    secrets: readonly string[],
    signal: AbortSignal,
  ): Promise<Result> {
    const answer = await this.#answer(method, params, read, secrets, signal)
    if (answer.kind === 'error') throw this.#failure(method, answer.error, secrets)
    return answer.result
  }

  /** The result or the error that the program names; throws for everything else. */
  async #answer<Result>(
    method: Method,
    params: JsonObject,
    read: (result: JsonObject) => Result | string,
    secrets: readonly string[],
    signal: AbortSignal,
  ): Promise<Exclude<Answer<Result>, { readonly kind: 'unusable' }>> {
    signal.throwIfAborted()
    const { name, settings } = this.#target
    const own = await this.#ownSecrets()
    const about = { target: name, environment: this.#environment, settings, secrets: Object.fromEntries(own) }
    const unwanted = [...own.values(), ...secrets]
    const text = await call(this.#target, requestText(method, about, params), unwanted, this.#deps, signal)
    const answer = readAnswer(text, read)
    if (answer.kind === 'unusable')
      throw targetErrors.answer({ target: name, doing: method, problem: scrub(answer.problem, unwanted) })
    return answer
  }

  /** Read anew for every call, so that a rotated one is used at once. */
  async #ownSecrets(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for (const { name, secretRef } of this.#target.secrets) {
      const value = await this.#deps.secrets.read(secretRef)
      if (value === undefined || value === '') throw targetErrors.secretMissing({ target: this.name, secretRef })
      found.set(name, value)
    }
    return found
  }

  #failure(method: Method, { code, message, failures }: ProgramError, secrets: Iterable<string>): HonuaError {
    const target = this.name
    const reason = scrub(message, secrets)
    switch (code) {
      case 'refused':
        return targetErrors.refused({ target, reason })
      case 'stale':
        return targetErrors.stale({ target, keys: failures.map(({ key }) => scrub(key, secrets)) })
      case 'busy':
        return targetErrors.busy({ target, status: 503, doing: method, message: reason })
      case 'unauthorised':
        return targetErrors.auth({
          target,
          status: 401,
          doing: method,
          secretRef: this.#target.secrets[0]?.secretRef ?? null,
        })
      case 'unreachable':
        return targetErrors.unreachable({ target, host: this.#target.command[0], reason })
      case 'unsupported':
        return targetErrors.unsupported({
          target,
          host: this.#target.command[0],
          reason,
          remedy: 'use a version of the program and of what it drives that fit each other',
        })
    }
  }
}

function secretNamesOf(request: ApplyRequest): readonly string[] {
  return request.changes.flatMap(({ desired }) => (desired === null ? [] : declaredSecrets(desired)))
}

function paramsOf(request: ApplyRequest, changes: readonly JsonObject[]): JsonObject {
  return { idempotencyKey: request.idempotencyKey, changes }
}

/** A change as the program gets it; with `secrets`, `${NAME}` is resolved and the places are handed over to be remembered. */
function changeOf({ change, desired }: Pending, secrets: ReadonlyMap<string, string> | null): JsonObject {
  const { action, key, version, means = null } = change
  const resource = desired === null ? null : wireOf(desired, secrets)
  return { action, means, key, version, resource }
}

function wireOf(declared: Resource, secrets: ReadonlyMap<string, string> | null): Json {
  const resolved =
    secrets === null ? declared : resolveSecrets(declared, (name) => secrets.get(name) ?? missing(declared.key, name))
  const { apiVersion, kind, namespace, name, metadata, spec } = resolved
  return { apiVersion, kind, namespace, name, metadata, spec, memory: { ...templatesOf(declared) } }
}

function missing(key: string, secretRef: string): never {
  throw targetErrors.secretMissing({ target: key, secretRef })
}
