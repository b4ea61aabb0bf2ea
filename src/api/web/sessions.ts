import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { webErrors } from '../../core/errors/web.ts'
import type { Actor, Instant } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'
import { byToken } from '../identity.ts'
import type { Holder, Tokens } from '../tokens.ts'

/** A browser that asks nothing for this long is forgotten, in ms. */
const IDLE_MAX_MS = 12 * 3_600_000
/** Sessions at one time; the one that was idle longest makes room. */
const SESSIONS_MAX = 1_000

interface Session {
  readonly actor: Actor
  /** Null for one that came by an invitation. */
  readonly holder: Holder | null
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
  ): Promise<{ readonly id: string; readonly actor: Actor }> {
    const holder = 'token' in by ? await this.#tokens.holder(by.token) : null
    const name = holder?.name ?? ('code' in by ? this.#redeem(by.code) : '')
    const id = this.#clock.id()
    const actor: Actor = { name, how: 'token' }
    const [longest] = this.#sessions.keys()
    if (this.#sessions.size >= SESSIONS_MAX && longest !== undefined) this.#sessions.delete(longest)
    this.#sessions.set(printOf(id), { actor, holder, seenAt: this.#clock.now() })
    return { id, actor }
  }

  /** Who asks: by the session's id, else by a token; null when neither is given. Throws HONUA_IDENTITY_UNKNOWN for a wrong token. */
  async who(id: string | null, headers: IncomingHttpHeaders): Promise<Actor | null> {
    const actor = id === null ? null : await this.#of(id)
    if (actor !== null) return actor
    return headers.authorization === undefined ? null : byToken(this.#tokens, headers.authorization)
  }

  end(id: string): void {
    this.#sessions.delete(printOf(id))
  }

  async #of(id: string): Promise<Actor | null> {
    const print = printOf(id)
    const session = this.#sessions.get(print)
    if (session === undefined) return null
    const now = this.#clock.now()
    const isOver = now - session.seenAt > IDLE_MAX_MS
    if (isOver || (session.holder !== null && !(await this.#tokens.isCurrent(session.holder)))) {
      this.#sessions.delete(print)
      return null
    }
    session.seenAt = now
    // Moved to the end: the first of the map is the one that was idle longest.
    if (this.#sessions.delete(print)) this.#sessions.set(print, session)
    return session.actor
  }

  #redeem(code: string): string {
    const print = printOf(code)
    const name = this.#invitations.get(print)
    if (name === undefined) throw webErrors.invitationUsed()
    this.#invitations.delete(print)
    return name
  }
}

function printOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex')
}
