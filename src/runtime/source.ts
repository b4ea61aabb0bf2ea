import { sourceMachine, sourceVersion } from '../../machines/source/machine.ts'
import type { SourceContext, SourceEffect, SourceFact, SourceSettings } from '../../machines/source/types.ts'
import { HonuaError } from '../core/errors/index.ts'
import type { CommitId, Instant } from '../core/vocabulary.ts'
import type { Clock } from '../ports/clock.ts'
import type { GitSource } from '../ports/git.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import { DurableActor } from './actor.ts'
import { EffectDesk } from './effects.ts'
import type { SourceStatus } from './facade.ts'
import { failureFacts } from './failure.ts'
import { foldOf } from './fold.ts'
import { projectSource } from './records.ts'

export const SOURCE_STREAM = 'source'
/** Failures of these codes mean that the remote answered and what it shows cannot be followed; a person must look. */
const INVALID = new Set(['HONUA_GIT_BRANCH_MISSING'])
const sourceFold = foldOf<
  SourceContext,
  SourceFact & { readonly at: Instant; readonly sequence: number },
  Record<string, never>
>(sourceMachine, sourceVersion, {})

export interface SourceParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly git: GitSource
  readonly settings: SourceSettings
}

/** The source actor with what feeds it: one remote call a poll, a fetch when the branch moved. */
export class SourceHost {
  readonly actor: DurableActor<SourceContext, SourceFact, Record<string, never>>
  readonly git: GitSource
  readonly #clock: Clock
  readonly #log: Log
  readonly #settings: SourceSettings
  readonly #desk: EffectDesk<SourceContext, SourceEffect, SourceFact>
  #lastCheckAt: Instant | null = null
  #lastSuccessAt: Instant | null = null

  static async open(parts: SourceParts): Promise<SourceHost> {
    return new SourceHost(parts, await parts.store.snapshot(SOURCE_STREAM))
  }

  private constructor(parts: SourceParts, stored: Awaited<ReturnType<Store['snapshot']>>) {
    this.git = parts.git
    this.#clock = parts.clock
    this.#log = parts.log
    this.#settings = parts.settings
    this.actor = new DurableActor<SourceContext, SourceFact, Record<string, never>>({
      stream: SOURCE_STREAM,
      fold: sourceFold,
      input: {},
      stored,
      store: parts.store,
      clock: parts.clock,
      log: parts.log,
      project: projectSource,
    })
    this.#desk = new EffectDesk({
      carry: (effect, _, signal) => this.#fetch(effect, signal),
      answer: (fact) => this.actor.send(fact),
      log: parts.log,
    })
    this.actor.committed$.subscribe(({ after }) => this.#desk.pay(after.context))
  }

  /** Takes the settings in and starts what is still owed. */
  async start(): Promise<void> {
    const known = this.actor.state.context.settings
    if (JSON.stringify(known) !== JSON.stringify(this.#settings))
      await this.actor.send({ type: 'source.configured', settings: this.#settings })
    this.#desk.pay(this.actor.state.context)
  }

  /** Asks the remote once, and waits for the fetch that follows when it moved. Failures are results and events, never thrown. */
  async poll(signal: AbortSignal): Promise<{ readonly ok: boolean }> {
    this.#lastCheckAt = this.#clock.now()
    try {
      await this.#seen(await this.git.remoteHead(signal))
      this.#lastSuccessAt = this.#clock.now()
      await this.#desk.idle()
      return { ok: this.actor.path !== 'Unreachable' }
    } catch (error) {
      if (signal.aborted) return { ok: false }
      const { code, message } = failureFacts(error)
      this.#log.warn({ code }, message)
      await this.actor.send({ type: INVALID.has(code) ? 'remote.invalid' : 'remote.failed', code, message })
      return { ok: false }
    }
  }

  status(nextPollAt: Instant | null): SourceStatus {
    const { path, state } = this.actor
    return {
      path,
      context: state.context,
      lastCheckAt: this.#lastCheckAt,
      lastSuccessAt: this.#lastSuccessAt,
      nextPollAt,
    }
  }

  async stop(): Promise<void> {
    await this.#desk.stop()
    await this.actor.settled()
  }

  /** Tells the actor only what changes something: a poll that finds nothing new is written nowhere. */
  async #seen(commit: CommitId): Promise<void> {
    const { path, state } = this.actor
    const { head, pending } = state.context
    if (commit === head?.commit) {
      if (path !== 'Watching' && path !== 'Fetching') await this.actor.send({ type: 'remote.reached' })
      return
    }
    if (commit !== pending || path === 'Unreachable') await this.actor.send({ type: 'remote.moved', commit })
  }

  async #fetch(effect: SourceEffect, signal: AbortSignal): Promise<SourceFact> {
    const { id, commit, head } = effect
    try {
      await this.git.fetch(commit, signal)
      const rewritten = head !== null && (await this.git.relation(head, commit)) === 'rewritten'
      this.#log.info({ commit, rewritten }, 'fetched')
      return { type: 'fetch.done', effect: id, commit, rewritten }
    } catch (error) {
      if (signal.aborted || !(error instanceof HonuaError))
        this.#log.error({ effect: id, error: String(error) }, 'the fetch failed')
      const { code, message } = failureFacts(error)
      return { type: 'fetch.failed', effect: id, code, message }
    }
  }
}
