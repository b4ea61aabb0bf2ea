import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { webErrors } from '../../core/errors/web.ts'
import type { Caller } from '../../core/rights.ts'
import type { Instant } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'
import { byToken, callerOf } from '../identity.ts'
import type { Holder, Tokens } from '../tokens.ts'

/** A browser that asks nothing for this long is forgotten, in ms. */
const IDLE_MAX_MS = 12 * 3_600_000
/** Sessions at one time; the one that was idle longest makes room. */
const SESSIONS_MAX = 1_000

interface Session {
  /** By a token, or by an invitation to this name. */
  readonly by: Holder | { readonly invited: string }
  seenAt: Instant
}

/** Who sits before each browser, in memory only: after a restart everybody signs in again. */
export class Sessions {
  readonly #clock: Clock
  readonly #tokens: Tokens
  /** By the hash of the id, so that how long a look-up takes tells nothing of the id. */
  readonly #sessions = new Map<string, Session>()
  readonly #invitations = new Map<string, string>()

  constructor(parts: { readonly clock: Clock; readonly tokens: Tokens }) {
    this.#clock = parts.clock
    this.#tokens = parts.tokens
  }

  /** A code that signs in once as `name`, for a link that is printed where only that person reads. */
  invite(name: string): string {
    const code = this.#clock.id()
    this.#invitations.set(printOf(code), name)
    return code
  }

  /** Signs in; the id is for the cookie. Throws HONUA_IDENTITY_UNKNOWN or HONUA_WEB_INVITATION_USED. */
  async enter(
    by: { readonly token: string } | { readonly code: string },
  ): Promise<{ readonly id: string; readonly caller: Caller }> {
    const proof = 'token' in by ? await this.#tokens.holder(by.token) : { invited: this.#redeem(by.code) }
    const id = this.#clock.id()
    const [longest] = this.#sessions.keys()
    if (this.#sessions.size >= SESSIONS_MAX && longest !== undefined) this.#sessions.delete(longest)
    this.#sessions.set(printOf(id), { by: proof, seenAt: this.#clock.now() })
    return { id, caller: 'invited' in proof ? invited(proof) : callerOf(proof) }
  }

  /** Who asks: by the session's id, else by a token; null when neither is given. Throws HONUA_IDENTITY_UNKNOWN for a wrong token. */
  async who(id: string | null, headers: IncomingHttpHeaders): Promise<Caller | null> {
    const caller = id === null ? null : await this.#of(id)
    if (caller !== null) return caller
    return headers.authorization === undefined ? null : byToken(this.#tokens, headers.authorization)
  }

  end(id: string): void {
    this.#sessions.delete(printOf(id))
  }

  async #of(id: string): Promise<Caller | null> {
    const print = printOf(id)
    const session = this.#sessions.get(print)
    if (session === undefined) return null
    const now = this.#clock.now()
    const caller = now - session.seenAt > IDLE_MAX_MS ? null : await this.#now(session)
    if (caller === null) {
      this.#sessions.delete(print)
      return null
    }
    session.seenAt = now
    // Moved to the end: the first of the map is the one that was idle longest.
    if (this.#sessions.delete(print)) this.#sessions.set(print, session)
    return caller
  }

  /** With the rights of this moment; null when they were taken away. */
  async #now({ by }: Session): Promise<Caller | null> {
    if ('invited' in by) return invited(by)
    const holder = await this.#tokens.now(by)
    return holder === null ? null : callerOf(holder)
  }

  #redeem(code: string): string {
    const print = printOf(code)
    const name = this.#invitations.get(print)
    if (name === undefined) throw webErrors.invitationUsed()
    this.#invitations.delete(print)
    return name
  }
}

function invited({ invited: name }: { readonly invited: string }): Caller {
  return { actor: { name, how: 'token' }, rights: 'everything' }
}

function printOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex')
}
