/** What the controller knows, kept at the present by `GET /v1/live`. */
import type {
  EnvironmentView,
  EventView,
  LiveAlive,
  LiveChange,
  LiveProgress,
  LiveReset,
  StatusView,
} from '../../api/contract.ts'
import type { Instant } from '../../core/vocabulary.ts'
import { after, now, setClock } from '../browser/clock.ts'

/** The controller gives a sign of life every 15 s; without two of them the page says that it is stale, in ms. */
const SILENCE_MS = 35_000
const RETRY_MS = { first: 500, most: 10_000 }
/** Newest events that are kept. */
const EVENTS_MAX = 500

export interface Live {
  readonly status: StatusView | null
  readonly environments: readonly EnvironmentView[]
  /** Newest first. */
  readonly events: readonly EventView[]
  /** Since when nothing was heard; null while the picture is the present one. */
  readonly staleSince: Instant | null
}

export class LiveStore {
  readonly #listeners = new Set<() => void>()
  #live: Live = { status: null, environments: [], events: [], staleSince: null }
  #source: EventSource | null = null
  #position: string | null = null
  #heardAt: Instant = now()
  #pauseMs = RETRY_MS.first
  #callOff: () => void = () => undefined
  #onRefused: () => void = () => undefined
  #isDrawing = false

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly get = (): Live => this.#live

  /** Connects while the page is visible: browsers open six connections a site, and a hidden page needs none. */
  start(onRefused: () => void): () => void {
    this.#onRefused = onRefused
    const onVisibility = () => (document.visibilityState === 'visible' ? this.#connect() : this.#disconnect())
    document.addEventListener('visibilitychange', onVisibility)
    onVisibility()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      this.#disconnect()
    }
  }

  #connect(): void {
    this.#disconnect()
    const source = new EventSource(this.#position === null ? '/v1/live' : `/v1/live?after=${this.#position}`)
    this.#source = source
    source.addEventListener('open', () => this.#heard({}))
    source.addEventListener('error', () => this.#lost())
    source.addEventListener('reset', ({ data, lastEventId }) => {
      const { status, environments }: LiveReset = JSON.parse(data)
      this.#position = lastEventId
      this.#heard({ status, environments })
    })
    source.addEventListener('changed', ({ data, lastEventId }) => {
      const { status, environments, events }: LiveChange = JSON.parse(data)
      this.#position = lastEventId
      this.#heard({
        status,
        environments: merged(this.#live.environments, environments),
        events: [...events.toReversed(), ...this.#live.events].slice(0, EVENTS_MAX),
      })
    })
    source.addEventListener('progress', ({ data }) => {
      const { environments }: LiveProgress = JSON.parse(data)
      const further = new Map(environments.map(({ name, progress }) => [name, progress]))
      this.#heard({
        environments: this.#live.environments.map((view) => {
          const progress = further.get(view.name)
          return progress === undefined ? view : { ...view, progress }
        }),
      })
    })
    source.addEventListener('alive', ({ data }) => {
      const { status }: LiveAlive = JSON.parse(data)
      this.#heard({ status })
    })
  }

  #disconnect(): void {
    this.#callOff()
    this.#source?.close()
    this.#source = null
  }

  #heard(change: Partial<Live>): void {
    if (change.status) setClock(change.status.now)
    this.#heardAt = now()
    this.#pauseMs = RETRY_MS.first
    this.#callOff()
    this.#callOff = after(SILENCE_MS, () => this.#lost())
    this.#set({ ...this.#live, ...change, staleSince: null })
  }

  #lost(): void {
    this.#disconnect()
    this.#set({ ...this.#live, staleSince: this.#live.staleSince ?? this.#heardAt })
    this.#callOff = after(this.#pauseMs, () => {
      this.#onRefused()
      this.#connect()
    })
    this.#pauseMs = Math.min(this.#pauseMs * 2, RETRY_MS.most)
  }

  /** What comes between two frames is drawn once. A hidden page has no frames, and no connection either. */
  #set(live: Live): void {
    this.#live = live
    if (this.#isDrawing) return
    this.#isDrawing = true
    requestAnimationFrame(() => {
      this.#isDrawing = false
      for (const listener of this.#listeners) listener()
    })
  }
}

/** The list with those that moved in their places, so that the others stay the same objects. */
function merged(known: readonly EnvironmentView[], moved: readonly EnvironmentView[]): readonly EnvironmentView[] {
  const byName = new Map(moved.map((view) => [view.name, view]))
  const strangers = moved.filter(({ name }) => !known.some((one) => one.name === name))
  return [...known.map((one) => byName.get(one.name) ?? one), ...strangers]
}
