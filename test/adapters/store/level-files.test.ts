import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Level } from 'level'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { crc32c } from '../../../src/adapters/store/level-files/crc32c.ts'
import { checkLevelFiles } from '../../../src/adapters/store/level-files/index.ts'
import { unsnapped } from '../../../src/adapters/store/level-files/snappy.ts'

/** Enough for an index of many blocks, which LevelDB compresses, and for a table of a few MB. */
const PAIRS = 15_000

let whole: string
let folder: string
beforeAll(async () => {
  whole = mkdtempSync(join(tmpdir(), 'honua-tables-'))
  // Opened again, LevelDB makes a table of what the log holds.
  for (const from of [0, PAIRS, PAIRS]) {
    const db = new Level<string, string>(whole)
    await db.batch(
      Array.from({ length: from === 0 ? PAIRS : 1_000 }, (_, at) => ({
        type: 'put' as const,
        key: `a key with a number ${from + at}`,
        // Half of it hardly compressible.
        value: `${Math.imul(from + at, 2_654_435_761)
          .toString(36)
          .repeat(10)} ${'text '.repeat(20)}`,
      })),
    )
    await db.close()
  }
})
afterAll(() => rmSync(whole, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'honua-tables-'))
  cpSync(whole, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const tables = () => readdirSync(folder).filter((name) => name.endsWith('.ldb'))

describe('the tables of a database', () => {
  it('as LevelDB wrote them, of whatever number and size, are found sound', async () => {
    expect(tables().length).toBeGreaterThan(1)
    await checkLevelFiles(folder)
  })

  it('with a bit turned anywhere are refused, and the file and place are named', async () => {
    const [name = ''] = tables()
    const sound = readFileSync(join(folder, name))
    // Behind the two handles of the footer stand zeros that nobody reads.
    const ends = sound.length - 48
    const places = Array.from({ length: 60 }, (_, at) => Math.floor((ends * at) / 60))
    for (const at of [...places, ends - 1, ends, sound.length - 1]) {
      const bytes = Buffer.from(sound)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      writeFileSync(join(folder, name), bytes)
      await expect(checkLevelFiles(folder), `byte ${at}`).rejects.toMatchObject({
        code: 'HONUA_STORE_CORRUPT',
        message: expect.stringContaining(name),
      })
    }
  })

  it('that are shorter than what was written, at whichever byte, are refused', async () => {
    const [name = ''] = tables()
    const sound = readFileSync(join(folder, name))
    for (const length of [0, 1, 47, 48, 4_096, sound.length - 1]) {
      writeFileSync(join(folder, name), sound.subarray(0, length))
      await expect(checkLevelFiles(folder), `${length} bytes`).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT' })
    }
  })

  it('that a kill amid a compaction left half written are no part of it, and keep nobody from starting', async () => {
    const [name = ''] = tables()
    writeFileSync(join(folder, '999999.ldb'), readFileSync(join(folder, name)).subarray(0, 5_000))
    await checkLevelFiles(folder)
    const db = new Level<string, string>(folder, { createIfMissing: false })
    await db.open()
    expect(await db.get('a key with a number 7')).toContain('text')
    await db.close()
    expect(tables()).not.toContain('999999.ldb')
  })

  it('are not judged where CURRENT or MANIFEST cannot be read: LevelDB refuses that by itself', async () => {
    writeFileSync(join(folder, 'CURRENT'), 'MANIFEST-99\n')
    await checkLevelFiles(folder)
    writeFileSync(join(folder, 'MANIFEST-99'), Buffer.alloc(100, 7))
    await checkLevelFiles(folder)
    await expect(new Level(folder, { createIfMissing: false }).open()).rejects.toThrow()
  })
})

describe('the log of a database', () => {
  const logPath = () => join(folder, readdirSync(folder).find((name) => name.endsWith('.log')) ?? '')
  let ends: number[]
  beforeEach(async () => {
    const db = new Level<string, string>(folder)
    ends = []
    for (let n = 0; n < 150; n += 1) {
      await db.put(`key ${n}`, 'x'.repeat((n * 37) % 900), { sync: true })
      ends.push(statSync(logPath()).size)
    }
    await db.close()
  })
  const last = () => ends.at(-2) ?? 0

  it('with a bit turned in any record but the last is refused: whole records stand behind it', async () => {
    const sound = readFileSync(logPath())
    expect(sound.length).toBeGreaterThan(2 * 32 * 1024)
    const places = Array.from({ length: 150 }, (_, at) => Math.floor((last() * at) / 150))
    for (const at of [...places, 4, 5, last() - 1]) {
      const bytes = Buffer.from(sound)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      writeFileSync(logPath(), bytes)
      await expect(checkLevelFiles(folder), `byte ${at}`).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT' })
    }
  })

  it('that breaks off, at whichever byte, or ends in zeros is as a power cut leaves it, and is no damage', async () => {
    const sound = readFileSync(logPath())
    for (const length of [0, 3, 7, 100, last() - 1, last(), last() + 5, sound.length - 1]) {
      writeFileSync(logPath(), sound.subarray(0, length))
      await checkLevelFiles(folder)
      writeFileSync(logPath(), Buffer.concat([sound.subarray(0, length), Buffer.alloc(5_000)]))
      await checkLevelFiles(folder)
    }
  })
})

it('CRC-32C gives the checks of RFC 3720, at every offset from the stride', () => {
  const text = Buffer.from('xx123456789')
  expect(crc32c(text, 2, 11)).toBe(0xe3069283)
  expect(crc32c(Buffer.alloc(32), 0, 32)).toBe(0x8a9136aa)
  expect(crc32c(Buffer.alloc(32, 0xff), 0, 32)).toBe(0x62a8ab43)
  expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0, 32)).toBe(0x46dd794e)
})

describe('Snappy', () => {
  it('repeats what a copy reaches back to, also into itself', () => {
    // Length 9; a literal "ab"; a copy of 7 from 2 back.
    expect(unsnapped(Buffer.from([9, 1 << 2, 0x61, 0x62, (3 << 2) | 1, 2])).toString()).toBe('ababababa')
  })

  it.each([
    ['an unknown end', [200, 1 << 2, 0x61, 0x62]],
    ['a copy from before the beginning', [9, 1 << 2, 0x61, 0x62, (3 << 2) | 1, 3]],
    ['a literal that is cut off', [9, 8 << 2, 0x61]],
    ['a length beyond all bounds', [0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['nothing', []],
  ])('refuses %s', (_, bytes) => {
    expect(() => unsnapped(Buffer.from(bytes))).toThrow(RangeError)
  })
})
