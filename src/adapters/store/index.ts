/** The store on LevelDB, and the same in memory for tests. */
import { join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import type { Engine } from './engine.ts'
import { EngineStore } from './engine-store.ts'
import { Ballast, folder, readObject, replaceFile } from './files.ts'
import { keys } from './keys.ts'
import { LevelEngine } from './level-engine.ts'
import { takeLock } from './lock.ts'
import { MemoryEngine } from './memory-engine.ts'
import { type Verified, verifyHistory } from './verify.ts'

/** Of the keys and values below; raised when an older program could not read them. */
const SCHEMA = 1
/** The audit log's head is written outside the database each time this many entries were added. */
const ANCHOR_EVERY = 256
/** And each time this many batches were: the loss of entries without audit lines shows too. */
const BATCHES_PER_ANCHOR = 4_096
const BALLAST_BYTES = 16 * 1024 * 1024

export interface LevelStoreOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
  /** Space kept for a full disk; 0 for none. */
  readonly ballastBytes?: number
  /** For tests: an error to meet instead of the next write. */
  readonly writeFault?: () => Error | undefined
}

/**
 * Opens the store below `dataDir` and verifies its whole history. Throws HONUA_STORE_LOCKED, _MISSING, _CORRUPT, _SCHEMA, _UNUSABLE;
 * an empty store is made only where there never was one.
 */
export async function openLevelStore(options: LevelStoreOptions): Promise<Store> {
  const { dataDir, clock, log, ballastBytes = BALLAST_BYTES, writeFault } = options
  await folder(dataDir, 0o750)
  const lock = await takeLock(dataDir)
  try {
    const marker = await readObject(join(dataDir, 'store.json'))
    if (marker !== undefined && marker['schema'] !== SCHEMA)
      throw storeErrors.schema({ dataDir, found: String(marker['schema']), known: SCHEMA })
    await folder(join(dataDir, 'store'), 0o700)
    const ballast = new Ballast(dataDir, ballastBytes)
    const engine = await openWithRoom({
      folder: join(dataDir, 'store'),
      createIfMissing: marker === undefined,
      ballast,
      clock,
      log,
      writeFault,
    })
    try {
      await checkSchema(dataDir, engine, marker === undefined)
      const verified = await verifyHistory(engine)
      await checkAnchor(dataDir, engine, verified)
      if (marker === undefined) {
        await engine.write([{ type: 'put', key: keys.schema, value: String(SCHEMA) }])
        await replaceFile(join(dataDir, 'store.json'), JSON.stringify({ schema: SCHEMA }))
      }
      if (!(await ballast.take()))
        log.warn({ dataDir }, 'there is no room for the ballast that helps when the disk is full')
      const anchor = new Anchor(dataDir, verified, log)
      return new EngineStore(engine, verified, {
        audited: (audit, batches) => anchor.moved({ audit, batches }),
        closed: async () => {
          await anchor.settle()
          await lock.release()
        },
      })
    } catch (error) {
      await engine.close()
      throw error
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** The same store in memory. Opened again on the same `pairs`, it holds what was written before. */
export async function openMemoryStore(pairs: Map<string, string> = new Map()): Promise<Store> {
  const engine = new MemoryEngine(pairs)
  return new EngineStore(engine, await verifyHistory(engine), {
    audited: () => undefined,
    closed: () => Promise.resolve(),
  })
}

/** A full disk keeps LevelDB from opening; the ballast makes the room it needs. */
async function openWithRoom(options: Parameters<typeof LevelEngine.open>[0]): Promise<LevelEngine> {
  try {
    return await LevelEngine.open(options)
  } catch (error) {
    if (error instanceof Error && 'retry' in error) throw error
    await options.ballast.release()
    return LevelEngine.open(options)
  }
}

/** How far the history reached. */
type Reach = Pick<Verified, 'audit' | 'batches'>

/** A database without our schema is one that somebody put in the place of the lost one. */
async function checkSchema(dataDir: string, engine: Engine, isNew: boolean): Promise<void> {
  const found = await engine.get(keys.schema)
  if (found === undefined && !isNew)
    throw storeErrors.missing({ dataDir, reason: 'the database that stands in its place is empty' })
  if (found !== undefined && found !== String(SCHEMA)) throw storeErrors.schema({ dataDir, found, known: SCHEMA })
}

/** Where the history stood, written beside the database: a tail that is lost, or an old copy put back, shows at the next start. */
class Anchor {
  readonly #path: string
  readonly #log: Log
  #written: Reach
  #newest: Reach
  #writing: Promise<void> = Promise.resolve()

  constructor(dataDir: string, head: Reach, log: Log) {
    this.#path = anchorPath(dataDir)
    this.#written = head
    this.#newest = head
    this.#log = log
  }

  moved(head: Reach): void {
    this.#newest = head
    const { audit, batches } = this.#written
    if (head.audit.sequence - audit.sequence >= ANCHOR_EVERY || head.batches - batches >= BATCHES_PER_ANCHOR)
      this.#write()
  }

  async settle(): Promise<void> {
    this.#write()
    await this.#writing
  }

  #write(): void {
    const head = this.#newest
    this.#written = head
    this.#writing = this.#writing.then(() =>
      replaceFile(this.#path, JSON.stringify({ ...head.audit, batches: head.batches })).catch((error: unknown) =>
        this.#log.warn({ error: String(error) }, 'the audit anchor could not be written'),
      ),
    )
  }
}

async function checkAnchor(dataDir: string, engine: Engine, { audit: head, batches: newest }: Reach): Promise<void> {
  const anchor = await readObject(anchorPath(dataDir))
  if (anchor === undefined) return
  const { sequence, hash, batches } = anchor
  if (typeof batches === 'number' && newest < batches && head.sequence >= Number(sequence))
    throw storeErrors.corrupt({
      place: { in: 'batches', sequence: newest + 1 },
      problem: `it is missing; the anchor names ${batches}`,
    })
  if (typeof sequence !== 'number' || sequence === 0) return
  const place = { in: 'audit', sequence } as const
  if (head.sequence < sequence)
    throw storeErrors.corrupt({ place, problem: `the log ends before its anchor, at ${head.sequence}` })
  const text = await engine.get(keys.audit(sequence))
  const stored: unknown = text === undefined ? undefined : JSON.parse(text)
  const isSame = typeof stored === 'object' && stored !== null && 'hash' in stored && stored.hash === hash
  if (!isSame) throw storeErrors.corrupt({ place, problem: 'it differs from its anchor' })
}

function anchorPath(dataDir: string): string {
  return join(dataDir, 'anchor.json')
}
