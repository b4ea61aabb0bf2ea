import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/core/canonical.ts'
import { auditHash, journalHash, ZERO_HASH } from '../../src/core/chain.ts'
import type { Commit, Store } from '../../src/ports/store.ts'

/** A place where a store can be opened, closed and opened again. */
export interface StorePlace {
  open(): Promise<Store>
  remove(): Promise<void>
}

export function aCommit(stream: string, expectedSequence: number, over: Partial<Commit> = {}): Commit {
  const snapshot = over.snapshot ?? { n: expectedSequence + 1 }
  return {
    stream,
    expectedSequence,
    entry: {
      at: 1_000 + expectedSequence,
      event: { type: 'x', n: expectedSequence },
      state: sha256(JSON.stringify(snapshot)),
    },
    machine: { name: 'test', version: 1, chart: sha256('chart') },
    snapshot,
    documents: [],
    audit: [],
    ...over,
  }
}

export async function all<Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

const audit = (action: string) => [{ at: 1, actor: { name: 'anna' }, action, details: {} }]

/** What every store promises; an adapter is finished when this is green on it. */
export function storeContract({
  name,
  place,
  keptBytes,
}: {
  readonly name: string
  readonly place: () => Promise<StorePlace>
  /** Space that it keeps for a full disk; null where nothing is on a disk. */
  readonly keptBytes: number | null
}): void {
  describe(`the store: ${name}`, () => {
    let at: StorePlace
    let store: Store
    beforeEach(async () => {
      at = await place()
      store = await at.open()
    })
    afterEach(async () => {
      await store.close().catch(() => undefined)
      await at.remove()
    })
    const reopened = async () => {
      await store.close()
      store = await at.open()
    }

    it('numbers entries from 1 and chains each to the one before', async () => {
      for (let n = 0; n < 3; n += 1) await store.append(aCommit('a', n))
      const entries = await all(store.journal('a'))
      expect(entries.map((entry) => entry.sequence)).toEqual([1, 2, 3])
      expect(entries.map((entry) => entry.previous)).toEqual([ZERO_HASH, entries[0]?.hash, entries[1]?.hash])
      for (const entry of entries) expect(entry.hash).toBe(journalHash(entry))
    })

    it.each([0, 2, 5])('refuses an append that expects %i entries where there is one', async (expected) => {
      await store.append(aCommit('a', 0))
      await expect(store.append(aCommit('a', expected))).rejects.toMatchObject({ code: 'HONUA_STORE_CONFLICT' })
      expect(await all(store.journal('a'))).toHaveLength(1)
    })

    it('of two appends that expect the same, one is refused', async () => {
      const results = await Promise.allSettled([store.append(aCommit('a', 0)), store.append(aCommit('a', 0))])
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected'])
    })

    it('takes appends of one stream that queue up in a row', async () => {
      await Promise.all([0, 1, 2, 3].map((n) => store.append(aCommit('a', n))))
      expect(await all(store.journal('a'))).toHaveLength(4)
    })

    it('keeps streams apart, also those whose names begin alike', async () => {
      await Promise.all(['env-7', 'env-70', 'env-7/x'].map((stream) => store.append(aCommit(stream, 0))))
      expect((await all(store.journal('env-7'))).map((entry) => entry.stream)).toEqual(['env-7'])
      expect((await all(store.snapshots())).map((one) => one.stream).sort()).toEqual(['env-7', 'env-7/x', 'env-70'])
    })

    it('reads a range of a journal, both ends included', async () => {
      for (let n = 0; n < 12; n += 1) await store.append(aCommit('a', n))
      expect((await all(store.journal('a', 9, 11))).map((entry) => entry.sequence)).toEqual([9, 10, 11])
      expect((await all(store.journal('a', 11))).map((entry) => entry.sequence)).toEqual([11, 12])
    })

    it('keeps the newest snapshot of a stream', async () => {
      await store.append(aCommit('a', 0))
      const entry = await store.append(aCommit('a', 1))
      expect(await store.snapshot('a')).toMatchObject({ sequence: 2, snapshot: { n: 2 }, hash: entry.hash })
      expect(await store.snapshot('b')).toBeUndefined()
    })

    it('writes and removes documents with the entry, and lists them by prefix, either way round, so many', async () => {
      const document = (id: string, value: string | null) => ({ collection: 'things', id, value })
      await store.append(aCommit('a', 0, { documents: ['b-1', 'b-2', 'c', 'a'].map((id) => document(id, id)) }))
      await store.append(aCommit('a', 1, { documents: [document('c', null)] }))
      const ids = async (query: Parameters<Store['documents']>[1]) =>
        (await all(store.documents('things', query))).map((one) => one.id)
      expect(await ids({})).toEqual(['a', 'b-1', 'b-2'])
      expect(await ids({ prefix: 'b-', reverse: true })).toEqual(['b-2', 'b-1'])
      expect(await ids({ limit: 1 })).toEqual(['a'])
      expect([await store.document('things', 'a'), await store.document('things', 'c')]).toEqual(['a', undefined])
    })

    it('an append that is refused leaves no document behind', async () => {
      await store
        .append(aCommit('a', 1, { documents: [{ collection: 'things', id: 'x', value: 1 }] }))
        .catch(() => undefined)
      expect(await store.document('things', 'x')).toBeUndefined()
    })

    it('numbers and chains audit lines over all streams', async () => {
      await Promise.all([
        store.append(aCommit('a', 0, { audit: audit('one') })),
        store.append(aCommit('b', 0, { audit: [...audit('two'), ...audit('three')] })),
      ])
      const lines = await all(store.audit())
      expect(lines.map((line) => [line.sequence, line.action])).toEqual([
        [1, 'one'],
        [2, 'two'],
        [3, 'three'],
      ])
      expect(lines.map((line) => line.previous)).toEqual([ZERO_HASH, lines[0]?.hash, lines[1]?.hash])
      for (const line of lines) expect(line.hash).toBe(auditHash(line))
      expect((await all(store.audit(3))).map((line) => line.action)).toEqual(['three'])
    })

    it('keeps texts under their digest, once each', async () => {
      const [first, again] = await store.putContent(['text', 'text'])
      expect([first, again]).toEqual([sha256('text'), sha256('text')])
      expect(await store.contents([sha256('text'), sha256('other')])).toEqual(['text', undefined])
      expect(await store.content(sha256(''))).toBeUndefined()
    })

    it('asks for the text of a named content only when it is not stored', async () => {
      const content = { digest: sha256('text'), text: vi.fn(() => 'text') }
      await store.putContent([content, content])
      expect(await store.putContent(['other', content])).toEqual([sha256('other'), sha256('text')])
      expect(content.text).toHaveBeenCalledTimes(1)
      expect(await store.content(content.digest)).toBe('text')
    })

    it('refuses a text that is not what its name says, and stores nothing under it', async () => {
      const digest = sha256('this')
      await expect(store.putContent([{ digest, text: () => 'that' }])).rejects.toThrow(RangeError)
      expect(await store.content(digest)).toBeUndefined()
    })

    it('holds everything after it was closed and opened again', async () => {
      const streams = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ maxLength: 20 })), {
        minLength: 1,
        maxLength: 12,
      })
      await fc.assert(
        fc.asyncProperty(streams, async (appends) => {
          for (const [stream, text] of appends) {
            const sequence = (await store.snapshot(stream))?.sequence ?? 0
            const documents = [{ collection: 'texts', id: `${stream}-${sequence}`, value: text }]
            await store.append(aCommit(stream, sequence, { documents, audit: audit(text), snapshot: { text } }))
            await store.putContent([text])
          }
          const picture = async () => ({
            snapshots: await all(store.snapshots()),
            journals: await Promise.all(['a', 'b', 'c'].map((stream) => all(store.journal(stream)))),
            documents: await all(store.documents('texts')),
            audit: await all(store.audit()),
            contents: await store.contents(appends.map(([, text]) => sha256(text))),
          })
          const before = await picture()
          await reopened()
          expect(await picture()).toEqual(before)
        }),
        { numRuns: 15 },
      )
    })

    /** Lets go of all entries up to one. */
    const cut = (stream: string, sequence: number) =>
      store.compact({ at: 5_000, documents: [], cuts: [{ ...aCommit(stream, sequence - 1), sequence }] })
    const appended = async (stream: string, count: number) => {
      for (let n = 0; n < count; n += 1) await store.append(aCommit(stream, n))
    }

    it('lets go of old entries behind the state to begin with, and goes on, also after it was opened again', async () => {
      await appended('a', 8)
      const [, , third, fourth] = await all(store.journal('a'))
      await cut('a', 3)
      expect((await all(store.journal('a'))).map((entry) => entry.sequence)).toEqual([4, 5, 6, 7, 8])
      expect(await store.base('a')).toMatchObject({
        stream: 'a',
        sequence: 3,
        hash: third?.hash,
        at: third?.at,
        state: third?.state,
        snapshot: { n: 3 },
      })
      expect(fourth?.previous).toBe(third?.hash)
      await reopened()
      expect(store.extents()).toEqual([{ stream: 'a', base: 3, head: 8 }])
      await store.append(aCommit('a', 8))
      await cut('a', 8)
      expect([await store.verify(), (await all(store.journal('a'))).length]).toEqual([{ entries: 1, audit: 2 }, 1])
    })

    it('keeps the audit log whole, with a line about each compaction', async () => {
      await store.append(aCommit('a', 0, { audit: audit('one') }))
      await store.append(aCommit('a', 1))
      await cut('a', 1)
      expect((await all(store.audit())).map((line) => [line.sequence, line.action])).toEqual([
        [1, 'one'],
        [2, 'history.compacted'],
      ])
    })

    it.each([0, 4, 5, 9])('refuses to let go of entries up to %i where 3 to 5 are kept', async (sequence) => {
      await appended('a', 5)
      await cut('a', 2)
      if (sequence === 4) return cut('a', sequence)
      await expect(cut('a', sequence)).rejects.toMatchObject({ code: 'HONUA_STORE_CONFLICT' })
      expect(store.extents()).toEqual([{ stream: 'a', base: 2, head: 5 }])
    })

    it('refuses a state to begin with that the entry does not name, and removes nothing', async () => {
      await appended('a', 3)
      await expect(
        store.compact({ at: 1, documents: [], cuts: [{ ...aCommit('a', 0), sequence: 2 }] }),
      ).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT' })
      expect(await all(store.journal('a'))).toHaveLength(3)
    })

    it('of two compactions at once that go equally far, one is refused', async () => {
      await appended('a', 5)
      const results = await Promise.allSettled([cut('a', 3), cut('a', 3), store.append(aCommit('a', 5))])
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await store.verify()).toEqual({ entries: 3, audit: 1 })
    })

    it('removes documents that a compaction names', async () => {
      const documents = ['x', 'y'].map((id) => ({ collection: 'things', id, value: id }))
      await store.append(aCommit('a', 0, { documents }))
      await store.compact({ at: 1, cuts: [], documents: [{ collection: 'things', id: 'x' }] })
      expect((await all(store.documents('things'))).map((one) => one.id)).toEqual(['y'])
    })

    it('stays verifiable through any appends and compactions', async () => {
      const step = fc.record({
        stream: fc.constantFrom('a', 'b'),
        appends: fc.nat(6),
        keep: fc.integer({ min: 1, max: 4 }),
        opens: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
          for (const { stream, appends, keep, opens } of steps) {
            const head = () => store.extents().find((one) => one.stream === stream) ?? { base: 0, head: 0 }
            for (let n = 0; n < appends; n += 1) await store.append(aCommit(stream, head().head))
            const sequence = head().head - keep
            if (sequence > head().base) await cut(stream, sequence)
            if (opens) await reopened()
          }
          const kept = store.extents().reduce((sum, one) => sum + one.head - one.base, 0)
          expect((await store.verify()).entries).toBe(kept)
        }),
        { numRuns: 15 },
      )
    })

    const nothing = async () => () => false
    const digests = async (texts: readonly string[]) => texts.map((text) => sha256(text))

    it('collects contents that nobody vouches for, at the second collection after they were handed in', async () => {
      await store.putContent(['kept', 'old'])
      const keeping = async () => (digest: string) => digest === sha256('kept')
      expect(await store.collect(keeping)).toEqual({ kept: 2, removed: 0 })
      await store.putContent(['new'])
      expect(await store.collect(keeping)).toEqual({ kept: 2, removed: 1 })
      expect(await store.contents(await digests(['kept', 'old', 'new']))).toEqual(['kept', undefined, 'new'])
    })

    it('keeps a text that is handed in again, and one handed in while it is marked or swept', async () => {
      await store.putContent(['again', 'while marked', 'while swept', 'gone'])
      await store.collect(nothing)
      await store.collect(async () => {
        await store.putContent(['while marked'])
        return (digest) => {
          if (digest !== sha256('gone')) void store.putContent(['while swept'])
          return false
        }
      })
      await store.putContent(['again', 'while swept'])
      expect(await store.contents(await digests(['again', 'while marked', 'while swept', 'gone']))).toEqual([
        'again',
        'while marked',
        'while swept',
        undefined,
      ])
    })

    it('takes a text anew that is just being removed', async () => {
      await store.putContent(['text'])
      await store.collect(nothing)
      const collecting = store.collect(nothing)
      for (let turn = 0; turn < 30; turn += 1) {
        await store.putContent(['text'])
        await new Promise((resolve) => setImmediate(resolve))
      }
      await collecting
      expect(await store.content(sha256('text'))).toBe('text')
    })

    it('knows the space beside it, where it is on a disk', async () => {
      expect(await store.room()).toEqual(keptBytes === null ? null : { freeBytes: expect.any(Number), keptBytes })
    })

    it('runs one collection at a time', async () => {
      const first = store.collect(nothing)
      await expect(store.collect(nothing)).rejects.toThrow('collected already')
      await first
    })

    it('verifies its history and says how much there is', async () => {
      await store.append(aCommit('a', 0, { audit: audit('one') }))
      await store.append(aCommit('b', 0))
      expect(await store.verify()).toEqual({ entries: 2, audit: 1 })
    })

    it('finishes what was handed in before it closes, and takes nothing afterwards', async () => {
      const pending = store.append(aCommit('a', 0))
      await store.close()
      await pending
      await expect(store.append(aCommit('a', 1))).rejects.toMatchObject({ code: 'HONUA_STORE_CLOSED' })
      store = await at.open()
      expect(await all(store.journal('a'))).toHaveLength(1)
    })

    it.each(['', 'a\u0000b', '\ud800'])('refuses a name that cannot be part of a key (%j)', async (stream) => {
      await expect(store.append(aCommit(stream, 0))).rejects.toMatchObject({ code: 'HONUA_STORE_NAME' })
    })
  })
}
