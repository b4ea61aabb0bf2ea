import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { byNumber, MIGRATION, objectionTo } from '../../../core/migrations/index.ts'
import { RESTORE_BACKUP } from '../../../core/plan/risk.ts'
import type { DatabaseBackup, LiveResource, LiveState, Resource } from '../../../core/vocabulary.ts'
import type {
  Abilities,
  Acted,
  ActRequest,
  ApplyRequest,
  Driver,
  Health,
  Probe,
  Refusal,
} from '../../../ports/driver.ts'
import { carryOut, type Landed, type Outcome, type Pending } from '../carry-out.ts'
import type { DriverDeps } from '../settings.ts'
import { actionsOf } from './actions/index.ts'
import { backupFacts } from './actions/restore.ts'
import { checksFault } from './actions/smoke-tests.ts'
import { outcomeOf, readLedger, resourceOf } from './ledger.ts'
import { applyMigration } from './migrate.ts'
import { type Session, withSession } from './session.ts'
import type { PostgresTarget } from './settings.ts'

/** Older ones cannot add a value to a type inside a transaction, and get no fixes any more. */
const VERSION_MIN = 120_000

/**
 * A PostgreSQL database. What it holds are the migrations that were applied to it: each once, in order, never taken back. Every call has
 * connections of its own, which end with it.
 */
export class PostgresDriver implements Driver {
  readonly name: string
  readonly #target: PostgresTarget
  readonly #deps: DriverDeps

  constructor(target: PostgresTarget, deps: DriverDeps) {
    this.name = target.name
    this.#target = target
    this.#deps = deps
  }

  takes({ kind }: Resource): boolean {
    return kind === MIGRATION
  }

  objection(resource: Resource, live: LiveState): string | null {
    return objectionTo(resource, live)
  }

  async probe(signal: AbortSignal): Promise<Probe> {
    return this.#session('probe', signal, async (session) => {
      const [row = {}] = await session.run(
        `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
           (select extversion from pg_catalog.pg_extension where extname = 'postgis') as postgis`,
      )
      const { version, number, postgis } = row
      if (Number(number) < VERSION_MIN)
        throw targetErrors.config({
          target: this.name,
          problem: `PostgreSQL ${String(version)} is too old`,
          remedy: 'use PostgreSQL 12 or newer',
        })
      const description = `PostgreSQL ${String(version)}${typeof postgis === 'string' ? `, PostGIS ${postgis}` : ''}`
      return { description, abilities: this.#abilities() }
    })
  }

  async observe(_hints: readonly Resource[], signal: AbortSignal): Promise<LiveState> {
    const resources = [...(await this.#look(signal))]
    resources.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    return { target: this.name, resources }
  }

  /** SQL cannot be rehearsed without its locks; what can be known is asked again. */
  async dryRun(request: ApplyRequest, signal: AbortSignal): Promise<readonly Refusal[]> {
    const live = await this.observe([], signal)
    return request.changes.flatMap(({ change: { key }, desired }) => {
      const message = desired === null ? 'a migration is never taken back' : objectionTo(desired, live)
      return message === null ? [] : [{ key, message }]
    })
  }

  async apply(request: ApplyRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await carryOut({
      target: this.name,
      request,
      represent: (resource) => resource,
      look: async () => new Map((await this.#look(signal)).map((live) => [live.key, live])),
      write: (pending, landed) => this.#write(pending, landed, signal),
      signal,
    })
  }

  actFault({ action, inputs }: ActRequest): string | null {
    return action === 'smoke-tests' ? checksFault(inputs) : null
  }

  async act(request: ActRequest, signal: AbortSignal): Promise<Acted> {
    const action = actionsOf(this.#target).get(request.action)
    if (action === undefined)
      throw targetErrors.refused({ target: this.name, reason: `it cannot do the step ${request.action}` })
    const did = await action({ target: this.#target, deps: this.#deps, request, signal })
    return typeof did === 'string' ? { message: did } : did
  }

  async backup(id: string, signal: AbortSignal): Promise<DatabaseBackup> {
    const request = { action: RESTORE_BACKUP, inputs: { backup: id }, changed: [], desired: [] }
    const asked = { ...request, environment: '', idempotencyKey: '' }
    return backupFacts({ target: this.#target, deps: this.#deps, request: asked, signal }, id)
  }

  async health(signal: AbortSignal): Promise<Health> {
    try {
      return await this.#session('health', signal, async (session) => {
        const [row] = await session.run('select pg_catalog.pg_is_in_recovery() as standby')
        return row?.['standby'] === false
          ? { healthy: true }
          : { healthy: false, message: 'it is a standby and takes no writes' }
      })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HonuaError) return { healthy: false, message: error.message }
      throw error
    }
  }

  async close(): Promise<void> {
    // Nothing outlives a call.
  }

  #abilities(): Abilities {
    return {
      delete: 'none',
      fixed: [],
      conditionalWrite: true,
      transactional: false,
      dryRun: false,
      exclusive: false,
      actions: [...actionsOf(this.#target).keys()],
    }
  }

  #look(signal: AbortSignal): Promise<readonly LiveResource[]> {
    return this.#session('observe', signal, async (session) => {
      const live: LiveResource[] = []
      for (const entry of await readLedger(session))
        live.push(resourceOf(entry, entry.state === 'applied' ? null : await outcomeOf(session, entry, false)))
      return live
    })
  }

  /** One after the other by number, each on a connection of its own; the first that fails ends it. */
  async #write(pending: readonly Pending[], landed: Landed, signal: AbortSignal): Promise<Outcome> {
    const ordered = pending.toSorted((a, b) => byNumber(nameOf(a), nameOf(b)))
    for (const { change, desired } of ordered) {
      const failed = (message: string) => ({ failures: [{ key: change.key, message }], stale: [], broken: null })
      if (desired === null) return failed('a migration is never taken back')
      const migration = { target: this.name, resource: desired, path: change.location?.path || desired.name }
      try {
        await this.#session(`applying ${desired.name}`, signal, (session) => applyMigration(session, migration))
        landed(1)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof HonuaError)) throw error
        if (error.code === 'HONUA_TARGET_STALE') return { failures: [], stale: [change.key], broken: null }
        if (error.code === 'HONUA_TARGET_REFUSED') return failed(error.message)
        return { failures: [], stale: [], broken: error }
      }
    }
    return { failures: [], stale: [], broken: null }
  }

  #session<Result>(doing: string, signal: AbortSignal, work: (session: Session) => Promise<Result>): Promise<Result> {
    return withSession(this.#target, this.#deps, doing, signal, work)
  }
}

function nameOf({ change: { key } }: Pending): { readonly name: string } {
  return { name: key.slice(key.lastIndexOf('/') + 1) }
}
