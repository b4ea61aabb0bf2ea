import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Level } from 'level'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examineLevelStore, importLevelStore, openLevelStore } from '../../../src/adapters/store/index.ts'
import { keys } from '../../../src/adapters/store/keys.ts'
import { type BackupPair, BackupReader, backupText } from '../../../src/core/backup.ts'
import { sha256 } from '../../../src/core/canonical.ts'
import { aCommit, all } from '../../contract/store.suite.ts'
import { silentLog } from '../../support/silent-log.ts'
import { tampered } from '../../support/tampering.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const ABOUT = { by: '1.2.3', at: 0 }
const ENTRIES = 12
let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-backup-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const there = (dir = dataDir) => ({ dataDir: dir, clock: virtualClock(), log: silentLog, ballastBytes: 0 })

/** A closed store with two streams, documents, an audit log and contents. */
async function filled(): Promise<void> {
  const store = await openLevelStore(there())
  for (let n = 0; n < ENTRIES; n += 1)
    for (const stream of ['a', 'b'])
      await store.append(
        aCommit(stream, n, {
          documents: [{ collection: 'deployments', id: `${stream}-${n}`, value: { n, text: 'ü\u2028\n' } }],
          audit: [{ at: n, actor: { name: 'anna' }, action: `act ${n}`, details: {} }],
        }),
      )
  await store.putContent(['one text', 'another\ntext'])
  await store.close()
}

/** The lines of a backup of the store. */
async function backedUp(dir = dataDir): Promise<readonly string[]> {
  const store = await openLevelStore(there(dir))
  const text = (await all(backupText(ABOUT, store.everything()))).join('')
  await store.close()
  return text.split('\n').slice(0, -1)
}

function ofLines(lines: readonly string[]) {
  return {
    name: 'backup',
    async *pairs(): AsyncIterable<BackupPair> {
      const reader = new BackupReader('backup')
      for (const line of lines) {
        const pair = reader.take(line)
        if (pair !== null) yield pair
      }
      reader.end()
    },
  }
}

/** Lines whose digest is right, whatever they say. */
async function sealed(pairs: readonly BackupPair[]): Promise<readonly string[]> {
  const pages = (async function* () {
    yield pairs
  })()
  return (await all(backupText(ABOUT, pages))).join('').split('\n').slice(0, -1)
}

const pairsIn = (lines: readonly string[]) => all(ofLines(lines).pairs())

describe('a backup', () => {
  it('taken in elsewhere is the same store, byte for byte, and goes on', async () => {
    await filled()
    const lines = await backedUp()
    const other = join(folder, 'other')
    const { entries, audit } = await importLevelStore(other, ofLines(lines))
    expect([entries, audit.sequence]).toEqual([2 * ENTRIES, 2 * ENTRIES])
    expect(await pairsIn(await backedUp(other))).toEqual(await pairsIn(lines))
    const store = await openLevelStore(there(other))
    await store.append(aCommit('a', ENTRIES))
    expect(await store.content(sha256('one text'))).toBe('one text')
    await store.close()
    expect([other, join(other, 'store')].map((path) => statSync(path).mode & 0o777)).toEqual([0o750, 0o700])
  })

  it('of a store that goes on being written is of one moment', async () => {
    const store = await openLevelStore(there())
    for (let n = 0; n < 1_500; n += 1) void store.append(aCommit('a', n))
    await store.append(aCommit('a', 1_500))
    const lines: string[] = []
    let more = 1_501
    for await (const piece of backupText(ABOUT, store.everything())) {
      lines.push(piece)
      await store.append(aCommit('a', more))
      more += 1
    }
    await store.close()
    const whole = lines.join('').split('\n').slice(0, -1)
    const { entries } = await importLevelStore(join(folder, 'other'), ofLines(whole))
    expect(entries).toBeGreaterThanOrEqual(1_501)
    expect(entries).toBeLessThan(more)
  })

  it('that breaks off, at whichever line, is not taken in, and nothing is written', async () => {
    await filled()
    const lines = await backedUp()
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length - 1), async (kept) => {
        await expect(importLevelStore(join(folder, 'other'), ofLines(lines.slice(0, kept)))).rejects.toMatchObject({
          code: 'HONUA_BACKUP_INVALID',
        })
        expect(existsSync(join(folder, 'other'))).toBe(false)
      }),
      { numRuns: 25 },
    )
  })

  it('with any one character changed is not taken in', async () => {
    await filled()
    const text = (await backedUp()).join('\n')
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom('x', '7', '"', '}', ' '))
    await fc.assert(
      fc.asyncProperty(change, async ([at, character]) => {
        fc.pre(text[at] !== character)
        // The header says when and by whom: words for people.
        fc.pre(at > text.indexOf('\n'))
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        await expect(importLevelStore(join(folder, 'other'), ofLines(changed.split('\n')))).rejects.toMatchObject({
          code: 'HONUA_BACKUP_INVALID',
        })
      }),
      { numRuns: 60 },
    )
  })

  it.each<[string, (pairs: BackupPair[]) => unknown]>([
    [
      'an entry removed',
      (pairs) =>
        pairs.splice(
          pairs.findIndex(([key]) => key === keys.journal('a', 5)),
          1,
        ),
    ],
    [
      'an audit line removed',
      (pairs) =>
        pairs.splice(
          pairs.findIndex(([key]) => key === keys.audit(5)),
          1,
        ),
    ],
    ['a text exchanged', (pairs) => pairs.splice(0, 1, [keys.content(sha256('one text')), 'two texts'])],
    ['its records out of order', (pairs) => pairs.reverse()],
    [
      'no schema',
      (pairs) =>
        pairs.splice(
          pairs.findIndex(([key]) => key === keys.schema),
          1,
        ),
    ],
  ])('with %s and its digest made right again is not taken in', async (_, change) => {
    await filled()
    const pairs = [...(await pairsIn(await backedUp()))]
    change(pairs)
    await expect(importLevelStore(join(folder, 'other'), ofLines(await sealed(pairs)))).rejects.toMatchObject({
      code: 'HONUA_BACKUP_INVALID',
    })
    expect(existsSync(join(folder, 'other'))).toBe(false)
  })

  it('is never taken in where something is', async () => {
    await filled()
    const lines = await backedUp()
    mkdirSync(join(folder, 'other'))
    writeFileSync(join(folder, 'other/note.txt'), '')
    for (const place of [dataDir, join(folder, 'other')])
      await expect(importLevelStore(place, ofLines(lines))).rejects.toMatchObject({ code: 'HONUA_BACKUP_PLACE' })
  })
})

describe('the offline examination', () => {
  const examined = () => examineLevelStore({ dataDir, clock: virtualClock(), log: silentLog })
  const told = async () => (await examined()).faults.map(({ message }) => message)

  it('finds nothing in a sound store, and leaves it as it was', async () => {
    await filled()
    const before = readdirSync(join(dataDir, 'store')).sort()
    expect(await examined()).toMatchObject({ faults: [], verified: { entries: 2 * ENTRIES } })
    expect(readdirSync(join(dataDir, 'store')).sort()).toEqual(before)
    expect(readdirSync(dataDir).sort()).toEqual(['anchor.json', 'store', 'store.json'])
  })

  it('names every damaged record, not only the first', async () => {
    await filled()
    await tampered(dataDir, async (db: Level<string, string>) => {
      const changed = async (key: string, from: string, to: string) =>
        db.put(key, String(await db.get(key)).replace(from, to))
      await changed(keys.journal('a', 3), '"n":2', '"n":7')
      await db.del(keys.journal('b', 5))
      await db.put(keys.journal('b', 9), 'null')
      await changed(keys.audit(4), 'anna', 'otto')
      await changed(keys.snapshot('a'), `"n":${ENTRIES}`, '"n":1')
      await changed(keys.document('deployments', 'b-7'), '"n":7', '"n":8')
      await db.put(keys.content(sha256('one text')), 'two texts')
    })
    expect(await told()).toEqual([
      expect.stringContaining(`content ${sha256('one text')}`),
      expect.stringContaining('document deployments/b-7'),
      expect.stringContaining('audit log, entry 4'),
      expect.stringContaining('journal of "a", entry 3'),
      expect.stringContaining('journal of "b", entry 5'),
      expect.stringContaining('journal of "b", entry 9'),
      expect.stringContaining('snapshot of "a"'),
    ])
  })

  it('tells of a lost tail by the anchor, and of a database that cannot be opened', async () => {
    await filled()
    const log = join(dataDir, 'store', readdirSync(join(dataDir, 'store')).find((name) => name.endsWith('.log')) ?? '')
    truncateSync(log, Math.floor(statSync(log).size * 0.5))
    expect((await told()).at(-1)).toContain('anchor')
    rmSync(join(dataDir, 'store/CURRENT'))
    expect(await told()).toHaveLength(1)
  })

  it('does not start while a controller runs', async () => {
    const store = await openLevelStore(there())
    await expect(examined()).rejects.toMatchObject({ code: 'HONUA_STORE_LOCKED' })
    await store.close()
  })

  it('of a folder that never held a store says so', async () => {
    mkdirSync(dataDir)
    await expect(examined()).rejects.toMatchObject({ code: 'HONUA_STORE_MISSING' })
    expect(readdirSync(dataDir)).toEqual([])
  })
})
