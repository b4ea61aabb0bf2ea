import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openLevelStore } from '../../../src/adapters/store/index.ts'
import { auditHash, baseHash } from '../../../src/core/chain.ts'
import type { Store } from '../../../src/ports/store.ts'
import { aCommit, all } from '../../contract/store.suite.ts'
import { silentLog } from '../../support/silent-log.ts'
import { tampered } from '../../support/tampering.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const APPENDER = new URL('appender.mjs', import.meta.url).pathname
let dataDir: string
let stores: Store[]
let children: ChildProcess[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'honua-level-'))
  stores = []
  children = []
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const store of stores) await store.close().catch(() => undefined)
  rmSync(dataDir, { recursive: true, force: true })
})

async function open(over: Partial<Parameters<typeof openLevelStore>[0]> = {}): Promise<Store> {
  const store = await openLevelStore({ dataDir, clock: virtualClock(), log: silentLog, ballastBytes: 4096, ...over })
  stores.push(store)
  return store
}

/** A closed store with some history. */
async function filled(entries = 60): Promise<void> {
  const store = await open()
  for (let n = 0; n < entries; n += 1)
    await store.append(
      aCommit('a', n, {
        audit: [{ at: n, actor: { name: 'anna' }, action: `act ${n}`, details: { text: 'x'.repeat(200) } }],
      }),
    )
  await store.close()
}

function child(hold: string): { readonly process: ChildProcess; readonly lines: AsyncIterator<string> } {
  const process_ = spawn(process.execPath, [APPENDER, dataDir, hold], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(process_)
  return { process: process_, lines: createInterface({ input: process_.stdout })[Symbol.asyncIterator]() }
}

const file = (ending: string) =>
  join(dataDir, 'store', readdirSync(join(dataDir, 'store')).find((name) => name.endsWith(ending)) ?? '')
const key = (...parts: readonly string[]) => parts.join('\u0000')
const padded = (sequence: number) => String(sequence).padStart(16, '0')

describe('one store, one process', () => {
  it('a second open is refused with the holder’s number, and the first goes on', async () => {
    const store = await open()
    await expect(open()).rejects.toMatchObject({
      code: 'HONUA_STORE_LOCKED',
      message: expect.stringContaining('this very process'),
    })
    const other = child('')
    expect((await other.lines.next()).value).toBe('refused HONUA_STORE_LOCKED')
    await store.append(aCommit('a', 0))
    expect(await all(store.journal('a'))).toHaveLength(1)
  })

  it('a stopped holder still holds; a killed one does not', async () => {
    const holder = child('hold')
    expect((await holder.lines.next()).value).toBe('open')
    holder.process.kill('SIGSTOP')
    await expect(open()).rejects.toMatchObject({ code: 'HONUA_STORE_LOCKED' })
    const ended = once(holder.process, 'exit')
    holder.process.kill('SIGKILL')
    await ended
    expect(await (await open()).verify()).toEqual({ entries: 0, audit: 0 })
  })

  it('kill -9 loses nothing that was acknowledged', async () => {
    let acknowledged = 0
    for (let round = 0; round < 3; round += 1) {
      const writer = child('')
      for (let line = 0; line < 40 + 25 * round; line += 1) {
        const text = (await writer.lines.next()).value
        if (text !== 'open') acknowledged = Number(text)
      }
      const ended = once(writer.process, 'exit')
      writer.process.kill('SIGKILL')
      await ended
    }
    const store = await open()
    expect((await store.snapshot('a'))?.sequence).toBeGreaterThanOrEqual(acknowledged)
  })
})

describe('damage', () => {
  it('a flipped byte is found when the store is opened', async () => {
    await filled()
    const log = file('.log')
    const bytes = readFileSync(log)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff
    writeFileSync(log, bytes)
    await expect(open()).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT' })
  })

  it('a tail that is lost is found by the anchor', async () => {
    await filled()
    const log = file('.log')
    truncateSync(log, Math.floor(statSync(log).size * 0.8))
    await expect(open()).rejects.toMatchObject({
      code: 'HONUA_STORE_CORRUPT',
      message: expect.stringContaining('ends before its anchor'),
    })
  })

  it('a missing CURRENT, or a missing folder, never leads to a new empty store', async () => {
    await filled(3)
    rmSync(join(dataDir, 'store/CURRENT'))
    await expect(open()).rejects.toMatchObject({ code: expect.stringMatching(/^HONUA_STORE_(MISSING|CORRUPT)$/) })
    rmSync(join(dataDir, 'store'), { recursive: true })
    await expect(open()).rejects.toMatchObject({ code: expect.stringMatching(/^HONUA_STORE_(MISSING|CORRUPT)$/) })
  })

  it.each<[string, (db: Level<string, string>) => Promise<void>, string]>([
    [
      'changed',
      async (db) => {
        const name = key('h', 'j', 'a', padded(7))
        await db.put(name, String(await db.get(name)).replace('"n":6', '"n":7'))
      },
      'journal of "a", entry 7',
    ],
    ['deleted', (db) => db.del(key('h', 'j', 'a', padded(7))), 'journal of "a", entry 7'],
    ['deleted from the audit log', (db) => db.del(key('h', 'a', padded(9))), 'audit log, entry 9'],
    [
      'swapped in the audit log',
      async (db) => {
        const [one, two] = [key('h', 'a', padded(3)), key('h', 'a', padded(4))]
        const [first, second] = await db.getMany([one, two])
        await db.batch([
          { type: 'put', key: one, value: String(second) },
          { type: 'put', key: two, value: String(first) },
        ])
      },
      'audit log, entry 3',
    ],
    ['the snapshot, and was deleted', (db) => db.del(key('h', 's', 'a')), 'snapshot of "a"'],
  ])('an entry that was %s is named', async (_, change, place) => {
    await filled(20)
    await tampered(dataDir, change)
    await expect(open()).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT', message: expect.stringContaining(place) })
  })

  it('a text that was changed is not given out under its digest', async () => {
    const store = await open()
    const [digest = ''] = await store.putContent(['what was stored'])
    await store.close()
    await tampered(dataDir, (db) => db.put(key('c', digest), 'something else'))
    await expect((await open()).content(digest)).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT' })
  })

  it('a document that was changed, or put in the place of another, is named when it is read', async () => {
    const store = await open()
    const documents = ['one', 'two'].map((id) => ({ collection: 'things', id, value: { id } }))
    await store.append(aCommit('a', 0, { documents }))
    await store.close()
    const [one, two] = [key('d', 'things', 'one'), key('d', 'things', 'two')]
    await tampered(dataDir, async (db) => {
      await db.put(one, String(await db.get(two)))
      await db.put(two, String(await db.get(two)).replace('two', 'four'))
    })
    const again = await open()
    for (const id of ['one', 'two'])
      await expect(again.document('things', id)).rejects.toMatchObject({
        code: 'HONUA_STORE_CORRUPT',
        message: expect.stringContaining(`document things/${id}`),
      })
  })

  it('a store of another schema is refused', async () => {
    await filled(1)
    writeFileSync(join(dataDir, 'store.json'), '{"schema":99}')
    await expect(open()).rejects.toMatchObject({ code: 'HONUA_STORE_SCHEMA' })
  })
})

describe('a compacted journal', () => {
  beforeEach(async () => {
    await filled(20)
    const store = await open()
    const cut = (sequence: number) =>
      store.compact({ at: 1, documents: [], cuts: [{ ...aCommit('a', sequence - 1), sequence }] })
    await cut(5)
    await cut(10)
    await store.close()
  })
  const base = key('h', 'c', 'a')
  const read = async (db: Level<string, string>, name: string): Promise<Record<string, unknown>> =>
    JSON.parse(String(await db.get(name)))

  it.each<[string, (db: Level<string, string>) => Promise<void>, string]>([
    [
      'whose first state was changed',
      async (db) => db.put(base, String(await db.get(base)).replace('"n":10', '"n":11')),
      'begin of the journal of "a", behind entry 10',
    ],
    ['whose begin was removed', (db) => db.del(base), 'journal of "a", entry 1'],
    ['whose first entry was removed', (db) => db.del(key('h', 'j', 'a', padded(11))), 'journal of "a", entry 11'],
    [
      'whose begin was moved, by someone who knows how it is hashed',
      async (db) => {
        const [one, entry] = [await read(db, base), await read(db, key('h', 'j', 'a', padded(11)))]
        const moved = { ...one, ...aCommit('a', 10), sequence: 11, at: entry['at'], hash: entry['hash'] } as never
        const facts = { ...(moved as object), state: entry['state'] } as never
        await db.put(base, JSON.stringify({ ...(facts as object), own: baseHash(facts) }))
        await db.del(key('h', 'j', 'a', padded(11)))
      },
      'begins of the journals: they are not those that the audit log names',
    ],
    [
      'whose begin was moved, in the audit log too',
      async (db) => {
        const name = key('h', 'a', padded(22))
        const line = await read(db, name)
        const changed = { ...line, details: { ...(line['details'] as object), bases: 'x' } } as never
        await db.put(name, JSON.stringify({ ...(changed as object), hash: auditHash(changed) }))
      },
      'they are not those',
    ],
  ])('%s is found when the store is opened', async (_, change, message) => {
    await tampered(dataDir, change)
    await expect(open()).rejects.toMatchObject({
      code: 'HONUA_STORE_CORRUPT',
      message: expect.stringContaining(message),
    })
  })

  it('is what it was after a kill amid a compaction: the batch is there whole, or not at all', async () => {
    let broken = false
    const store = await open({
      writeFault: () => (broken ? Object.assign(new Error('input/output error'), { code: 'EIO' }) : undefined),
    })
    broken = true
    await expect(
      store.compact({ at: 1, documents: [], cuts: [{ ...aCommit('a', 14), sequence: 15 }] }),
    ).rejects.toMatchObject({ code: 'HONUA_STORE_FAILED' })
    await store.close()
    expect((await open()).extents()).toEqual([{ stream: 'a', base: 10, head: 20 }])
  })
})

describe('a full disk', () => {
  const full = () => Object.assign(new Error('No space left on device'), { code: 'ENOSPC' })

  it('is waited out: nothing is acknowledged meanwhile, the ballast goes and comes back', async () => {
    const clock = virtualClock()
    let faults = 0
    const store = await open({ clock, writeFault: () => (faults-- > 0 ? full() : undefined) })
    faults = 3
    let done = false
    const pending = store.append(aCommit('a', 0)).then(() => {
      done = true
    })
    const patience = { timeout: 60_000 }
    await vi.waitFor(
      () => expect([store.health().state, existsSync(join(dataDir, 'ballast'))]).toEqual(['disk-full', false]),
      patience,
    )
    expect(done).toBe(false)
    await vi.waitFor(async () => {
      await clock.advance(1_000)
      expect([done, store.health().state]).toEqual([true, 'ok'])
    }, patience)
    await pending
    await vi.waitFor(() => expect(statSync(join(dataDir, 'ballast')).size).toBe(4096), patience)
  })

  it('another write error stops all writing, and says so', async () => {
    let broken = false
    const store = await open({
      writeFault: () => (broken ? Object.assign(new Error('input/output error'), { code: 'EIO' }) : undefined),
    })
    await store.append(aCommit('a', 0))
    broken = true
    await expect(store.append(aCommit('a', 1))).rejects.toMatchObject({ code: 'HONUA_STORE_FAILED' })
    broken = false
    await expect(store.append(aCommit('b', 0))).rejects.toMatchObject({ code: 'HONUA_STORE_FAILED' })
    expect([store.health().state, (await all(store.journal('a'))).length]).toEqual(['failed', 1])
  })
})

describe('modes', () => {
  it('keep others out, and wrong ones are corrected', async () => {
    await filled(1)
    chmodSync(dataDir, 0o777)
    chmodSync(join(dataDir, 'store'), 0o755)
    await open()
    expect([dataDir, join(dataDir, 'store')].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
      '750',
      '700',
    ])
  })
})
