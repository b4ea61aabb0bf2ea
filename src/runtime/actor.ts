import { Subject } from 'rxjs'
import { asJson } from '../core/json.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Commit, JournalEntry, Store, StoredSnapshot } from '../ports/store.ts'
import { type Fold, pathOf, type Stamp, type State, stateDigest } from './fold.ts'

/** One step of a chart: what was, what happened, what is. */
export interface Step<Context, Event> {
  readonly before: State<Context>
  readonly event: Event
  readonly after: State<Context>
}

/** A step that is on disk. */
export interface CommittedStep<Context, Event> extends Step<Context, Event> {
  readonly entry: JournalEntry
}

export type Sent =
  | { readonly taken: true; readonly entry: JournalEntry }
  | { readonly taken: false; readonly path: string }

export interface ActorParts<Context, Fact extends { readonly type: string }, Input> {
  readonly stream: string
  readonly fold: Fold<Context, Fact & Stamp, Input>
  readonly input: Input
  readonly stored: StoredSnapshot | undefined
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Documents and audit lines that belong to a step; written in the same batch. */
  readonly project: (step: Step<Context, Fact & Stamp>) => Pick<Commit, 'documents' | 'audit'>
}

/**
 * One statechart that survives: event → transition → one atomic commit → tell. Events are taken one after the other; nobody hears of
 * one before it is on disk. An actor whose chart throws takes no more events until restart, and harms no other.
 */
export class DurableActor<Context, Fact extends { readonly type: string }, Input> {
  readonly stream: string
  readonly #parts: ActorParts<Context, Fact, Input>
  readonly #told = new Subject<CommittedStep<Context, Fact & Stamp>>()
  readonly committed$ = this.#told.asObservable()
  #state: State<Context>
  #sequence: number
  #tail: Promise<unknown> = Promise.resolve()
  #fault: Error | null = null

  constructor(parts: ActorParts<Context, Fact, Input>) {
    this.#parts = parts
    this.stream = parts.stream
    this.#state =
      parts.stored === undefined ? parts.fold.initial(parts.input) : parts.fold.restore(parts.stored.snapshot)
    this.#sequence = parts.stored?.sequence ?? 0
  }

  get state(): State<Context> {
    return this.#state
  }

  get sequence(): number {
    return this.#sequence
  }

  get path(): string {
    return pathOf(this.#state.value)
  }

  /** Why the actor takes no more events; null while it is well. */
  get fault(): Error | null {
    return this.#fault
  }

  /**
   * Resolves when the event is on disk and told, or was not taken because its state does not expect it. Rejects when the store
   * or the chart fails; nothing has changed then.
   */
  send(fact: Fact): Promise<Sent> {
    const sent = this.#tail.then(() => this.#take(fact))
    this.#tail = sent.catch(() => undefined)
    return sent
  }

  /** Resolves when every event sent so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#tail
  }

  async #take(fact: Fact): Promise<Sent> {
    if (this.#fault !== null) throw this.#fault
    const { fold, store, clock, stream, project } = this.#parts
    const at = clock.now()
    const event = { ...fact, at, sequence: this.#sequence + 1 }
    const step = this.#compute(event)
    if (step === null) return { taken: false, path: this.path }
    const entry = await store.append({
      stream,
      expectedSequence: this.#sequence,
      entry: { at, event: asJson(event), state: stateDigest(step.after) },
      machine: fold.name,
      snapshot: asJson(step.after),
      ...project(step),
    })
    this.#state = step.after
    this.#sequence = entry.sequence
    this.#told.next({ ...step, entry })
    return { taken: true, entry }
  }

  #compute(event: Fact & Stamp): Step<Context, Fact & Stamp> | null {
    const before = this.#state
    try {
      const after = this.#parts.fold.next(before, event)
      return after === null ? null : { before, event, after }
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error))
      this.#parts.log.error(
        { stream: this.stream, event: event.type, error: this.#fault.message },
        'the statechart threw; this actor is stopped',
      )
      throw this.#fault
    }
  }
}
