import type { ServerResponse } from 'node:http'
import { apiErrors } from '../core/errors/api.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Facade } from '../runtime/facade.ts'
import type { EventView } from './contract.ts'
import { EventReader, type Message, messageText } from './event-reader.ts'
import { Newest } from './newest.ts'
import { eventView } from './views.ts'

/** Pause between signs of life to readers, in ms: well below what proxies close as idle. */
const BEAT_MS = 15_000
const READERS_MAX = 64
/** Events kept for readers that come back, and for those who ask what happened last. */
const REMEMBERED = { countMax: 1_000, charactersMax: 4 * 1024 * 1024 }

interface Remembered extends Message {
  readonly event: EventView
}

/** Tells every reader what was committed. */
export class EventHub {
  readonly #readers = new Set<EventReader>()
  readonly #remembered = new Newest<Remembered>(REMEMBERED)
  readonly #stop = new AbortController()
  readonly #subscription: { unsubscribe(): void }

  constructor(parts: { readonly facade: Facade; readonly clock: Clock; readonly log: Log }) {
    this.#subscription = parts.facade.committed$.subscribe({
      next: (committed) => this.#tell(eventView(committed)),
      error: (error: unknown) => parts.log.error({ error: String(error) }, 'live events ended'),
    })
    void this.#beat(parts.clock)
  }

  /** The newest events, oldest first, of one stream or all; none from before the controller started. */
  newest(stream: string | null, count: number): readonly EventView[] {
    const matching = this.#remembered.items.filter((one) => stream === null || one.stream === stream)
    return matching.slice(Math.max(0, matching.length - count)).map((one) => one.event)
  }

  /**
   * Writes events to the response until one side closes. `after` is the id of the last one the reader has; when it is not remembered
   * any more, an event `reset` tells the reader to look at everything afresh. Throws HONUA_API_TOO_MANY.
   */
  follow(response: ServerResponse, asked: { readonly stream: string | null; readonly after: string | null }): void {
    if (this.#readers.size >= READERS_MAX)
      throw apiErrors.tooMany({ what: 'readers of live events', most: READERS_MAX })
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    response.write(': connected\n\n')
    const reader = new EventReader(response, asked.stream)
    if (asked.after !== null) this.#resume(response, reader, asked.after)
    this.#readers.add(reader)
    response.on('close', () => this.#readers.delete(reader))
    response.on('error', () => this.#readers.delete(reader))
  }

  close(): void {
    this.#stop.abort()
    this.#subscription.unsubscribe()
    for (const reader of this.#readers) reader.end()
  }

  #tell(event: EventView): void {
    const id = `${event.stream}:${event.sequence}`
    const message = { stream: event.stream, id, text: messageText('committed', event, id), event }
    this.#remembered.push(message)
    for (const reader of this.#readers) reader.send(message)
  }

  #resume(response: ServerResponse, reader: EventReader, after: string): void {
    const at = this.#remembered.items.findIndex((one) => one.id === after)
    if (at === -1) response.write(messageText('reset', {}))
    for (const message of at === -1 ? [] : this.#remembered.items.slice(at + 1)) reader.send(message)
  }

  async #beat(clock: Clock): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const isOver = await clock.sleep(BEAT_MS, this.#stop.signal).then(
        () => false,
        () => true,
      )
      if (isOver) return
      for (const reader of this.#readers) reader.beat()
    }
  }
}
