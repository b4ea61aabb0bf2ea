import { staleness } from '../../../core/checks/index.ts'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import type { Json } from '../../../core/json.ts'
import { NO_CACHE } from '../asked-now.ts'
import { exchange } from '../http-client.ts'
import { scrub } from '../scrub.ts'
import { below, type CheckSite } from './site.ts'

/** One feature may be long; an endless answer does not fill the memory. */
const BYTES_MAX = 16 * 1024 * 1024

/** A page as it was answered. */
export interface Page {
  readonly status: number
  /** Undefined where it is no JSON. */
  readonly data: Json | undefined
  readonly tookMs: number
}

/** Asks for pages of one site, and knows what must not be repeated. */
export class Asker {
  readonly #site: CheckSite
  readonly #signal: AbortSignal
  readonly #secrets = new Set<string>()

  constructor(site: CheckSite, signal: AbortSignal) {
    this.#site = site
    this.#signal = signal
  }

  get site(): CheckSite {
    return this.#site
  }

  get signal(): AbortSignal {
    return this.#signal
  }

  /** Text without secrets, of a bounded length. */
  scrubbed(text: string): string {
    return scrub(text, this.#secrets)
  }

  /**
   * The answer whatever its status, or why there is none that counts: asked `now`, what a cache had ready does not. Rejects only when aborted, or when
   * there are no credentials.
   */
  async ask(path: string, timeoutMs: number, how: 'now' | 'as people do'): Promise<Page | string> {
    const { target, base, clock } = this.#site
    const url = below(base, path)
    if (url === null) return `the path leads out of ${base.host}${base.pathname}`
    const { headers, tls, secrets } = await this.#site.visitor()
    for (const secret of secrets) this.#secrets.add(secret)
    const accept = 'application/geo+json, application/json;q=0.9, */*;q=0.1'
    const request = {
      ...({ method: 'GET', url, timeoutMs, bytesMax: BYTES_MAX } as const),
      headers: { accept, ...(how === 'now' ? NO_CACHE : {}), ...headers },
      ...(tls === undefined ? {} : { tls }),
    }
    const began = clock.now()
    try {
      const answer = await exchange(target, request, clock, this.#signal)
      const tookMs = Math.max(0, clock.now() - began)
      const stale = staleness({
        tookMs,
        age: answer.headers.get('age'),
        date: answer.headers.get('date'),
        writtenDate: this.#site.writtenDate(),
      })
      if (how === 'now' && stale !== null) return stale
      return { status: answer.status, data: parsed(answer.text), tookMs }
    } catch (error) {
      this.#signal.throwIfAborted()
      if (error instanceof HonuaError) return error.message
      throw error
    }
  }

  /** The JSON of a 2xx answer. */
  async document(path: string, timeoutMs: number): Promise<{ readonly data: Json } | string> {
    const page = await this.ask(path, timeoutMs, 'now')
    if (typeof page === 'string') return page
    if (!isSuccess(page.status)) return `HTTP ${page.status}`
    return page.data === undefined ? 'no JSON' : { data: page.data }
  }
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
