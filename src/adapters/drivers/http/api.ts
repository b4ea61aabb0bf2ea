/** The requests of the http driver: addressed by templates, paced, signed in, judged by their status. */
import { staleness } from '../../../core/checks/index.ts'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Json } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import { NO_CACHE } from '../asked-now.ts'
import { backOffMs, RETRIES_MAX } from '../back-off.ts'
import { exchange, type HttpAnswer, type HttpRequest, UNCOMPRESSED } from '../http-client.ts'
import { scrub } from '../scrub.ts'
import type { DriverDeps } from '../settings.ts'
import { callerOf } from './credentials.ts'
import { Pace } from './pace.ts'
import type { HttpTarget, WriteTemplate } from './settings.ts'

/** As much as a whole list may hold; an endless answer does not fill the memory. */
const BYTES_MAX = 64 * 1024 * 1024

/** An answer whose status the caller judges. */
export interface Answer {
  readonly status: number
  /** 200–299. */
  readonly isSuccess: boolean
  /** Undefined where the body is no JSON. */
  readonly data: Json | undefined
  /** The API's own words, scrubbed. */
  readonly message: string
  readonly headers: Headers
  /** Why it tells how things were before it was asked for; null when nothing shows that. */
  readonly stale: string | null
}

/** What is sent, as text. */
export interface Content {
  readonly type: string
  readonly text: string
}

/** What `{…}` in a path stands for. */
export type PathValues = Readonly<Record<string, string>>

export class HttpApi {
  readonly #target: HttpTarget
  readonly #base: URL
  readonly #deps: DriverDeps
  readonly #pace: Pace
  #writtenDate: string | null = null

  constructor(target: HttpTarget, base: URL, deps: DriverDeps) {
    this.#target = target
    this.#base = base
    this.#deps = deps
    this.#pace = new Pace(target.requestsPerSecond, deps.clock)
  }

  get host(): string {
    return this.#base.host
  }

  /** The latest header Date of a write's answer, at most the time it came; null before the first. */
  get writtenDate(): string | null {
    return this.#writtenDate
  }

  /** The address of a path below the target's own; `values` are encoded, so that no name leads elsewhere. */
  address(path: string, values: PathValues): URL {
    const filled = path.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? '') : whole,
    )
    return new URL(this.#base.pathname.replace(/\/$/, '') + filled, this.#base)
  }

  /** After 429, 503 and a broken connection it is asked again, twice at most. A page that is no JSON is no answer. */
  async read(url: URL, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#readOnce(url, signal)
      const isBusy = 'error' in outcome || outcome.status === 429 || outcome.status === 503
      if (!isBusy || attempt > RETRIES_MAX) {
        if ('error' in outcome) throw outcome.error
        return this.#judged(outcome, `GET ${url.pathname}`, outcome.secrets)
      }
      const retryAfter = 'error' in outcome ? null : outcome.headers.get('retry-after')
      await this.#deps.clock.sleep(backOffMs(attempt, retryAfter, this.#deps.clock), signal)
    }
  }

  /** Sent once: whoever gets no answer must look what became of it. `secrets` stand in the body. */
  async write(
    { method, path }: WriteTemplate,
    values: PathValues,
    body: Json | null,
    headers: Readonly<Record<string, string>>,
    secrets: Iterable<string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const content = body === null ? null : { type: 'application/json', text: JSON.stringify(body) }
    return this.send({ method, url: this.address(path, values) }, content, headers, secrets, signal)
  }

  /** As `write`, with an address made already and content of any type. */
  async send(
    { method, url }: Pick<HttpRequest, 'method' | 'url'>,
    content: Content | null,
    headers: Readonly<Record<string, string>>,
    secrets: Iterable<string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const type: Record<string, string> = content === null ? {} : { 'content-type': content.type }
    const body = content === null ? {} : { body: content.text }
    const answer = await this.#send({ method, url, headers: { ...type, ...headers }, ...body }, signal)
    this.#writtenDate = laterOf(this.#writtenDate, answer.headers.get('date'), this.#deps.clock.now())
    return this.#judged(answer, `${method} ${url.pathname}`, [...answer.secrets, ...secrets])
  }

  async #readOnce(url: URL, signal: AbortSignal) {
    try {
      return await this.#send({ method: 'GET', url, headers: NO_CACHE }, signal)
    } catch (error) {
      if (error instanceof HonuaError && error.code === 'HONUA_TARGET_UNREACHABLE') return { error }
      throw error
    }
  }

  async #send(
    request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
    signal: AbortSignal,
  ): Promise<HttpAnswer & { readonly secrets: readonly string[]; readonly tookMs: number }> {
    signal.throwIfAborted()
    const { headers, tls, secrets } = await callerOf(this.#target, this.#deps)
    await this.#pace.turn(signal)
    const coding = this.#target.kinds.some(({ etag }) => etag) ? UNCOMPRESSED : {}
    const full = {
      ...request,
      headers: { accept: 'application/json', ...coding, ...headers, ...request.headers },
      timeoutMs: this.#target.timeoutMs,
      bytesMax: BYTES_MAX,
      ...(tls === undefined ? {} : { tls }),
    }
    const { clock } = this.#deps
    const began = clock.now()
    const answer = await exchange(this.#target.name, full, clock, signal)
    return { ...answer, secrets, tookMs: clock.now() - began }
  }

  /** Throws for wrong credentials and for an API that is busy or broken. */
  #judged(
    { status, text, headers, tookMs }: HttpAnswer & { readonly tookMs: number },
    doing: string,
    secrets: Iterable<string>,
  ): Answer {
    const { name: target, credentials } = this.#target
    if (status === 401 || (status === 403 && doing.startsWith('GET'))) {
      const secretRef = credentials.type === 'none' ? null : credentials.secretRef
      throw targetErrors.auth({ target, status, doing, secretRef })
    }
    const data = parse(text)
    const message = scrub(wordsOf(data, text) ?? `HTTP ${status}`, secrets)
    if (status === 429 || status >= 500) throw targetErrors.busy({ target, status, doing, message })
    const times = { tookMs, age: headers.get('age'), date: headers.get('date'), writtenDate: this.#writtenDate }
    return { status, isSuccess: status >= 200 && status < 300, data, message, headers, stale: staleness(times) }
  }
}

/**
 * Answers to writes that went side by side come in any order. A time that our own clock has not reached counts as now: one server that is
 * ahead must not make all later answers older than its own.
 */
function laterOf(known: string | null, told: string | null, now: number): string | null {
  const toldMs = Math.min(Date.parse(told ?? ''), now)
  if (Number.isNaN(toldMs) || (known !== null && Date.parse(known) > toldMs)) return known
  return new Date(toldMs).toUTCString()
}

/** Where APIs put their words: a field of that name, or a short text as the whole answer. */
function wordsOf(data: Json | undefined, text: string): string | null {
  if (isJsonObject(data)) {
    const words = data['message'] ?? data['detail'] ?? data['error'] ?? data['title']
    return typeof words === 'string' ? words : null
  }
  const isPlain = data === undefined && text.trim() !== '' && !text.trimStart().startsWith('<')
  return isPlain ? text : null
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
