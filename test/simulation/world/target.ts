import { HonuaError } from '../../../src/core/errors/index.ts'
import { targetErrors } from '../../../src/core/errors/target.ts'
import { isJsonObject } from '../../../src/core/json.ts'
import { makeResource } from '../../../src/core/resource.ts'
import type { Digest, LiveState, Resource, ResourceKey } from '../../../src/core/vocabulary.ts'
import type { ActRequest, ApplyRequest, ChangeToApply, Driver, Health } from '../../../src/ports/driver.ts'
import type { Prng } from '../prng.ts'
import { type ActWatch, SimActs } from './acts.ts'
import { SimBackups } from './backups.ts'
import type { Boundaries } from './boundaries.ts'
import { REFUSED, SICK } from './declared.ts'
import { type Life, never } from './life.ts'
import { abilitiesOf, type Member, takes } from './site.ts'
import type { SimTime } from './time.ts'

/** What can be wrong with a target. Those of writes befall one write; the others last. */
export type TargetTrouble =
  | 'busy'
  | 'refuses'
  | 'times-out-before'
  | 'times-out-after'
  | 'lands-late'
  | 'partial'
  | 'lies'
  | 'hangs'
  | 'down'
  | 'slow'
  | 'ill'
  | 'flaps'
  | 'rehearses-nothing'

const OF_ONE_WRITE: ReadonlySet<TargetTrouble> = new Set([
  'busy',
  'refuses',
  'times-out-before',
  'times-out-after',
  'lands-late',
  'partial',
  'lies',
])

/** A change that is on the target. `by` is the key that the caller sent along, or how somebody else did it. */
export interface Landed {
  readonly order: number
  readonly key: ResourceKey
  readonly before: Digest | null
  readonly after: Digest | null
  /** What stood there before. */
  readonly former: Resource | null
  readonly by: string
}

/** How what a backup brings back, or takes away, came to be. */
export const FROM_BACKUP = 'put back from a backup'
export const LANDED = 'changes landed'
/** In front of `by` where the caller had given up already. */
export const LATE = 'late '

/** What a caller was shown. */
export interface Shown {
  readonly order: number
  /** Elapsed ms. */
  readonly at: number
  readonly resources: ReadonlyMap<ResourceKey, Digest>
  readonly live: LiveState
}

/** Those who watch what a target is told and what it does. */
export interface TargetWatch extends ActWatch {
  /** A caller is about to send changes. */
  sent(target: SimTarget, request: ApplyRequest): void
  landed(target: SimTarget, landed: Landed): void
  /** The call is over, whatever came of it. */
  over(target: SimTarget, request: ApplyRequest): void
}

export interface TargetParts {
  readonly environment: string
  readonly member: Member
  readonly time: SimTime
  readonly prng: Prng
  readonly boundaries: Boundaries
  readonly watch: TargetWatch
}

const CALL_TIMEOUT_MS = 30_000
/** More than two callers look at a time never. */
const SHOWN_KEPT = 8
const SLOW_MS = 20_000

/** A server that holds resources with versions, writes only what has the version the caller saw, and has every trouble there is. */
export class SimTarget {
  readonly environment: string
  readonly member: Member
  readonly acts: SimActs
  readonly backups: SimBackups
  readonly resources = new Map<ResourceKey, { readonly resource: Resource; readonly version: number }>()
  /** The newest looks that somebody was given, newest first; the newest change by us; the newest word on its health. */
  readonly shown: Shown[] = []
  writtenAt = 0
  health: { readonly order: number; readonly isWell: boolean } | null = null
  readonly #parts: TargetParts
  readonly #troubles = new Set<TargetTrouble>()
  #versions = 0
  #order = 0

  constructor(parts: TargetParts) {
    this.environment = parts.environment
    this.member = parts.member
    this.acts = new SimActs(this, parts)
    this.backups = new SimBackups(parts.member.name)
    this.#parts = parts
  }

  get name(): string {
    return this.member.name
  }

  /** Puts a trouble on the target; those of writes go with the next write. */
  trouble(trouble: TargetTrouble): void {
    this.#troubles.add(trouble)
  }

  relieve(trouble?: TargetTrouble): void {
    if (trouble === undefined) this.acts.relieve()
    if (trouble === undefined) this.#troubles.clear()
    else this.#troubles.delete(trouble)
  }

  /** Whether it is as ill as it can be: by what it holds, or by a trouble. */
  get isIll(): boolean {
    return this.#has('ill') || this.sickened.length > 0
  }

  /** What it holds that makes it ill. */
  get sickened(): readonly ResourceKey[] {
    return [...this.resources].flatMap(([key, { resource }]) => (titleOf(resource).startsWith(SICK) ? [key] : []))
  }

  /** Changes something as somebody else would. */
  outside(key: ResourceKey, change: (resource: Resource | undefined) => Resource | null, how: string): void {
    this.#put(key, change(this.resources.get(key)?.resource), how)
  }

  get #contents(): ReadonlyMap<ResourceKey, Resource> {
    return new Map([...this.resources].map(([key, { resource }]) => [key, resource]))
  }

  makeBackup(): void {
    this.backups.make(this.#parts.time.now(), this.#contents)
  }

  alterBackup(pick: number): void {
    this.backups.alter(pick, this.#contents)
  }

  /** Puts half of a backup back; the answer puts the rest. */
  putBack(id: unknown): () => void {
    const { contents } = this.backups.named(id)
    const keys = [...new Set([...this.resources.keys(), ...contents.keys()])]
    const put = (some: readonly ResourceKey[]) => {
      for (const key of some) this.#put(key, contents.get(key) ?? null, FROM_BACKUP)
    }
    const half = Math.ceil(keys.length / 2)
    put(keys.slice(0, half))
    return () => put(keys.slice(half))
  }

  digests(): ReadonlyMap<ResourceKey, Digest> {
    return new Map([...this.resources].map(([key, { resource }]) => [key, resource.digest]))
  }

  /** The port, as one run of the controller has it. */
  driverOf(life: Life): Driver {
    const probe = { description: 'a simulated target', abilities: abilitiesOf(this.member) }
    return {
      name: this.name,
      takes: (resource) => takes(this.member, resource),
      represent: plain,
      probe: (signal) => this.#call(life, signal, async () => probe),
      observe: (_, signal) => this.#call(life, signal, async () => this.#show()),
      dryRun: (request, signal) =>
        this.#call(life, signal, async () => {
          if (this.#has('rehearses-nothing')) throw busy(this.name, 'a rehearsal')
          return request.changes.filter(isForeseen).map(({ change }) => ({ key: change.key, message: 'it may not be' }))
        }),
      apply: (request, signal) => (life.isAlive ? this.#apply(life, request, signal) : never()),
      act: (request, signal) => (life.isAlive ? this.#act(life, request, signal) : never()),
      ...(this.member.role === 'database'
        ? { backup: (id: string, signal: AbortSignal) => this.#call(life, signal, async () => this.backups.named(id)) }
        : {}),
      health: (signal) => this.#call(life, signal, async () => this.#told()),
      close: () => Promise.resolve(),
    }
  }

  async #apply(life: Life, request: ApplyRequest, signal: AbortSignal): Promise<void> {
    const { boundaries, watch } = this.#parts
    signal.throwIfAborted()
    await boundaries.pass('changes are about to be sent', life)
    // Another call of this run may have passed the place at which it ended.
    if (!life.isAlive) await never()
    watch.sent(this, request)
    try {
      await this.#call(life, signal, () => this.#write(life, request))
    } finally {
      watch.over(this, request)
    }
  }

  async #act(life: Life, request: ActRequest, signal: AbortSignal): Promise<{ readonly message: string }> {
    const { boundaries, watch } = this.#parts
    signal.throwIfAborted()
    await boundaries.pass('a step is about to be asked for', life)
    if (!life.isAlive) await never()
    watch.asked(this, request)
    try {
      const answer = await this.#call(life, signal, () => this.acts.act(life, request))
      watch.told(this, request, 'done')
      return answer
    } catch (error) {
      watch.told(this, request, error instanceof HonuaError && error.retry === 'never' ? 'never' : 'later')
      throw error
    }
  }

  async #write(life: Life, request: ApplyRequest): Promise<void> {
    const { time, prng, boundaries } = this.#parts
    const pending = request.changes.filter(
      ({ change, desired }) => this.#digest(change.key) !== (desired?.digest ?? null),
    )
    if (pending.length === 0) return
    const stale = pending.filter(({ change }) => !this.#isAsSeen(change)).map(({ change }) => change.key)
    if (stale.length > 0) throw targetErrors.stale({ target: this.name, keys: stale })
    const refused = pending.filter(isRefused)
    if (refused.length > 0) throw targetErrors.refused({ target: this.name, reason: 'it may not be' })
    const trouble = this.#ofThisWrite()
    const key = life.isAlive ? request.idempotencyKey : LATE + request.idempotencyKey
    switch (trouble) {
      case 'busy':
        throw busy(this.name, 'a write')
      case 'refuses':
        throw targetErrors.refused({ target: this.name, reason: 'a rule forbids it today' })
      case 'times-out-before':
        await life.hears(time.pass(CALL_TIMEOUT_MS))
        throw unreachable(this.name, 'no answer')
      case 'lands-late':
        time.after(CALL_TIMEOUT_MS + prng.between(0, 60_000), () => this.#land(pending, LATE + request.idempotencyKey))
        await life.hears(time.pass(CALL_TIMEOUT_MS))
        throw unreachable(this.name, 'no answer')
      case 'partial': {
        const some = pending.slice(0, Math.floor(pending.length / 2))
        this.#land(some, key)
        throw targetErrors.partial({
          target: this.name,
          landed: some.map(({ change }) => change.key),
          failed: pending.slice(some.length).map(({ change }) => ({ key: change.key, message: 'no' })),
          retry: prng.chance(0.5) ? 'later' : 'never',
        })
      }
      case 'lies':
        return
      default:
        this.#land(pending, key)
        await boundaries.pass(LANDED, life)
        if (trouble !== 'times-out-after') return
        await life.hears(time.pass(CALL_TIMEOUT_MS))
        throw unreachable(this.name, 'no answer')
    }
  }

  /** What is not as the caller saw it is left alone, as a server with versions does. */
  #land(changes: readonly ChangeToApply[], by: string): void {
    for (const { change, desired } of changes)
      if (this.#isAsSeen(change)) this.#put(change.key, desired === null ? null : plain(desired), by)
  }

  #put(key: ResourceKey, resource: Resource | null, by: string): void {
    const former = this.resources.get(key)?.resource ?? null
    const before = former?.digest ?? null
    if (before === (resource?.digest ?? null)) return
    this.#versions += 1
    if (resource === null) this.resources.delete(key)
    else this.resources.set(key, { resource, version: this.#versions })
    const order = this.#next()
    if (by === FROM_BACKUP || (by.includes('/') && !by.startsWith(LATE))) this.writtenAt = order
    this.#parts.watch.landed(this, { order, key, before, after: resource?.digest ?? null, former, by })
  }

  #isAsSeen({ before, version, key }: ChangeToApply['change']): boolean {
    const live = this.resources.get(key)
    return (live?.resource.digest ?? null) === before && (live === undefined || `v${live.version}` === version)
  }

  #digest(key: ResourceKey): Digest | null {
    return this.resources.get(key)?.resource.digest ?? null
  }

  #show(): LiveState {
    const sorted = [...this.resources.values()].sort((one, other) => (one.resource.key < other.resource.key ? -1 : 1))
    const resources = sorted.map(({ resource, version }) => ({ ...resource, version: `v${version}` }))
    const live = { target: this.name, resources }
    this.shown.unshift({ order: this.#next(), at: this.#parts.time.elapsed, resources: this.digests(), live })
    this.shown.splice(SHOWN_KEPT)
    return live
  }

  #told(): Health {
    const isWell = !this.isIll && !(this.#has('flaps') && this.#parts.prng.chance(0.5))
    this.health = { order: this.#next(), isWell }
    return isWell ? { healthy: true } : { healthy: false, message: 'it is ill' }
  }

  /** How much has happened here. */
  get order(): number {
    return this.#order
  }

  #next(): number {
    this.#order += 1
    return this.#order
  }

  #has(trouble: TargetTrouble): boolean {
    return this.#troubles.has(trouble)
  }

  #ofThisWrite(): TargetTrouble | null {
    for (const trouble of this.#troubles)
      if (OF_ONE_WRITE.has(trouble)) {
        this.#troubles.delete(trouble)
        return trouble
      }
    return null
  }

  /** One call over the network: the way there, what the target does, the way back; a caller that hangs up is not served any more. */
  async #call<Value>(life: Life, signal: AbortSignal, serve: () => Promise<Value>): Promise<Value> {
    if (!life.isAlive) return never()
    signal.throwIfAborted()
    let hangUp: () => void = () => undefined
    const hungUp = new Promise<never>((_, reject) => {
      hangUp = () => reject(signal.reason)
      signal.addEventListener('abort', hangUp, { once: true })
    })
    const called = async (): Promise<Value> => {
      const { time, prng } = this.#parts
      await time.pass(prng.between(2, 20) + (this.#has('slow') ? SLOW_MS : 0))
      if (signal.aborted) return never()
      if (this.#has('hangs')) return never()
      if (this.#has('down')) throw unreachable(this.name, 'connection refused')
      const value = await serve()
      await time.pass(prng.between(2, 20))
      return value
    }
    const served = Promise.race([called(), hungUp]).finally(() => signal.removeEventListener('abort', hangUp))
    return life.hears(served)
  }
}

function plain({ apiVersion, kind, namespace, name, metadata, spec }: Resource): Resource {
  return makeResource({ apiVersion, kind, namespace, name, metadata, spec })
}

function titleOf({ spec }: Resource): string {
  return isJsonObject(spec) && typeof spec['title'] === 'string' ? spec['title'] : ''
}

function isRefused({ desired }: ChangeToApply): boolean {
  return desired !== null && titleOf(desired).startsWith(REFUSED)
}

function busy(target: string, doing: string): Error {
  return targetErrors.busy({ target, status: 503, doing, message: 'try again' })
}

/** A rehearsal does not find everything. */
function isForeseen(change: ChangeToApply): boolean {
  return isRefused(change) && change.desired !== null && titleOf(change.desired).endsWith('2')
}

function unreachable(target: string, reason: string): Error {
  return targetErrors.unreachable({ target, host: 'simulated', reason })
}
