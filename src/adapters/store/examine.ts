import { copyFile, link, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HonuaError } from '../../core/errors/index.ts'
import { storeErrors } from '../../core/errors/store.ts'
import { checkAnchor } from './anchor.ts'
import { Ballast } from './ballast.ts'
import { codeOf } from './failures.ts'
import { Inspection, type Observer, type Verified } from './inspection.ts'
import { keys } from './keys.ts'
import { LevelEngine, type LevelEngineOptions } from './level-engine.ts'
import { checkInitialised } from './level-store.ts'
import { takeLock } from './lock.ts'

/** What was found, and every damaged place; `verified` counts what could be read. */
export interface Examined {
  readonly faults: readonly HonuaError[]
  readonly verified: Verified
}

/**
 * Judges a store that no controller runs on, and goes on after each fault: history, contents, anchor. LevelDB mends and merges what
 * it opens, so a copy is opened, and what stands there is left as it is. Throws HONUA_STORE_LOCKED, _MISSING, _SCHEMA, _UNUSABLE.
 */
export async function examineLevelStore(
  options: Pick<LevelEngineOptions, 'dataDir' | 'clock' | 'log'> & { readonly observer?: Observer },
): Promise<Examined> {
  const { dataDir } = options
  const faults: HonuaError[] = []
  const inspection = new Inspection((fault) => faults.push(fault), options.observer)
  const noted = async (task: () => Promise<void>): Promise<void> => {
    try {
      await task()
    } catch (error) {
      if (!(error instanceof HonuaError) || !NOTED.has(error.code)) throw error
      faults.push(error)
    }
  }
  if (!(await checkInitialised(dataDir)))
    throw storeErrors.missing({ dataDir, reason: 'there never was one: store.json is not there' })
  const lock = await takeLock(dataDir)
  const copy = await mkdtemp(join(dataDir, 'examined-'))
  try {
    await noted(async () => {
      await copied(join(dataDir, 'store'), copy)
      const ballast = new Ballast(dataDir, 0)
      const engine = await LevelEngine.open({ ...options, folder: copy, createIfMissing: false, ballast })
      try {
        for await (const page of engine.pages(keys.everything)) for (const pair of page) inspection.take(pair)
        const verified = inspection.finish()
        await noted(() => checkAnchor(dataDir, engine, verified))
      } finally {
        await engine.close()
      }
    })
    return { faults, verified: inspection.soFar() }
  } finally {
    await rm(copy, { recursive: true, force: true })
    await lock.release()
  }
}

/** What is a finding, and no reason to stop. */
const NOTED = new Set(['HONUA_STORE_CORRUPT', 'HONUA_STORE_MISSING'])

/** Tables never change once they are written, so a second name for them will do; the rest is copied. */
async function copied(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw storeErrors.missing({ dataDir: from, reason: 'the folder is not there' })
    throw storeErrors.unusable({ path: from, reason: codeOf(error) }, error)
  })
  for (const name of names) {
    if (name === 'LOCK') continue
    const [source, target] = [join(from, name), join(to, name)]
    if (name.endsWith('.ldb')) await link(source, target).catch(() => copyFile(source, target))
    else await copyFile(source, target)
  }
}
