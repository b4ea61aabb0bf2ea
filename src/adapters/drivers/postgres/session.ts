import pg from 'pg'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { DriverDeps } from '../settings.ts'
import { type Address, addressOf } from './address.ts'
import { type Asked, failureOf } from './failures.ts'
import { JudgedSocket } from './judged.ts'
import type { PostgresTarget } from './settings.ts'

/** A row, its columns by name. */
export type Row = Readonly<Record<string, unknown>>

/** One connection, for one piece of work. */
export interface Session {
  /**
   * Sends one statement, and never more than one: the server refuses the rest of a text that was split wrongly. Rejects with what `pg`
   * or the network says; `withSession` makes a HonuaError of it. The search path is the role's own, so that migrations find their tables:
   * statements of ours qualify functions and cast names to text, or what another role made there for `name` would run with our rights.
   */
  run(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** As `run`, and tells what the server says it did: `COMMIT`. */
  command(sql: string): Promise<string>
  /** What must not come back in an error. */
  readonly secrets: readonly string[]
}

/** Beyond the server's own limit, in ms, that an answer may take before the connection is taken for dead. */
const GRACE_MS = 15_000
/** The server ends a transaction that we left open, in ms: then its locks go. */
const IDLE_MS = 60_000
/** The server looks for us so often while it works, in ms: what nobody waits for any more ends. */
const CHECK_MS = 2_000
/** One answer may be so long, in MB and in rows: whoever writes a migration or a check must not fill the memory. */
const ANSWER_MB_MAX = 128
const ANSWER_ROWS_MAX = 1_000_000

/**
 * Opens a connection, does `work` on it and closes it, whatever happens. No setting of the machine or of its user has a say. Every wait
 * ends: by the server's time-outs, by ours, or when the signal aborts. Failures are HonuaErrors, and hold no secret.
 */
export async function withSession<Result>(
  target: PostgresTarget,
  deps: DriverDeps,
  doing: string,
  signal: AbortSignal,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const address = await addressOf(target, deps)
  signal.throwIfAborted()
  const asked: Asked = { target: target.name, address, doing, statementTimeoutMs: target.statementTimeoutMs }
  const link = new Link(address, target, deps.clock)
  const onAbort = () => link.cut(null)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await link.open()
    return await work(link)
  } catch (error) {
    signal.throwIfAborted()
    throw failureOf(isTelling(error) ? error : (link.reason ?? error), asked)
  } finally {
    signal.removeEventListener('abort', onAbort)
    await link.close()
  }
}

/** The server's own words say more than that the connection is gone, which often follows. */
function isTelling(error: unknown): boolean {
  return error instanceof HonuaError || error instanceof pg.DatabaseError
}

class Link implements Session {
  readonly #socket = new JudgedSocket()
  readonly #client: pg.Client
  readonly #address: Address
  readonly #target: PostgresTarget
  readonly #clock: Clock
  #reason: Error | null = null
  /** Of the answer that is coming. */
  #bytes = 0
  #rows = 0

  constructor(address: Address, target: PostgresTarget, clock: Clock) {
    const { host, port, database, user, password, ssl } = address
    this.#address = address
    this.#target = target
    this.#clock = clock
    this.#client = new pg.Client({
      ...{ host, port, database, user, password, ssl },
      application_name: 'honua-gitops',
      stream: () => this.#socket,
    })
    // Told by the call that waits; without a listener Node would end the process.
    this.#client.on('error', (error) => {
      this.#reason ??= error
    })
  }

  get secrets(): readonly string[] {
    return this.#address.secrets
  }

  /** Why the connection is no more; null while it is. */
  get reason(): Error | null {
    return this.#reason
  }

  async open(): Promise<void> {
    const { connectTimeoutMs, lockTimeoutMs, statementTimeoutMs } = this.#target
    await this.#within(connectTimeoutMs, () => this.#client.connect())
    const { connection } = this.#client
    // Behind TLS, the stream is another one than the socket.
    connection.stream.on('data', ({ length }: Buffer) => this.#take(length, 0))
    connection.on('dataRow', () => this.#take(0, 1))
    const wanted = {
      standard_conforming_strings: 'on',
      lock_timeout: `${lockTimeoutMs}ms`,
      statement_timeout: `${statementTimeoutMs}ms`,
      idle_in_transaction_session_timeout: `${IDLE_MS}ms`,
      client_connection_check_interval: `${CHECK_MS}ms`,
      client_min_messages: 'warning',
      lc_messages: 'C',
    }
    // Older servers do not know the check; in which language it speaks, only a superuser may say.
    await this.run(
      "select set_config(wanted.name, wanted.value, false) from unnest($1::text[], $2::text[]) as wanted(name, value) join pg_catalog.pg_settings known on known.name = wanted.name and (known.context = 'user' or pg_catalog.current_setting('is_superuser') = 'on')",
      [Object.keys(wanted), Object.values(wanted)],
    )
    // PostgreSQL tells of every change. With another value, the next statement would be read in another way than it was judged.
    connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName !== 'standard_conforming_strings' || parameterValue === 'on') return
      const reason = 'a statement changes standard_conforming_strings, by which the others are read'
      this.cut(
        targetErrors.refused({ target: this.#target.name, reason, remedy: "leave it on; write E'…' for escapes" }),
      )
    })
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.#send(sql, values)).rows
  }

  async command(sql: string): Promise<string> {
    return (await this.#send(sql, [])).command
  }

  #send(text: string, values: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    const query = { text, values: [...values], queryMode: 'extended' }
    this.#bytes = 0
    this.#rows = 0
    return this.#within(this.#target.statementTimeoutMs + GRACE_MS, () => this.#client.query<Row>(query))
  }

  #take(bytes: number, rows: number): void {
    this.#bytes += bytes
    this.#rows += rows
    const isLong = this.#bytes > ANSWER_MB_MAX * 1024 * 1024
    if (!isLong && this.#rows <= ANSWER_ROWS_MAX) return
    const limit = isLong ? `${ANSWER_MB_MAX} MB` : `${ANSWER_ROWS_MAX} rows`
    const reason = `a statement gives more than ${limit}, which are not taken in`
    this.cut(targetErrors.refused({ target: this.#target.name, reason, remedy: 'have it give less' }))
  }

  /** Breaks the connection off: what waits on it fails with `reason`, or as broken. */
  cut(reason: Error | null): void {
    this.#reason ??= reason
    this.#socket.destroy()
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable) return
    // A server that does not answer any more is not waited for.
    await this.#within(GRACE_MS, () => this.#client.end()).catch(() => this.#socket.destroy())
  }

  async #within<Value>(ms: number, ask: () => Promise<Value>): Promise<Value> {
    const over = new AbortController()
    const late = targetErrors.unreachable({
      target: this.#target.name,
      host: this.#address.shown,
      reason: `no answer within ${ms} ms`,
    })
    const timer = this.#clock.sleep(ms, over.signal).then(
      () => this.cut(late),
      () => undefined,
    )
    try {
      return await ask()
    } finally {
      over.abort()
      await timer
    }
  }
}
