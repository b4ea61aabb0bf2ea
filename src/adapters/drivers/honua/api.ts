/** One exchange with the admin API of a Honua server of any generation, and what its answer may say. */

import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import { askedNow } from '../asked-now.ts'
import { backOffMs, RETRIES_MAX } from '../back-off.ts'
import { exchange, type HttpAnswer, type HttpRequest, UNCOMPRESSED } from '../http-client.ts'
import { scrub } from '../scrub.ts'
import type { DriverDeps, HonuaTarget } from '../settings.ts'

/** Of generations B and C. */
export const ADMIN = '/api/v1/admin'
/** Type of the problem (RFC 9457) by which a server asks a person first. Source: HONUA-API §2.2. */
const APPROVAL_REQUIRED = 'urn:honua:approval-required'
/** 10,000 resources of 5 kB each fit; an endless answer does not fill the memory. */
const BYTES_MAX = 64 * 1024 * 1024

/** An answer whose status the caller judges; `data` is null unless it means success. */
export interface Answer {
  readonly status: number
  readonly success: boolean
  readonly data: Json
  /** The server's words, scrubbed. */
  readonly message: string
  readonly etag: string | null
}

/** Whether every answer stands in `{success, data, message}`, or is unwrapped only where it does. */
export type AnswerForm = 'wrapped' | 'plain'

export interface Write {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: JsonObject | null
  readonly headers?: Readonly<Record<string, string>>
  /** Values that the body holds: they are blotted out of the server's words. */
  readonly secrets?: Iterable<string>
  readonly form?: AnswerForm
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

  /** Asked again after 429, 503 and a broken connection, twice at most. */
  read(path: string, signal: AbortSignal, form: AnswerForm = 'wrapped'): Promise<Answer> {
    return this.#read(path, {}, form, signal)
  }

  /** As `read`, with an ETag on which a write may be made conditional. */
  readVersion(path: string, signal: AbortSignal): Promise<Answer> {
    return this.#read(path, UNCOMPRESSED, 'wrapped', signal)
  }

  async #read(
    path: string,
    headers: Readonly<Record<string, string>>,
    form: AnswerForm,
    signal: AbortSignal,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#readOnce(path, headers, signal)
      const busy = 'status' in outcome ? outcome.status === 429 || outcome.status === 503 : true
      if (!busy || attempt > RETRIES_MAX) {
        if ('error' in outcome) throw outcome.error
        return this.#judge(outcome, `GET ${path}`, form, outcome.secrets)
      }
      const retryAfter = 'headers' in outcome ? outcome.headers.get('retry-after') : null
      await this.#deps.clock.sleep(backOffMs(attempt, retryAfter, this.#deps.clock), signal)
    }
  }

  /** Sent once: whoever gets no answer must look what became of it. Throws HONUA_TARGET_APPROVAL where the server asks a person first. */
  async write(write: Write, signal: AbortSignal): Promise<Answer> {
    const { method, path, body = null, headers = {}, secrets = [], form = 'wrapped' } = write
    const credentials = await this.#credentials()
    const json: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' }
    const text = body === null ? undefined : JSON.stringify(body)
    const request = this.#request(method, path, { ...credentials.headers, ...json, ...headers }, text)
    const answer = await this.#send(request, signal)
    return this.#judge(answer, `${method} ${path}`, form, [...credentials.secrets, ...secrets])
  }

  /** `live` or `ready`; asked once, without credentials, as the server's runbooks do. */
  health(which: 'live' | 'ready', signal: AbortSignal): Promise<HttpAnswer> {
    const request = this.#request('GET', `/healthz/${which}`, {}, undefined)
    return askedNow(this.#settings.name, request, this.#deps.clock, signal)
  }

  async #readOnce(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<(HttpAnswer & { readonly secrets: readonly string[] }) | { readonly error: HonuaError }> {
    const credentials = await this.#credentials()
    try {
      const answer = await this.#send(
        this.#request('GET', path, { ...headers, ...credentials.headers }, undefined),
        signal,
      )
      return { ...answer, secrets: credentials.secrets }
    } catch (error) {
      if (error instanceof HonuaError && error.code === 'HONUA_TARGET_UNREACHABLE') return { error }
      throw error
    }
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

  /** Throws for wrong credentials, an approval that is awaited, a server that is busy or broken, and what is no answer of its form. */
  #judge(answer: HttpAnswer, doing: string, form: AnswerForm, secrets: Iterable<string>): Answer {
    const target = this.#settings.name
    const { status } = answer
    const value = parse(answer.text)
    const envelope = isJsonObject(value) ? value : null
    const words = envelope?.['message'] ?? envelope?.['detail'] ?? envelope?.['title']
    const message = scrub(typeof words === 'string' ? words : `HTTP ${status}`, secrets)
    if (envelope?.['type'] === APPROVAL_REQUIRED)
      throw targetErrors.approval({ target, doing, message, proposal: proposalOf(envelope, secrets) })
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
    const etag = answer.headers.get('etag')
    if (status >= 300) return { status, success: false, data: null, message, etag }
    if (status === 204) return { status, success: true, data: null, message, etag }
    const isWrapped = typeof envelope?.['success'] === 'boolean'
    if (value === undefined || (form === 'wrapped' && !isWrapped))
      throw targetErrors.answer({ target, doing, problem: `no answer of a Honua server (HTTP ${status})` })
    if (!isWrapped) return { status, success: true, data: value, message, etag }
    const success = envelope?.['success'] === true
    return { status, success, data: success ? (envelope?.['data'] ?? null) : null, message, etag }
  }
}

function proposalOf(problem: JsonObject, secrets: Iterable<string>): string | null {
  const { proposalId } = problem
  return typeof proposalId === 'string' && proposalId !== '' ? scrub(proposalId, secrets) : null
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
