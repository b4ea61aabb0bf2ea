import type { WebSocket } from 'ws'
import { apiErrors } from '../../core/errors/api.ts'
import { inspectErrors } from '../../core/errors/inspect.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Committed, Facade } from '../../runtime/facade.ts'
import { actorOf, idsOf } from './actors.ts'
import { discreet, discreetStep, type Hide } from './discreet.ts'
import type { Protocol } from './protocol.ts'
import { Viewer } from './viewer.ts'

/** Each costs about 0.1 ms a transition; people who debug a chart are few. */
const VIEWERS_MAX = 8
/** Pause between signs of life, in ms: below what proxies close as idle. */
const BEAT_MS = 15_000

export interface HubParts {
  readonly facade: Facade
  readonly clock: Clock
  readonly log: Log
  readonly hide: Hide
}

/** Shows all actors to every inspector that looks. While none does, it listens to nothing and makes text of nothing. */
export class InspectHub {
  readonly #parts: HubParts
  readonly #viewers = new Set<Viewer>()
  readonly #stop = new AbortController()
  #listening: { unsubscribe(): void } | null = null

  constructor(parts: HubParts) {
    this.#parts = parts
    void this.#live()
  }

  /** Throws HONUA_API_TOO_MANY or HONUA_INSPECT_STOPPING. */
  checkRoom(): void {
    if (this.#stop.signal.aborted) throw inspectErrors.stopping()
    if (this.#viewers.size >= VIEWERS_MAX) throw apiErrors.tooMany({ what: 'inspectors', most: VIEWERS_MAX })
  }

  /** Shows everything to the inspector at the other end, until one side closes. */
  join(socket: WebSocket, protocol: Protocol, by: string): Viewer {
    const { facade, clock, log, hide } = this.#parts
    // Before the viewer looks at anything, so that what is committed from then on is told.
    this.#listening ??= this.#listen()
    const viewer = new Viewer({
      socket,
      protocol,
      clock,
      ids: () => idsOf(facade),
      show: (id) =>
        this.#harmlessly([viewer], () => {
          const actor = actorOf(facade, id)
          return actor === undefined ? [] : protocol.registered(discreet(actor, hide), clock.now())
        }) ?? [],
      onFault: (fault) => log.warn({ by, code: fault.code }, fault.message),
    })
    this.#viewers.add(viewer)
    socket.once('close', () => this.#leave(viewer))
    socket.on('error', (error) => log.debug({ by, error: error.message }, 'an inspector was cut off'))
    log.info({ by }, 'an inspector looks')
    viewer.showAll()
    return viewer
  }

  /** Says goodbye to all. Resolves when they are gone. */
  async close(): Promise<void> {
    this.#stop.abort()
    const viewers = [...this.#viewers]
    for (const viewer of viewers) viewer.end()
    await Promise.all(viewers.map(({ gone }) => gone))
  }

  #listen(): { unsubscribe(): void } {
    return this.#parts.facade.committed$.subscribe({
      next: (committed) => this.#harmlessly(this.#viewers, () => this.#tell(committed)),
      error: (error: unknown) =>
        this.#parts.log.error({ error: String(error) }, 'inspectors are told nothing any more'),
    })
  }

  #leave(viewer: Viewer): void {
    this.#viewers.delete(viewer)
    if (this.#viewers.size > 0) return
    this.#listening?.unsubscribe()
    this.#listening = null
  }

  /** The actor stands where this commit brought it: commits are told one by one, as they happen. */
  #tell({ entry }: Committed): void {
    const { facade, hide } = this.#parts
    const { stream, event, sequence, at } = entry
    const actor = actorOf(facade, stream)
    if (actor === undefined) return
    const step = discreetStep({ actor, event, sequence }, hide)
    const texts = new Map<Protocol, readonly string[]>()
    for (const viewer of this.#viewers) {
      const told = texts.get(viewer.protocol) ?? viewer.protocol.moved(step, at)
      texts.set(viewer.protocol, told)
      viewer.tell(stream, told)
    }
  }

  /** A mistake in the showing ends the showing, never the controller: what is shown was committed before. */
  #harmlessly<Value>(viewers: Iterable<Viewer>, work: () => Value): Value | undefined {
    try {
      return work()
    } catch (error) {
      const where = error instanceof Error ? error.stack?.split('\n').slice(1, 3).join(' ') : typeof error
      this.#parts.log.error({ where }, 'what inspectors are shown could not be made')
      for (const viewer of viewers) viewer.hangUp(apiErrors.internal())
      return undefined
    }
  }

  async #live(): Promise<void> {
    for (;;) {
      const isOver = await this.#parts.clock.sleep(BEAT_MS, this.#stop.signal).then(
        () => false,
        () => true,
      )
      if (isOver) return
      for (const viewer of this.#viewers) viewer.beat()
    }
  }
}
