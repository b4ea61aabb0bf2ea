import { createHash } from 'node:crypto'
import { inspectErrors } from '../../core/errors/inspect.ts'
import type { Instant } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'

/** From asking for a ticket to connecting with it, in ms. */
const TICKET_MS = 60_000
/** Tickets that nobody has used yet; the oldest makes room. */
const TICKETS_MAX = 64

interface Ticket {
  readonly by: string
  readonly until: Instant
  readonly isAllowed: () => Promise<boolean>
}

/**
 * For inspectors that can send neither a cookie nor a header: an address that lets one of them in, once, within a minute, in the place of
 * the one who asked for it.
 */
export class Tickets {
  readonly #clock: Clock
  /** By the hash of the ticket, so that how long a look-up takes tells nothing of it. */
  readonly #tickets = new Map<string, Ticket>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `isAllowed` says whether the one who asks may still look. */
  issue(by: string, isAllowed: Ticket['isAllowed']): { readonly ticket: string; readonly until: Instant } {
    const ticket = this.#clock.id()
    const until = this.#clock.now() + TICKET_MS
    const [oldest] = this.#tickets.keys()
    if (this.#tickets.size >= TICKETS_MAX && oldest !== undefined) this.#tickets.delete(oldest)
    this.#tickets.set(printOf(ticket), { by, until, isAllowed })
    return { ticket, until }
  }

  /** Throws HONUA_INSPECT_TICKET_USED. */
  async redeem(ticket: string): Promise<Pick<Ticket, 'by' | 'isAllowed'>> {
    const print = printOf(ticket)
    const found = this.#tickets.get(print)
    this.#tickets.delete(print)
    if (found === undefined || found.until < this.#clock.now() || !(await found.isAllowed()))
      throw inspectErrors.ticketUsed()
    return found
  }
}

function printOf(ticket: string): string {
  return createHash('sha256').update(ticket, 'utf8').digest('hex')
}
