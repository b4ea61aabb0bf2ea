import { map, type Observable, startWith } from 'rxjs'
import { environmentMachine, environmentVersion } from '../../../machines/environment/machine.ts'
import { wakeAt } from '../../../machines/environment/memory.ts'
import type {
  EnvironmentContext,
  EnvironmentEffect,
  EnvironmentEvent,
  EnvironmentFact,
  EnvironmentInput,
} from '../../../machines/environment/types.ts'
import { runtimeErrors } from '../../core/errors/runtime.ts'
import type { Deployment, EnvironmentSettings, Instant } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store, StoredSnapshot } from '../../ports/store.ts'
import { type CommittedStep, DurableActor } from '../actor.ts'
import { type Carry, EffectDesk } from '../effects.ts'
import { foldOf } from '../fold.ts'
import { EnvironmentRecords } from '../records.ts'

const STREAM_PREFIX = 'environment/'
const environmentFold = foldOf<EnvironmentContext, EnvironmentEvent, EnvironmentInput>(
  environmentMachine,
  environmentVersion,
  { name: '' },
)

export function environmentStream(name: string): string {
  return STREAM_PREFIX + name
}

/** The environment whose stream it is, or undefined. */
export function environmentOfStream(stream: string): string | undefined {
  return stream.startsWith(STREAM_PREFIX) ? stream.slice(STREAM_PREFIX.length) : undefined
}

export interface HostParts {
  readonly name: string
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly carry: Carry<EnvironmentContext, EnvironmentEffect, EnvironmentFact>
  readonly stored: StoredSnapshot | undefined
  readonly open: Deployment | null
}

/** One environment: its actor, the desk that pays its effects, its records. */
export class EnvironmentHost {
  readonly name: string
  readonly actor: DurableActor<EnvironmentContext, EnvironmentFact, EnvironmentInput>
  readonly #desk: EffectDesk<EnvironmentContext, EnvironmentEffect, EnvironmentFact>

  constructor(parts: HostParts) {
    const { name, stored } = parts
    if (stored !== undefined && stored.machine.version !== environmentVersion)
      throw runtimeErrors.snapshotForeign({
        stream: stored.stream,
        version: stored.machine.version,
        expected: environmentVersion,
      })
    const records = new EnvironmentRecords(parts.open)
    this.name = name
    this.actor = new DurableActor<EnvironmentContext, EnvironmentFact, EnvironmentInput>({
      stream: environmentStream(name),
      fold: environmentFold,
      input: { name },
      stored,
      store: parts.store,
      clock: parts.clock,
      log: parts.log,
      project: (step) => records.project(step),
    })
    this.#desk = new EffectDesk({
      carry: (...owed) => this.#carried(parts.carry, ...owed),
      answer: (fact) => this.actor.send(fact),
      log: parts.log,
    })
    this.actor.committed$.subscribe((step) => {
      records.settle(step)
      this.#desk.pay(step.after.context)
    })
  }

  get context(): EnvironmentContext {
    return this.actor.state.context
  }

  get committed$(): Observable<CommittedStep<EnvironmentContext, EnvironmentEvent>> {
    return this.actor.committed$
  }

  /** When the environment next needs a timer event; a value now and after each commit. */
  get wakeAt$(): Observable<Instant | null> {
    return this.committed$.pipe(
      map(({ after }) => wakeAt(after.context)),
      startWith(wakeAt(this.context)),
    )
  }

  /** Starts what is still owed from before. */
  start(): void {
    this.#desk.pay(this.context)
  }

  async take(settings: EnvironmentSettings): Promise<void> {
    if (JSON.stringify(settings) !== JSON.stringify(this.context.settings))
      await this.actor.send({ type: 'settings.changed', settings })
  }

  /** A plan is found valid for the settings it was looked at with: where others came meanwhile, a window may be closed, and it is planned anew. */
  async #carried(
    carry: HostParts['carry'],
    ...[effect, context, signal]: Parameters<HostParts['carry']>
  ): Promise<EnvironmentFact> {
    const fact = await carry(effect, context, signal)
    if (fact.type !== 'validation.passed') return fact
    await this.actor.settled()
    if (JSON.stringify(this.context.settings) === JSON.stringify(context.settings)) return fact
    const { code, message } = runtimeErrors.settingsChanged({ environment: this.name })
    if (fact.did === undefined) return { type: 'plan.stale', effect: effect.id, message }
    return { type: 'validation.failed', effect: effect.id, code, message, transient: true, did: fact.did }
  }

  async stop(): Promise<void> {
    await this.#desk.stop()
    await this.actor.settled()
  }
}
