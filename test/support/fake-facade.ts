import { Subject } from 'rxjs'
import { environmentMachine, environmentVersion } from '../../machines/environment/machine.ts'
import type {
  EnvironmentContext,
  EnvironmentEvent,
  EnvironmentFact,
  EnvironmentInput,
} from '../../machines/environment/types.ts'
import { type BackupPair, backupText } from '../../src/core/backup.ts'
import { auditHash, journalHash, ZERO_HASH } from '../../src/core/chain.ts'
import { asJson, type JsonObject } from '../../src/core/json.ts'
import type { Comparison } from '../../src/core/release.ts'
import type { Composition } from '../../src/core/topology/index.ts'
import type { Actor, Deployment, Drifted, NotYetActive, TargetProgress, TargetSeen } from '../../src/core/vocabulary.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type {
  AuditEntry,
  DocumentQuery,
  JournalEntry,
  NewAuditEntry,
  StoredSnapshot,
  StoreHealth,
} from '../../src/ports/store.ts'
import type {
  Answer,
  Committed,
  EnvironmentStatus,
  Facade,
  PlanWithBodies,
  Refused,
  SourceStatus,
} from '../../src/runtime/facade.ts'
import { foldOf, pathOf, type State, stateDigest } from '../../src/runtime/fold.ts'

/** An order as it reached the controller. */
export interface TakenOrder {
  readonly order: string
  readonly of: string
  readonly body: object
  readonly by: Actor
}

interface Actual {
  state: State<EnvironmentContext>
  readonly journal: JournalEntry[]
}

const fold = foldOf<EnvironmentContext, EnvironmentEvent, EnvironmentInput>(environmentMachine, environmentVersion, {
  name: '',
})

const NOTHING_TO_GO_BACK_TO: Refused = {
  ok: false,
  why: 'not-found',
  code: 'HONUA_ROLLBACK_NO_RELEASE',
  message: 'nothing to go back to',
  remedy: 'deploy first',
}

/** A controller without a world: real charts and real journals, moved by the test; orders are noted and answered as told. */
export class FakeFacade implements Facade {
  readonly version = '1.2.3'
  readonly startedAt: number
  readonly committed$ = new Subject<Committed>()
  readonly orders: TakenOrder[] = []
  readonly records: Deployment[] = []
  readonly plans = new Map<string, PlanWithBodies>()
  readonly drifted: Drifted[] = []
  writing: readonly TargetProgress[] = []
  readonly seen = new Map<string, readonly TargetSeen[]>()
  named: readonly string[] = []
  inactive: NotYetActive = { slack: null, healthChecks: [] }
  /** Commits between any two that differ, by environment. */
  readonly commits = new Map<string, number>()
  /** Commits that the cache of the repository does not hold. */
  readonly lost = new Set<string>()
  /** By `one other`. */
  readonly comparisons = new Map<string, Comparison>()
  readonly auditLog: AuditEntry[] = []
  readonly told: string[] = []
  readonly #clock: Clock
  readonly #actors = new Map<string, Actual>()
  /** What the next orders are answered with instead of yes. */
  refusal: Refused | null = null
  /** Called with each order that is let through, before it is answered. */
  onOrder: (order: TakenOrder) => void = () => undefined
  controllerState: ReturnType<Facade['state']> = 'Running'
  health: StoreHealth = { state: 'ok' }
  sourceNow: SourceStatus

  constructor(clock: Clock, environments: readonly string[] = ['dev', 'production']) {
    this.#clock = clock
    this.startedAt = clock.now()
    for (const name of environments) this.#actors.set(name, { state: fold.initial({ name }), journal: [] })
    this.sourceNow = {
      path: 'Watching',
      context: {
        settings: { url: 'github.com/city/honua-config', branch: 'main', historyRewrite: 'hold' },
        head: { commit: 'a'.repeat(40), at: clock.now() },
        pending: null,
        failure: null,
        acceptedRewrite: null,
        owed: [],
      },
      lastCheckAt: clock.now() - 5_000,
      lastSuccessAt: clock.now() - 5_000,
      nextPollAt: clock.now() + 25_000,
    }
  }

  /** Lets one event happen. Throws when the chart does not take it. */
  happen(name: string, fact: EnvironmentFact): void {
    const actor = this.#actor(name)
    const sequence = actor.journal.length + 1
    const at = this.#clock.now()
    const next = fold.next(actor.state, { ...fact, at, sequence })
    if (next === null) throw new Error(`${fact.type} is not taken in ${pathOf(actor.state.value)}`)
    const [from, to] = [pathOf(actor.state.value), pathOf(next.value)]
    const stream = `environment/${name}`
    const facts = {
      stream,
      sequence,
      at,
      event: asJson(fact),
      state: stateDigest(next),
      previous: actor.journal.at(-1)?.hash ?? ZERO_HASH,
    }
    const entry = { ...facts, hash: journalHash(facts) }
    actor.journal.push(entry)
    actor.state = next
    this.committed$.next({ entry, from, to, owed: next.context.owed.map((effect) => effect.kind) })
  }

  /** Id of the effect that the environment owes; '' when none. */
  owed(name: string): string {
    return this.#actor(name).state.context.owed[0]?.id ?? ''
  }

  noteAudit(stream: string, { at, actor, action, details }: NewAuditEntry): void {
    const previous = this.auditLog.at(-1)?.hash ?? ZERO_HASH
    const facts = { sequence: this.auditLog.length + 1, at, stream, actor, action, details, previous }
    this.auditLog.push({ ...facts, hash: auditHash(facts) })
  }

  /** Changes what the store holds, as nobody may. */
  tamper(name: string, at: number, change: Partial<JournalEntry>): void {
    const { journal } = this.#actor(name)
    const entry = journal[at]
    if (entry !== undefined) journal[at] = { ...entry, ...change }
  }

  now = () => this.#clock.now()
  state = () => this.controllerState
  storeHealth = () => this.health
  notices = () => this.told
  source = () => this.sourceNow

  environments(): readonly EnvironmentStatus[] {
    return [...this.#actors.keys()].map((name) => this.#status(name))
  }
  environment(name: string): EnvironmentStatus | undefined {
    return this.#actors.has(name) ? this.#status(name) : undefined
  }
  async drift(): Promise<readonly Drifted[]> {
    return this.drifted
  }

  progress(): readonly TargetProgress[] {
    return this.writing
  }

  targets = (environment: string) => this.seen.get(environment) ?? []
  order = () => this.named
  notYetActive = () => this.inactive
  room = async () => ({ freeBytes: 5_000_000_000, keptBytes: 16_777_216 })
  commitsBetween = async (environment: string, from: string, to: string) =>
    from === to ? 0 : (this.commits.get(environment) ?? null)
  commit = async (id: string) =>
    this.lost.has(id) ? null : { commit: id, author: 'A Tester', subject: 'Change', committedAt: this.startedAt }
  compareReleases = async (one: string, other: string): Promise<Comparison | null> =>
    this.comparisons.get(`${one} ${other}`) ?? null

  readonly compositions = new Map<string, Composition>()
  readonly ours = new Map<string, number>()
  async composition(release: string): Promise<Composition | null> {
    return this.compositions.get(release) ?? null
  }
  async owned(): Promise<ReadonlyMap<string, number>> {
    return this.ours
  }

  async plan(environment: string): Promise<PlanWithBodies | null> {
    return this.plans.get(environment) ?? null
  }
  async deploymentPlan(id: string): Promise<PlanWithBodies | null> {
    return this.plans.get(id) ?? null
  }
  async *deployments(query: DocumentQuery = {}): AsyncIterable<Deployment> {
    const found = this.records.filter((one) => one.id.startsWith(query.prefix ?? ''))
    yield* found.sort((one, other) => (one.id < other.id ? -1 : 1) * (query.reverse === true ? -1 : 1))
  }
  async deployment(id: string): Promise<Deployment | undefined> {
    return this.records.find((one) => one.id === id)
  }
  async *journal(stream: string, from = 1, to = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalEntry> {
    const journal = this.#actors.get(stream.replace('environment/', ''))?.journal ?? []
    yield* journal.filter(({ sequence }) => sequence >= from && sequence <= to)
  }
  async base(): Promise<undefined> {
    return undefined
  }
  async snapshot(stream: string): Promise<StoredSnapshot | undefined> {
    const actor = this.#actors.get(stream.replace('environment/', ''))
    if (actor === undefined) return undefined
    const snapshot: JsonObject = JSON.parse(JSON.stringify(actor.state))
    const hash = actor.journal.at(-1)?.hash ?? ZERO_HASH
    return { stream, sequence: actor.journal.length, machine: fold.name, snapshot, hash }
  }
  async *audit(from = 1): AsyncIterable<AuditEntry> {
    yield* this.auditLog.filter(({ sequence }) => sequence >= from)
  }

  /** What a backup holds, before it is made a text. */
  readonly pairs: BackupPair[] = []
  backup(): AsyncIterable<string> {
    const pages = (async function* (pairs: readonly BackupPair[]) {
      yield pairs
    })(this.pairs)
    return backupText({ by: this.version, at: this.#clock.now() }, pages)
  }

  sync = (of: string, by: Actor) => this.#order('sync', of, {}, by)
  hold = (of: string, body: object, by: Actor) => this.#order('hold', of, body, by)
  unhold = (of: string, body: object, by: Actor) => this.#order('unhold', of, body, by)
  approve = (of: string, body: object, by: Actor) => this.#order('approve', of, body, by)
  reject = (of: string, body: object, by: Actor) => this.#order('reject', of, body, by)
  cancel = (of: string, body: object, by: Actor) => this.#order('cancel', of, body, by)
  acceptRewrite = (of: string, body: object, by: Actor) => this.#order('acceptRewrite', of, body, by)
  async rollback(of: string, body: object, by: Actor): Promise<Answer<{ readonly deployment: string }>> {
    const answer = await this.#order('rollback', of, body, by)
    return answer.ok ? { ok: true, value: { deployment: `${of}-20260105-080000` } } : answer
  }

  async rollbackPlan(of: string): Promise<Answer<PlanWithBodies>> {
    const plan = this.plans.get(of)
    if (this.refusal !== null || plan === undefined) return this.refusal ?? NOTHING_TO_GO_BACK_TO
    return { ok: true, value: plan }
  }

  async restore(of: string, body: object, by: Actor): Promise<Answer<{ readonly deployment: string }>> {
    const answer = await this.#order('restore', of, body, by)
    return answer.ok ? { ok: true, value: { deployment: `${of}-20260105-080000` } } : answer
  }

  async #order(order: string, of: string, body: object, by: Actor): Promise<Answer> {
    if (this.refusal !== null) return this.refusal
    const taken = { order, of, body, by }
    this.orders.push(taken)
    this.onOrder(taken)
    return { ok: true, value: null }
  }

  #actor(name: string): Actual {
    const actor = this.#actors.get(name)
    if (actor === undefined) throw new Error(`there is no environment ${name}`)
    return actor
  }

  #status(name: string): EnvironmentStatus {
    const { state } = this.#actor(name)
    return { name, path: pathOf(state.value), context: state.context }
  }
}
