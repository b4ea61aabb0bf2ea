import type { HistorySettings } from '../../core/config/index.ts'
import type { Instant } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Collected, Cut, Store } from '../../ports/store.ts'
import { failureFacts } from '../failure.ts'
import { DEPLOYMENTS } from '../records.ts'
import { oldDeployments } from './deployments.ts'
import { CUT_MAX, findCut } from './journals.ts'
import { markContents } from './mark.ts'

/** Contents are collected at most this often, in ms: marking reads all that is kept. */
const COLLECT_EVERY_MS = 6 * 3_600_000
/** Documents that one batch removes. */
const DOCUMENTS_AT_ONCE = 500

/** What one round let go. */
export interface Tidied {
  readonly entries: number
  readonly deployments: number
  /** Null when it was not the time, or nothing had been let go since the last time. */
  readonly contents: Collected | null
}

export interface KeeperParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Asked at each round: the configuration may change meanwhile. */
  readonly limits: () => HistorySettings
  readonly collectEveryMs?: number
}

/** Keeps the history within its limits, in small batches between which everybody else gets their turn. */
export class HistoryKeeper {
  readonly #parts: KeeperParts
  /** Journals that do not lead to the states they name; told once. */
  readonly #diverged = new Set<string>()
  readonly #stopping = new AbortController()
  #running: Promise<Tidied> | null = null
  #collectedAt: Instant
  /** Whether something may have lost its last reference; contents of a crash have none from the start. */
  #letGo = true

  constructor(parts: KeeperParts) {
    this.#parts = parts
    this.#collectedAt = parts.clock.now()
  }

  /**
   * One round; the one that runs already, where one does. Does nothing while the store is not well. Failures are logged, never thrown:
   * the next round tries again.
   */
  round(): Promise<Tidied> {
    this.#running ??= this.#round(this.#stopping.signal).finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Resolves when no round runs any more; a round stops at the next batch. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the controller stops'))
    await this.#running
  }

  async #round(signal: AbortSignal): Promise<Tidied> {
    const tidied = { entries: 0, deployments: 0, contents: null as Collected | null }
    const { store, log } = this.#parts
    if (signal.aborted || store.health().state !== 'ok') return tidied
    try {
      tidied.entries = await this.#shortenJournals(signal)
      tidied.deployments = await this.#dropDeployments(signal)
      if (tidied.entries + tidied.deployments > 0) this.#letGo = true
      tidied.contents = await this.#collect(signal)
      if (tidied.entries + tidied.deployments > 0 || tidied.contents !== null)
        log.debug(tidied, 'the history was tidied')
    } catch (error) {
      const { code, message } = failureFacts(error)
      if (!signal.aborted) log.warn({ code }, `the history could not be tidied: ${message}`)
    }
    return tidied
  }

  async #shortenJournals(signal: AbortSignal): Promise<number> {
    const { store, clock, limits } = this.#parts
    let [shortened, entries] = [0, 0]
    let cuts: Cut[] = []
    const flush = async () => {
      if (cuts.length === 0) return
      await store.compact({ at: clock.now(), cuts, documents: [] })
      shortened += entries
      cuts = []
      entries = 0
    }
    let unfinished = new Set(store.extents().map(({ stream }) => stream))
    while (unfinished.size > 0) {
      const again = new Set<string>()
      for (const extent of store.extents()) {
        const { stream } = extent
        if (!unfinished.has(stream) || this.#diverged.has(stream)) continue
        signal.throwIfAborted()
        const found = await findCut(store, extent, limits(), clock.now())
        if (found.kind === 'diverged') this.#tell(stream, found.sequence)
        if (found.kind !== 'cut') continue
        if (entries + found.entries > CUT_MAX) await flush()
        cuts.push(found.cut)
        entries += found.entries
        again.add(stream)
      }
      await flush()
      unfinished = again
    }
    return shortened
  }

  async #dropDeployments(signal: AbortSignal): Promise<number> {
    const { store, clock, limits } = this.#parts
    const ids = await oldDeployments(store, limits())
    for (let from = 0; from < ids.length; from += DOCUMENTS_AT_ONCE) {
      signal.throwIfAborted()
      const documents = ids.slice(from, from + DOCUMENTS_AT_ONCE).map((id) => ({ collection: DEPLOYMENTS, id }))
      await store.compact({ at: clock.now(), cuts: [], documents })
    }
    return ids.length
  }

  async #collect(signal: AbortSignal): Promise<Collected | null> {
    const { store, clock, collectEveryMs = COLLECT_EVERY_MS } = this.#parts
    if (!this.#letGo || clock.now() - this.#collectedAt < collectEveryMs) return null
    signal.throwIfAborted()
    const collected = await store.collect(() => markContents(store, signal))
    this.#collectedAt = clock.now()
    // What was handed in lately stays for one more time, so one more round may find something.
    this.#letGo = collected.removed > 0
    return collected
  }

  #tell(stream: string, sequence: number): void {
    this.#diverged.add(stream)
    this.#parts.log.error(
      { stream, sequence },
      'the journal does not lead to the states it names, and is kept whole for inquiry: see honua replay',
    )
  }
}
