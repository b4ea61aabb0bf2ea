import { Level } from 'level'
import { storeErrors } from '../../core/errors/store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { StoreHealth } from '../../ports/store.ts'
import type { Engine, Operation, Pair } from './engine.ts'
import { type Ballast, codeOf, isDiskFull } from './files.ts'
import type { KeyRange } from './keys.ts'

const PAGE = 1_000
const RETRY_FIRST_MS = 500
const RETRY_MAX_MS = 15_000

export interface LevelEngineOptions {
  readonly folder: string
  readonly createIfMissing: boolean
  readonly ballast: Ballast
  readonly clock: Clock
  readonly log: Log
  /** For tests: an error to meet instead of the next write. */
  readonly writeFault?: (() => Error | undefined) | undefined
}

/** LevelDB. A full disk is waited out: the ballast goes, the database is opened again, the same batch is tried again. */
export class LevelEngine implements Engine {
  readonly #options: LevelEngineOptions
  readonly #closing = new AbortController()
  #db: Level<string, string>
  #health: StoreHealth = { state: 'ok' }

  static async open(options: LevelEngineOptions): Promise<LevelEngine> {
    return new LevelEngine(options, await openLevel(options))
  }

  private constructor(options: LevelEngineOptions, db: Level<string, string>) {
    this.#options = options
    this.#db = db
  }

  async get(key: string): Promise<string | undefined> {
    return this.#read(() => this.#db.get(key))
  }

  async getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return this.#read(() => this.#db.getMany([...keys]))
  }

  async hasMany(keys: readonly string[]): Promise<readonly boolean[]> {
    return this.#read(() => this.#db.hasMany([...keys]))
  }

  async *pages(range: KeyRange): AsyncIterable<readonly Pair[]> {
    const iterator = await this.#read(async () => this.#db.iterator(range))
    try {
      for (;;) {
        const page = await this.#read(() => iterator.nextv(PAGE))
        if (page.length === 0) return
        yield page
      }
    } finally {
      await iterator.close()
    }
  }

  async write(operations: readonly Operation[]): Promise<void> {
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS)) {
      try {
        await this.#batch(operations)
        break
      } catch (error) {
        if (!isDiskFull(error)) throw this.#failed(error)
        await this.#waitForRoom(error, pauseMs)
      }
    }
    if (this.#health.state === 'disk-full') await this.#recovered()
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }

  health(): StoreHealth {
    return this.#health
  }

  stopWaiting(): void {
    this.#closing.abort(storeErrors.closed())
  }

  async close(): Promise<void> {
    await this.#db.close()
  }

  async #batch(operations: readonly Operation[]): Promise<void> {
    const fault = this.#options.writeFault?.()
    if (fault !== undefined) throw fault
    if (this.#db.status !== 'open') this.#db = await openLevel({ ...this.#options, createIfMissing: false })
    await this.#db.batch([...operations], { sync: true })
  }

  async #waitForRoom(error: unknown, pauseMs: number): Promise<void> {
    const { ballast, clock, log, folder } = this.#options
    if (this.#health.state === 'ok') {
      const full = storeErrors.diskFull(
        { dataDir: folder, doing: 'nothing is acknowledged until there is room' },
        error,
      )
      this.#health = { state: 'disk-full', since: clock.now(), message: full.message }
      log.error({ code: full.code }, full.message)
      await ballast.release()
    }
    // After a failed write LevelDB refuses all others until it is opened again.
    await this.#db
      .close()
      .catch((fault: unknown) => log.warn({ error: codeOf(fault) }, 'the full database could not be closed'))
    await clock.sleep(pauseMs, this.#closing.signal)
  }

  async #recovered(): Promise<void> {
    this.#health = { state: 'ok' }
    const isBack = await this.#options.ballast.take()
    this.#options.log.info({ ballast: isBack }, 'there is room on the disk again')
  }

  #failed(error: unknown): Error {
    const reason = causeOf(error)
    const failure = storeErrors.failed({ reason }, error)
    this.#health = { state: 'failed', since: this.#options.clock.now(), message: failure.message }
    this.#options.log.error({ code: failure.code }, failure.message)
    return failure
  }

  async #read<Value>(task: () => Promise<Value>): Promise<Value> {
    const db = this.#db
    try {
      return await task()
    } catch (error) {
      const code = codeOf(error)
      if (code === 'LEVEL_CORRUPTION')
        throw storeErrors.corrupt({ place: { in: 'database' }, problem: causeOf(error) }, error)
      if (code === 'LEVEL_DATABASE_NOT_OPEN' || code === 'LEVEL_ITERATOR_NOT_OPEN' || db !== this.#db)
        throw storeErrors.interrupted()
      throw error
    }
  }
}

async function openLevel(options: LevelEngineOptions): Promise<Level<string, string>> {
  const { folder, createIfMissing } = options
  const db = new Level<string, string>(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8', createIfMissing })
  try {
    await db.open()
    return db
  } catch (error) {
    if (isDiskFull(error)) throw error
    const reason = causeOf(error)
    if (/lock/i.test(reason)) throw storeErrors.locked({ dataDir: folder, pid: null }, error)
    if (/does not exist/i.test(reason))
      throw storeErrors.missing(
        { dataDir: folder, reason: 'the database is not there, or its CURRENT file is gone' },
        error,
      )
    throw storeErrors.corrupt({ place: { in: 'database' }, problem: reason }, error)
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
