import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LevelStoreOptions, openLevelStore, openMemoryStore } from '../../../src/adapters/store/index.ts'
import { keys } from '../../../src/adapters/store/keys.ts'
import { MemoryEngine } from '../../../src/adapters/store/memory-engine.ts'
import { verifyHistory } from '../../../src/adapters/store/verify.ts'
import { BATCHES_KEPT, GroupWriter } from '../../../src/adapters/store/writer.ts'
import type { Store } from '../../../src/ports/store.ts'
import { aCommit, all } from '../../contract/store.suite.ts'
import { silentLog } from '../../support/silent-log.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const BEYOND = 25
const CLOSED = { code: 'HONUA_STORE_CLOSED' }

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'honua-store-edges-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))
const openThere = (options: Partial<LevelStoreOptions> = {}) =>
  openLevelStore({ dataDir, clock: virtualClock(), log: silentLog, ballastBytes: 0, ...options })

describe.each([
  ['LevelDB', () => openThere()],
  ['memory', () => openMemoryStore()],
] as const)('at the edges of a store on %s', (_, open) => {
  it('a prefix that no id can begin with is refused by name', async () => {
    const store = await open()
    for (const prefix of ['zone\u{10ffff}', 'zone\u0000', 'zone\ud83d'])
      await expect(all(store.documents('things', { prefix }))).rejects.toMatchObject({ code: 'HONUA_STORE_NAME' })
    await store.close()
  })

  it('a text handed in before the close is stored', async () => {
    const store = await open()
    const put = store.putContent(['late'])
    await store.close()
    expect(await put).toHaveLength(1)
  })

  it.each<[string, (closed: Store) => Promise<unknown>]>([
    ['journal', (closed) => all(closed.journal('a'))],
    ['snapshot', (closed) => closed.snapshot('a')],
    ['documents', (closed) => all(closed.documents('things'))],
    ['content', (closed) => closed.content('0'.repeat(64))],
    ['verify', (closed) => closed.verify()],
  ])('%s is refused once the store is closed', async (_, read) => {
    const store = await open()
    await store.close()
    await store.close()
    await expect(read(store)).rejects.toMatchObject(CLOSED)
  })
})

describe('the numbers of write batches', () => {
  it('grow only up to a bound, of which the newest are kept, and one lost among them is noticed', async () => {
    const pairs = new Map<string, string>()
    const writer = new GroupWriter(new MemoryEngine(pairs), { batches: 0, forgotten: 0 }, () => undefined)
    for (let batch = 0; batch < BATCHES_KEPT + BEYOND; batch += 1) await writer.write([])
    expect(pairs.size).toBe(BATCHES_KEPT + 1)
    expect((await verifyHistory(new MemoryEngine(pairs))).batches).toBe(BATCHES_KEPT + BEYOND)
    pairs.delete(keys.batch(BEYOND + 1))
    await expect(verifyHistory(new MemoryEngine(pairs))).rejects.toMatchObject({
      message: expect.stringContaining(`write batch ${BEYOND + 1}`),
    })
  })
})

describe('a LevelDB store', () => {
  it('closed while it waits for room, it closes, and refuses what waits', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    let fault: Error | undefined
    const store = await openThere({ writeFault: () => fault })
    fault = full
    const waiting = store.append(aCommit('a', 0)).catch((error: unknown) => error)
    while (store.health().state === 'ok') await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    expect(await waiting).toMatchObject(CLOSED)
  })

  it('that lost entries without audit lines from its tail is refused by its anchor', async () => {
    const store = await openThere()
    for (let at = 0; at < 50; at += 1) await store.append(aCommit('a', at))
    await store.close()
    const names = (await readdir(join(dataDir, 'store'))).filter((name) => name.endsWith('.log'))
    for (const name of names) {
      const path = join(dataDir, 'store', name)
      await truncate(path, Math.floor((await stat(path)).size * 0.8))
    }
    await expect(openThere()).rejects.toMatchObject({
      code: 'HONUA_STORE_CORRUPT',
      message: expect.stringContaining('write batch'),
    })
  })

  it('in whose place stands an empty database is missing', async () => {
    await (await openThere()).close()
    await rm(join(dataDir, 'store'), { recursive: true })
    const empty = new Level(join(dataDir, 'store'))
    await empty.open()
    await empty.close()
    await expect(openThere()).rejects.toMatchObject({ code: 'HONUA_STORE_MISSING' })
  })

  it('whose database names another schema is refused', async () => {
    await (await openThere()).close()
    const db = new Level(join(dataDir, 'store'))
    await db.put(keys.schema, '99')
    await db.close()
    await expect(openThere()).rejects.toMatchObject({ code: 'HONUA_STORE_SCHEMA' })
  })

  it.each(['null', '{}'])('with %s for a journal entry is corrupt, and names it', async (text) => {
    const store = await openThere()
    await store.append(aCommit('a', 0))
    await store.close()
    const db = new Level(join(dataDir, 'store'))
    await db.put(keys.journal('a', 1), text)
    await db.close()
    await expect(openThere()).rejects.toMatchObject({ message: expect.stringContaining('journal of "a", entry 1') })
  })
})
