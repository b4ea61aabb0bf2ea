import type { EnvironmentContext, EnvironmentEvent } from '../../../machines/environment/types.ts'
import type { SourceContext, SourceEvent } from '../../../machines/source/types.ts'
import type { Operation } from '../../../src/adapters/store/engine.ts'
import { parseDocumentKey, parseHistoryKey } from '../../../src/adapters/store/keys.ts'
import type { Json } from '../../../src/core/json.ts'
import type { Deployment } from '../../../src/core/vocabulary.ts'
import type { AuditEntry, JournalEntry } from '../../../src/ports/store.ts'
import { environmentOfStream } from '../../../src/runtime/environment/host.ts'
import { pathOf } from '../../../src/runtime/fold.ts'
import { DEPLOYMENTS } from '../../../src/runtime/records.ts'

/** A state as it is on the disk. */
export interface At<Context> {
  readonly path: string
  readonly context: Context
}

/** One step of an environment that is on the disk. */
export interface EnvironmentStep {
  readonly environment: string
  readonly entry: JournalEntry
  readonly event: EnvironmentEvent
  readonly before: At<EnvironmentContext> | null
  readonly after: At<EnvironmentContext>
}

export interface SourceStep {
  readonly event: SourceEvent
  readonly before: At<SourceContext> | null
  readonly after: At<SourceContext>
}

export interface ViewEvents {
  readonly environmentStep: (step: EnvironmentStep) => void
  readonly sourceStep: (step: SourceStep) => void
  readonly audit: (line: AuditEntry) => void
  readonly record: (record: Deployment, former: Deployment | undefined) => void
}

/** What the disk holds, read from each synced batch by itself: no part of the controller is asked. */
export class DiskView {
  readonly environments = new Map<string, At<EnvironmentContext>>()
  readonly records = new Map<string, Deployment>()
  source: At<SourceContext> | null = null
  readonly #events: ViewEvents
  #entry = ''

  constructor(events: ViewEvents) {
    this.#events = events
  }

  synced(operations: readonly Operation[]): void {
    for (const operation of operations) {
      if (operation.type === 'put') this.#put(operation.key, operation.value)
      else this.#gone(operation.key)
    }
  }

  #gone(key: string): void {
    const place = parseDocumentKey(key)
    if (place?.collection === DEPLOYMENTS) this.records.delete(place.id)
  }

  #put(key: string, text: string): void {
    const document = parseDocumentKey(key)
    if (document !== undefined) {
      if (document.collection === DEPLOYMENTS) this.#record(document.id, text)
      return
    }
    const place = parseHistoryKey(key)
    if (place.kind === 'journal') this.#entry = text
    else if (place.kind === 'snapshot') this.#snapshot(place.stream, text)
    else if (place.kind === 'audit') this.#events.audit(JSON.parse(text))
  }

  #record(id: string, text: string): void {
    // A line with its hash stands before it.
    const record: Deployment = JSON.parse(text.slice(text.indexOf('\n') + 1))
    const former = this.records.get(id)
    this.records.set(id, record)
    this.#events.record(record, former)
  }

  /** A snapshot stands right behind the entry that led to it. */
  #snapshot(stream: string, text: string): void {
    const entry = this.#entry
    const environment = environmentOfStream(stream)
    if (environment === undefined) {
      const before = this.source
      this.source = stateIn<SourceContext>(text)
      this.#events.sourceStep({ ...entryIn<SourceEvent>(entry), before, after: this.source })
    } else {
      const before = this.environments.get(environment) ?? null
      const after = stateIn<EnvironmentContext>(text)
      this.environments.set(environment, after)
      this.#events.environmentStep({ environment, ...entryIn<EnvironmentEvent>(entry), before, after })
    }
  }
}

function stateIn<Context>(text: string): At<Context> {
  const { snapshot }: { readonly snapshot: { readonly value: Json; readonly context: Context } } = JSON.parse(text)
  return { path: pathOf(snapshot.value), context: snapshot.context }
}

function entryIn<Event>(text: string): { readonly entry: JournalEntry; readonly event: Event } {
  const entry: JournalEntry & { readonly event: Event } = JSON.parse(text)
  return { entry, event: entry.event }
}
