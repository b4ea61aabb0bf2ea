import { merge, type Observable, of, Subject } from 'rxjs'
import type { Actor, CommitId, Deployment, EnvironmentSettings, Instant, NotYetActive } from '../core/vocabulary.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Store, StoredSnapshot } from '../ports/store.ts'
import type { CommittedStep } from './actor.ts'
import { environmentCarry } from './environment/carry.ts'
import { EnvironmentHost, environmentOfStream } from './environment/host.ts'
import type { World } from './environment/world.ts'
import type { Committed } from './facade.ts'
import { pathOf } from './fold.ts'
import type { SourceHost } from './source.ts'

/** What the controller is configured to do; replaced as a whole on reload. */
export interface Setup {
  /** Environments that the configuration names; others are found in the repository. */
  readonly environments: readonly string[]
  readonly settings: (environment: string) => EnvironmentSettings
  /** What is configured but not active yet, and what is wrong with a configuration that was not taken. */
  readonly notices: readonly string[]
  /** What is configured and does nothing yet, in full. */
  readonly notYetActive: NotYetActive
}

export interface ControllerParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly source: SourceHost
  readonly world: World
  readonly setup: Setup
}

const CONTROLLER: Actor = { name: 'controller', how: 'controller' }

/** The source and all environments, running: restores them, keeps them in line with configuration and head, stops them. */
export class Controller {
  readonly parts: ControllerParts
  readonly startedAt: Instant
  readonly committed$: Observable<Committed>
  readonly #hosts = new Map<string, EnvironmentHost>()
  readonly #opened = new Subject<EnvironmentHost>()
  readonly #committed = new Subject<Committed>()
  readonly #triggers = new Subject<null>()
  /** Asks for a poll now. */
  readonly trigger$: Observable<null> = this.#triggers.asObservable()
  #setup: Setup
  #state: 'Starting' | 'Running' | 'Stopping' = 'Starting'
  #waitingForPoll: (() => void)[] = []
  #dispatching: Promise<void> = Promise.resolve()
  nextPollAt: Instant | null = null

  constructor(parts: ControllerParts) {
    this.parts = parts
    this.#setup = parts.setup
    this.startedAt = parts.clock.now()
    this.committed$ = this.#committed.asObservable()
    const { actor } = parts.source
    actor.committed$.subscribe((step) => {
      this.#committed.next(told(step))
      const { head } = step.after.context
      if (head !== null && head.commit !== step.before.context.head?.commit) void this.#dispatch(head.commit)
    })
  }

  get state(): 'Starting' | 'Running' | 'Stopping' {
    return this.#state
  }

  get setup(): Setup {
    return this.#setup
  }

  get hosts(): readonly EnvironmentHost[] {
    return [...this.#hosts.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Every environment's host: those already open, then others as they open. */
  get hosts$(): Observable<EnvironmentHost> {
    return merge(of(...this.hosts), this.#opened)
  }

  host(name: string): EnvironmentHost | undefined {
    return this.#hosts.get(name)
  }

  /** Restores every actor, starts what they owe, and compares them with the head in the cache. Needs no network. */
  async start(): Promise<void> {
    const { store, source } = this.parts
    const ahead: EnvironmentHost[] = []
    for await (const stored of store.snapshots()) {
      const name = environmentOfStream(stored.stream)
      if (name === undefined) continue
      const host = this.#open(name, stored, await this.#openRecord(stored))
      if (await this.#isAhead(stored)) ahead.push(host)
    }
    await source.start()
    await this.configure(this.#setup)
    const { head } = source.actor.state.context
    if (head !== null) await this.#dispatch(head.commit)
    for (const host of this.#hosts.values()) host.start()
    // Their deadlines were set by a clock that has gone back since: what they wait for may lie days ahead.
    await Promise.all(ahead.map((host) => host.actor.send({ type: 'look.requested', by: CONTROLLER })))
    this.#state = 'Running'
  }

  /** Takes a new set-up: every environment is told its settings where they changed. */
  async configure(setup: Setup): Promise<void> {
    this.#setup = setup
    for (const name of setup.environments) this.#open(name, undefined, null)
    await Promise.all([...this.#hosts.values()].map((host) => host.take(setup.settings(host.name))))
  }

  /** One poll of the remote, as the poll stream runs it. */
  async poll(signal: AbortSignal): Promise<{ readonly ok: boolean }> {
    const waiting = this.#waitingForPoll
    this.#waitingForPoll = []
    try {
      const result = await this.parts.source.poll(signal)
      await this.#dispatching
      return result
    } finally {
      for (const resolve of waiting) resolve()
    }
  }

  /** Polls now; resolves when a poll that began after this call is done and its commit is with the environments. */
  async pollNow(): Promise<void> {
    const polled = new Promise<void>((resolve) => this.#waitingForPoll.push(resolve))
    this.#triggers.next(null)
    await polled
  }

  /** Lets every actor finish its event; what is owed stays owed for the next start. */
  async stop(): Promise<void> {
    this.#state = 'Stopping'
    for (const resolve of this.#waitingForPoll) resolve()
    await this.parts.source.stop()
    await Promise.all([...this.#hosts.values()].map((host) => host.stop()))
  }

  /**
   * Compares the trees at `commit` with what each environment last got. By level, not by edge: a first start, a downtime and a
   * rewrite all lead here, and nothing is sent where nothing differs.
   */
  #dispatch(commit: CommitId): Promise<void> {
    this.#dispatching = this.#dispatching.then(async () => {
      try {
        const { names, problems } = await this.parts.world.loader.environments(commit)
        for (const problem of problems) this.parts.log.warn({ code: problem.code, commit }, problem.message)
        await Promise.all(names.map((name) => this.#ensure(name)))
        await Promise.all([...this.#hosts.values()].map((host) => this.#offer(host, commit)))
      } catch (error) {
        this.parts.log.error(
          { commit, error: String(error) },
          'the commit could not be handed to the environments; the next poll tries again',
        )
      }
    })
    return this.#dispatching
  }

  async #ensure(name: string): Promise<void> {
    if (this.#hosts.has(name)) return
    const host = this.#open(name, undefined, null)
    await host.take(this.#setup.settings(name))
  }

  async #offer(host: EnvironmentHost, commit: CommitId): Promise<void> {
    const trees = await this.parts.world.loader.trees(host.name, commit)
    const { head } = host.context
    if (head === null && trees.environment === null) return
    if (head !== null && JSON.stringify(head.trees) === JSON.stringify(trees)) return
    await host.actor.send({ type: 'head.moved', head: { commit, trees } })
  }

  #open(name: string, stored: StoredSnapshot | undefined, open: Deployment | null): EnvironmentHost {
    const known = this.#hosts.get(name)
    if (known !== undefined) return known
    const { store, clock, log, world } = this.parts
    const host = new EnvironmentHost({
      name,
      store,
      clock,
      log: log.child({ environment: name }),
      carry: environmentCarry(world),
      stored,
      open,
    })
    host.committed$.subscribe((step) => this.#committed.next(told(step)))
    this.#hosts.set(name, host)
    this.#opened.next(host)
    return host
  }

  /** Whether the newest event of a stored state is of a moment that the clock has not come to. */
  async #isAhead({ stream, sequence }: StoredSnapshot): Promise<boolean> {
    const { store, clock } = this.parts
    for await (const { at } of store.journal(stream, sequence, sequence)) return at > clock.now()
    return false
  }

  /** The record of the attempt that is open in a stored state. */
  async #openRecord(stored: StoredSnapshot): Promise<Deployment | null> {
    const id = openAttemptOf(stored)
    return id === null ? null : (((await this.parts.store.document('deployments', id)) ?? null) as Deployment | null)
  }
}

function openAttemptOf({ snapshot }: StoredSnapshot): string | null {
  const { context } = snapshot as { readonly context?: { readonly attempt?: { readonly id: string } | null } }
  return context?.attempt?.id ?? null
}

function told(step: CommittedStep<{ readonly owed: readonly { readonly kind: string }[] }, object>): Committed {
  return {
    entry: step.entry,
    from: pathOf(step.before.value),
    to: pathOf(step.after.value),
    owed: step.after.context.owed.map((effect) => effect.kind),
  }
}
