import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import { Anchor, checkAnchor } from './anchor.ts'
import { Ballast } from './ballast.ts'
import { EngineStore } from './engine-store.ts'
import { folder, ownFiles, readObject, replaceFile } from './files.ts'
import { keys, SCHEMA } from './keys.ts'
import { LevelEngine } from './level-engine.ts'
import { takeLock } from './lock.ts'
import { readHeads, verifyHistory } from './verify.ts'

const BALLAST_BYTES = 16 * 1024 * 1024

export interface LevelStoreOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly log?: Log
  /** Whether the whole history is verified before the store is given out; true unless said otherwise. */
  readonly verify?: boolean
  /** Space kept for a full disk, 16 MiB unless said otherwise; 0 for none. */
  readonly ballastBytes?: number
  /** For tests: an error to meet instead of the next write. */
  readonly writeFault?: () => Error | undefined
}

/**
 * Opens the store below `dataDir` and verifies its whole history. Throws HONUA_STORE_LOCKED, _MISSING, _CORRUPT, _SCHEMA,
 * _DISK_FULL, _UNUSABLE; an empty store is made only where there never was one. The folder then holds `store/` (the database),
 * `store.json` (that it was initialised, and its schema), `anchor.json`, `ballast`, and `controller.pid` while it is open.
 */
export async function openLevelStore(options: LevelStoreOptions): Promise<Store> {
  const { dataDir } = options
  await folder(dataDir, 0o750)
  // Before anything of LevelDB's is touched: a second open in this process would drop LevelDB's own lock.
  const lock = await takeLock(dataDir)
  try {
    return await openLocked(options, () => lock.release())
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openLocked(options: LevelStoreOptions, release: () => Promise<void>): Promise<Store> {
  const { dataDir, clock, log = silent, verify = true, ballastBytes = BALLAST_BYTES, writeFault } = options
  const isNew = !(await checkInitialised(dataDir))
  const place = join(dataDir, 'store')
  await folder(place, 0o700)
  await ownFiles(place)
  const ballast = new Ballast(dataDir, ballastBytes)
  const engine = await LevelEngine.open({
    dataDir,
    folder: place,
    createIfMissing: isNew,
    ballast,
    clock,
    log,
    writeFault,
  })
  try {
    await ownFiles(place)
    await checkSchema(dataDir, engine, isNew)
    const verified = await (verify ? verifyHistory(engine) : readHeads(engine))
    await checkAnchor(dataDir, engine, verified)
    if (isNew) await initialise(dataDir, engine)
    const anchor = new Anchor(dataDir, verified, log)
    await anchor.settle()
    return new EngineStore(engine, verified, {
      synced: (reach) => anchor.moved(reach),
      closed: async () => {
        await anchor.settle()
        await release()
      },
      async room() {
        const { bavail, bsize } = await statfs(dataDir)
        return { freeBytes: bavail * bsize, keptBytes: await ballast.kept() }
      },
    })
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Whether there is, or was, a store here. Throws HONUA_STORE_SCHEMA when another generation of this program made it. */
export async function checkInitialised(dataDir: string): Promise<boolean> {
  const marker = await readObject(markerPath(dataDir))
  if (marker === undefined) return false
  if (marker['schema'] !== SCHEMA) throw storeErrors.schema({ dataDir, found: String(marker['schema']), known: SCHEMA })
  return true
}

/** Says that there is a store here from now on. */
export function markStore(dataDir: string): Promise<void> {
  return replaceFile(markerPath(dataDir), JSON.stringify({ schema: SCHEMA }))
}

/** A database that is there and was not made by us is one that somebody put in the place of the lost one. */
async function checkSchema(dataDir: string, engine: LevelEngine, isNew: boolean): Promise<void> {
  const found = await engine.get(keys.schema)
  if (found === undefined && !isNew)
    throw storeErrors.missing({ dataDir, reason: 'the database that stands in its place is empty' })
  if (found !== undefined && found !== String(SCHEMA)) throw storeErrors.schema({ dataDir, found, known: SCHEMA })
}

/** The marker comes last: whatever breaks off before it is begun again. */
async function initialise(dataDir: string, engine: LevelEngine): Promise<void> {
  if (engine.health().state !== 'ok') throw storeErrors.diskFull({ dataDir, doing: 'a new store cannot be made' })
  await engine.write([{ type: 'put', key: keys.schema, value: String(SCHEMA) }])
  await markStore(dataDir)
}

function markerPath(dataDir: string): string {
  return join(dataDir, 'store.json')
}

const nothing = () => undefined
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent }
