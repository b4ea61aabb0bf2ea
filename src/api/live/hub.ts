import type { ServerResponse } from 'node:http'
import { apiErrors } from '../../core/errors/api.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Facade } from '../../runtime/facade.ts'
import type { EventView, LiveAlive, LiveChange, LiveProgress, LiveReset } from '../contract.ts'
import { messageText } from '../event-reader.ts'
import { environmentViewOf, eventView, statusView } from '../views.ts'
import { Position } from './position.ts'
import { LiveReader } from './reader.ts'
import { Trail } from './trail.ts'

const READERS_MAX = 64
/** What happens within this time is told in one message, in ms: faster than anybody sees, and a storm stays ten messages a second. */
const GATHER_MS = 100
/** Pause between signs of life, in ms: below what proxies close as idle. */
const BEAT_MS = 15_000
/** Pause between two tellings of how far targets have come, in ms: a bar that moves twice a second moves. */
const PROGRESS_MS = 500
/** Events told in one message; the rest is counted. The views are complete in any case. */
const EVENTS_MAX = 100

interface Parts {
  readonly facade: Facade
  readonly clock: Clock
  readonly log: Log
}

/**
 * Keeps pages at the present: a whole picture at first (`reset`), then what changed (`changed`), told by level: a message holds the views
 * of the environments that moved as they are now. The id of each message is the position of the journals.
 */
export class LiveHub {
  readonly #parts: Parts
  readonly #position = new Position()
  readonly #trail = new Trail()
  readonly #readers = new Set<LiveReader>()
  readonly #stop = new AbortController()
  readonly #subscription: { unsubscribe(): void }
  #names = ''
  #isGathering = false
  #isFollowing = false
  /** By environment, what was told last of how far its targets have come. */
  #progress = new Map<string, string>()
  #told: Promise<void> = Promise.resolve()

  private constructor(parts: Parts) {
    this.#parts = parts
    this.#subscription = parts.facade.committed$.subscribe({
      next: (committed) => {
        const { stream, sequence, hash } = committed.entry
        const from = this.#position.toString()
        this.#position.move(stream, sequence, hash)
        this.#trail.push(from, eventView(committed))
        this.#gather()
      },
      error: (error: unknown) => parts.log.error({ error: String(error) }, 'live updates ended'),
    })
  }

  /** A hub that knows where the journals stand. */
  static async open(parts: Parts): Promise<LiveHub> {
    const hub = new LiveHub(parts)
    for (const stream of ['source', ...parts.facade.environments().map(({ name }) => `environment/${name}`)]) {
      const stored = await parts.facade.snapshot(stream)
      if (stored !== undefined) hub.#position.move(stream, stored.sequence, stored.hash)
    }
    hub.#names = hub.#namesNow()
    hub.#live().catch((error: unknown) => parts.log.error({ error: String(error) }, 'live updates ended'))
    return hub
  }

  /** Writes to the response until one side closes. `after`: the id of the last message that the page has. Throws HONUA_API_TOO_MANY. */
  follow(response: ServerResponse, after: string | null): void {
    if (this.#readers.size >= READERS_MAX) throw apiErrors.tooMany({ what: 'pages that watch', most: READERS_MAX })
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(': connected\n\n')
    const reader = new LiveReader(response, after)
    this.#readers.add(reader)
    response.on('drain', () => this.#gather())
    response.on('close', () => this.#readers.delete(reader))
    response.on('error', () => this.#readers.delete(reader))
    this.#tellSoon()
  }

  close(): void {
    this.#stop.abort()
    this.#subscription.unsubscribe()
    for (const reader of this.#readers) reader.end()
  }

  #gather(): void {
    if (this.#isGathering || this.#readers.size === 0) return
    this.#isGathering = true
    this.#parts.clock.sleep(GATHER_MS, this.#stop.signal).then(
      () => {
        this.#isGathering = false
        this.#tellSoon()
      },
      () => undefined,
    )
  }

  /** One telling at a time, so that messages come in order. */
  #tellSoon(): void {
    this.#told = this.#told
      .then(() => this.#tell())
      .catch((error: unknown) => this.#parts.log.error({ error: String(error) }, 'pages could not be told'))
  }

  async #tell(): Promise<void> {
    const texts = new Map<string | null, Promise<string>>()
    const now = this.#position.toString()
    for (const reader of [...this.#readers]) {
      const { position } = reader
      if (reader.isBehind || position === now) continue
      const text = texts.get(position) ?? this.#textSince(position, now)
      texts.set(position, text)
      reader.write(await text)
      reader.position = now
    }
    this.#followWriting()
  }

  /** While something is written, how far it has come is told in between: no journal tells it. */
  #followWriting(): void {
    if (this.#isFollowing || this.#readers.size === 0 || this.#moving().length === 0) return
    this.#isFollowing = true
    this.#parts.clock.sleep(PROGRESS_MS, this.#stop.signal).then(
      () => {
        this.#isFollowing = false
        this.#tellProgress()
        this.#followWriting()
      },
      () => undefined,
    )
  }

  #tellProgress(): void {
    const now = this.#moving().map((name) => ({ name, progress: this.#parts.facade.progress(name) }))
    const moved = now.filter(({ name, progress }) => this.#progress.get(name) !== JSON.stringify(progress))
    this.#progress = new Map(now.map(({ name, progress }) => [name, JSON.stringify(progress)]))
    if (moved.length === 0) return
    const text = messageText('progress', { environments: moved } satisfies LiveProgress)
    for (const reader of this.#readers) if (!reader.isBehind && reader.position !== null) reader.write(text)
  }

  #moving(): readonly string[] {
    const environments = this.#parts.facade.environments()
    return environments.filter(({ path }) => /^(?:Deploying|RollingBack)\b/.test(path)).map(({ name }) => name)
  }

  async #textSince(position: string | null, now: string): Promise<string> {
    const { facade } = this.#parts
    const events = position === null ? null : this.#trail.since(position)
    const moved = events === null ? null : new Set(events.map(({ stream }) => stream))
    const environments = await Promise.all(
      facade
        .environments()
        .filter(({ name }) => moved === null || moved.has(`environment/${name}`))
        .map((status) => environmentViewOf(facade, status)),
    )
    const status = statusView(facade)
    if (events === null) return messageText('reset', { status, environments } satisfies LiveReset, now)
    return messageText('changed', { status, environments, ...newestOf(events) } satisfies LiveChange, now)
  }

  async #live(): Promise<void> {
    for (;;) {
      const isOver = await this.#parts.clock.sleep(BEAT_MS, this.#stop.signal).then(
        () => false,
        () => true,
      )
      if (isOver) return
      this.#resetWhenRenamed()
      this.#beat()
    }
  }

  #beat(): void {
    const text = `: alive\n\n${messageText('alive', { status: statusView(this.#parts.facade) } satisfies LiveAlive)}`
    for (const reader of this.#readers) if (!reader.isBehind) reader.write(text)
  }

  /** Environments come and go with the configuration, which no journal tells. */
  #resetWhenRenamed(): void {
    const names = this.#namesNow()
    if (names === this.#names) return
    this.#names = names
    for (const reader of this.#readers) reader.position = null
    this.#tellSoon()
  }

  #namesNow(): string {
    return this.#parts.facade
      .environments()
      .map(({ name }) => name)
      .join('\n')
  }
}

function newestOf(events: readonly EventView[]): { readonly events: readonly EventView[]; readonly missed: number } {
  const newest = events.slice(-EVENTS_MAX)
  return { events: newest, missed: events.length - newest.length }
}
