/** The calls of a Honua server's admin API (generation B) that the driver makes, and what their answers may say. */

import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import { backOffMs, RETRIES_MAX } from '../back-off.ts'
import { exchange, type HttpAnswer, type HttpRequest } from '../http-client.ts'
import { scrub } from '../scrub.ts'
import type { DriverDeps, HonuaTarget } from '../settings.ts'

const PREFIX = '/api/v1/admin'
/** 10,000 resources of 5 kB each fit; an endless answer does not fill the memory. */
const BYTES_MAX = 64 * 1024 * 1024

/** An answer whose status the caller judges; `data` is null unless the server said success. */
export interface Answer {
  readonly status: number
  readonly success: boolean
  readonly data: Json
  /** The server's words, scrubbed. */
  readonly message: string
  readonly etag: string | null
}

/** Identity of a resource as it stands in a path. */
export interface Identity {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export class HonuaApi {
  readonly #settings: HonuaTarget
  readonly #base: URL
  readonly #deps: DriverDeps

  constructor(settings: HonuaTarget, base: URL, deps: DriverDeps) {
    this.#settings = settings
    this.#base = base
    this.#deps = deps
  }

  get host(): string {
    return this.#base.host
  }

  capabilities(signal: AbortSignal): Promise<Answer> {
    return this.#read(`${PREFIX}/capabilities`, signal)
  }

  manifest(namespace: string | null, signal: AbortSignal): Promise<Answer> {
    const query = namespace === null ? '' : `?namespace=${encodeURIComponent(namespace)}`
    return this.#read(`${PREFIX}/manifest${query}`, signal)
  }

  resource(identity: Identity, signal: AbortSignal): Promise<Answer> {
    return this.#read(pathOf(identity), signal)
  }

  /** `prune` is never asked for: the server would delete whatever a partial manifest does not name. */
  applyManifest(
    resources: readonly JsonObject[],
    options: { readonly dryRun: boolean; readonly reason: string },
    secrets: Iterable<string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const body = {
      resources,
      dryRun: options.dryRun,
      prune: false,
      approvalRequired: false,
      requestedReason: options.reason,
    }
    return this.#write('POST', `${PREFIX}/manifest/apply`, body, {}, secrets, signal)
  }

  put(
    identity: Identity,
    body: JsonObject,
    etag: string,
    secrets: Iterable<string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    return this.#write('PUT', pathOf(identity), body, { 'if-match': etag }, secrets, signal)
  }

  delete(identity: Identity, etag: string, signal: AbortSignal): Promise<Answer> {
    return this.#write('DELETE', pathOf(identity), null, { 'if-match': etag }, [], signal)
  }

  /** `live` or `ready`; asked once, without credentials, as the server's runbooks do. */
  health(which: 'live' | 'ready', signal: AbortSignal): Promise<HttpAnswer> {
    return this.#send(this.#request('GET', `/healthz/${which}`, {}, undefined), signal)
  }

  /** A read may be repeated: after 429, 503 and a broken connection it is, twice at most. */
  async #read(path: string, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#readOnce(path, signal)
      const busy = 'status' in outcome ? outcome.status === 429 || outcome.status === 503 : true
      if (!busy || attempt > RETRIES_MAX) {
        if ('error' in outcome) throw outcome.error
        return this.#judge(outcome, `GET ${path}`, outcome.secrets)
      }
      const retryAfter = 'headers' in outcome ? outcome.headers.get('retry-after') : null
      await this.#deps.clock.sleep(backOffMs(attempt, retryAfter, this.#deps.clock), signal)
    }
  }

  async #readOnce(
    path: string,
    signal: AbortSignal,
  ): Promise<(HttpAnswer & { readonly secrets: readonly string[] }) | { readonly error: HonuaError }> {
    const credentials = await this.#credentials()
    try {
      const answer = await this.#send(this.#request('GET', path, credentials.headers, undefined), signal)
      return { ...answer, secrets: credentials.secrets }
    } catch (error) {
      if (error instanceof HonuaError && error.code === 'HONUA_TARGET_UNREACHABLE') return { error }
      throw error
    }
  }

  /** A write is sent once: whoever gets no answer must look what became of it. */
  async #write(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: JsonObject | null,
    headers: Readonly<Record<string, string>>,
    secrets: Iterable<string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const credentials = await this.#credentials()
    const json: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' }
    const text = body === null ? undefined : JSON.stringify(body)
    const request = this.#request(method, path, { ...credentials.headers, ...json, ...headers }, text)
    const answer = await this.#send(request, signal)
    return this.#judge(answer, `${method} ${path}`, [...credentials.secrets, ...secrets])
  }

  #request(
    method: HttpRequest['method'],
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
  ): HttpRequest {
    const url = new URL(this.#base.pathname.replace(/\/$/, '') + path, this.#base)
    const { timeoutMs } = this.#settings
    const all = { accept: 'application/json', ...headers }
    return { method, url, headers: all, timeoutMs, bytesMax: BYTES_MAX, ...(body === undefined ? {} : { body }) }
  }

  #send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return exchange(this.#settings.name, request, this.#deps.clock, signal)
  }

  /** Who calls, for requests that are not this API's own. */
  caller(): Promise<{ readonly headers: Record<string, string>; readonly secrets: readonly string[] }> {
    return this.#credentials()
  }

  /** Read anew for every call, so that a rotated key is used at once and none is kept. */
  async #credentials(): Promise<{ readonly headers: Record<string, string>; readonly secrets: readonly string[] }> {
    const { credentials, name: target } = this.#settings
    if (credentials.type === 'none') return { headers: {}, secrets: [] }
    const { secretRef } = credentials
    const secret = await this.#deps.secrets.read(secretRef)
    if (secret === undefined || secret === '') throw targetErrors.secretMissing({ target, secretRef })
    // A header with such characters makes fetch throw an error that repeats the value.
    if (/[^\u0021-\u007e]/.test(secret))
      throw targetErrors.config({
        target,
        problem: `the secret "${secretRef}" holds characters that cannot stand in a header`,
        remedy: 'write the key alone into the secret, on one line',
      })
    const headers: Record<string, string> =
      credentials.type === 'api-key' ? { 'x-api-key': secret } : { authorization: `Bearer ${secret}` }
    return { headers, secrets: [secret] }
  }

  /** Unwraps {success, data, message}. Throws for wrong credentials, a server that is busy or broken, and what is no envelope. */
  #judge(answer: HttpAnswer, doing: string, secrets: Iterable<string>): Answer {
    const target = this.#settings.name
    const { status } = answer
    const value = parse(answer.text)
    const envelope = isJsonObject(value) ? value : null
    const words = envelope?.['message'] ?? envelope?.['detail'] ?? envelope?.['title']
    const message = scrub(typeof words === 'string' ? words : `HTTP ${status}`, secrets)
    if (status === 401 || (status === 403 && doing.startsWith('GET'))) {
      const { credentials } = this.#settings
      throw targetErrors.auth({
        target,
        status,
        doing,
        secretRef: credentials.type === 'none' ? null : credentials.secretRef,
      })
    }
    if (status === 429 || status >= 500) throw targetErrors.busy({ target, status, doing, message })
    const success = status < 300 && envelope?.['success'] === true
    if (status < 300 && !success && envelope?.['success'] !== false && status !== 204)
      throw targetErrors.answer({ target, doing, problem: `no answer of a Honua server (HTTP ${status})` })
    const data = success ? (envelope?.['data'] ?? null) : null
    return { status, success: success || status === 204, data, message, etag: answer.headers.get('etag') }
  }
}

function pathOf({ kind, namespace, name }: Identity): string {
  return `${PREFIX}/metadata/resources/${[kind, namespace, name].map(encodeURIComponent).join('/')}`
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
