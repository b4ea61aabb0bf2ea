/** What the controller knows, kept at the present by `GET /v1/live`. */
import type { Instant } from '../../core/vocabulary.ts'
import { after, now, setClock } from '../browser/clock.ts'
import { changeBy, type Live, MESSAGE_TYPES, type MessageType } from './picture.ts'
import { joinTabs, type Tabs, type Told } from './tabs.ts'

/** The controller gives a sign of life every 15 s; without two of them the page says that it is stale, in ms. */
const SILENCE_MS = 35_000
const RETRY_MS = { first: 500, most: 10_000 }

export class LiveStore {
  readonly #listeners = new Set<() => void>()
  #live: Live = { status: null, environments: [], events: [], staleSince: null }
  #source: EventSource | null = null
  #tabs: Tabs | null = null
  #isLeading = false
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

  /** Follows while the page is visible: a hidden page needs no connection. */
  start(onRefused: () => void): () => void {
    this.#onRefused = onRefused
    const onVisibility = () => (document.visibilityState === 'visible' ? this.#follow() : this.#leave())
    document.addEventListener('visibilitychange', onVisibility)
    onVisibility()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      this.#leave()
    }
  }

  #follow(): void {
    this.#leave()
    this.#tabs = joinTabs({
      lead: () => {
        this.#isLeading = true
        this.#tellWhole()
        this.#connect()
      },
      hear: (told) => this.#hear(told),
    })
    if (!this.#isLeading) this.#ask()
  }

  #leave(): void {
    this.#disconnect()
    this.#tabs?.leave()
    this.#tabs = null
    this.#isLeading = false
  }

  #connect(): void {
    this.#disconnect()
    const source = new EventSource(this.#position === null ? '/v1/live' : `/v1/live?after=${this.#position}`)
    this.#source = source
    source.addEventListener('open', () => {
      this.#tabs?.tell({ kind: 'found' })
      this.#heard({})
    })
    source.addEventListener('error', () => this.#lost())
    for (const type of MESSAGE_TYPES)
      source.addEventListener(type, ({ data, lastEventId: id }) => {
        this.#tabs?.tell({ kind: 'message', type, data, from: this.#position, id })
        this.#take(type, data, id)
      })
  }

  #take(type: MessageType, data: string, id: string): void {
    if (type === 'reset' || type === 'changed') this.#position = id
    this.#heard(changeBy(this.#live, type, data))
  }

  /** From another tab. The one that listens itself only answers. */
  #hear(told: Told): void {
    if (told.kind === 'ask') this.#tellWhole()
    if (this.#isLeading) return
    switch (told.kind) {
      case 'message':
        if (told.type === 'changed' && told.from !== this.#position) this.#ask()
        else this.#take(told.type, told.data, told.id)
        break
      case 'whole':
        this.#position = told.position
        this.#heard(told.live)
        break
      case 'found':
        this.#heard({})
        break
      case 'lost':
        this.#lost()
    }
  }

  #tellWhole(): void {
    if (!this.#isLeading || this.#live.status === null || this.#live.staleSince !== null) return
    this.#tabs?.tell({ kind: 'whole', live: this.#live, position: this.#position })
  }

  #ask(): void {
    this.#tabs?.tell({ kind: 'ask' })
    this.#expect()
  }

  /** Without a sign of life until then it is lost. */
  #expect(): void {
    this.#callOff()
    this.#callOff = after(SILENCE_MS, () => this.#lost())
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
    this.#expect()
    this.#set({ ...this.#live, ...change, staleSince: null })
  }

  #lost(): void {
    this.#disconnect()
    if (this.#isLeading) this.#tabs?.tell({ kind: 'lost' })
    this.#set({ ...this.#live, staleSince: this.#live.staleSince ?? this.#heardAt })
    this.#callOff = after(this.#pauseMs, () => {
      this.#onRefused()
      if (this.#isLeading) this.#connect()
      else this.#ask()
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
