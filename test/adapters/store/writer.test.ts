import { describe, expect, it } from 'vitest'
import type { Engine, Operation } from '../../../src/adapters/store/engine.ts'
import { EngineStore } from '../../../src/adapters/store/engine-store.ts'
import { openMemoryStore } from '../../../src/adapters/store/index.ts'
import { keys } from '../../../src/adapters/store/keys.ts'
import { MemoryEngine } from '../../../src/adapters/store/memory-engine.ts'
import { readHeads, verifyHistory } from '../../../src/adapters/store/verify.ts'
import { GroupWriter } from '../../../src/adapters/store/writer.ts'
import { aCommit, all } from '../../contract/store.suite.ts'

/** A memory that notes how many operations each batch had, and writes only when it is let. */
class SlowEngine extends MemoryEngine {
  readonly batches: number[] = []
  #gate: Promise<void> = Promise.resolve()

  hold(): () => void {
    let open: () => void = ignore
    this.#gate = new Promise((resolve) => {
      open = resolve
    })
    return open
  }

  override turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }

  override async write(operations: readonly Operation[]): Promise<void> {
    this.batches.push(operations.length)
    await this.#gate
    await super.write(operations)
  }
}

const ignore = () => undefined
const put = (key: string, value = ''): Operation => ({ type: 'put', key, value })
const opened = async (engine: Engine) =>
  new EngineStore(engine, await verifyHistory(engine), { synced: ignore, closed: () => Promise.resolve() })
const slow = () => {
  const engine = new SlowEngine(new Map())
  return { engine, writer: new GroupWriter(engine, { batches: 0, forgotten: 0 }, ignore) }
}

describe('group commit', () => {
  it('what comes while one batch is written shares the next', async () => {
    const { engine, writer } = slow()
    const open = engine.hold()
    const first = writer.write([put('a')])
    await new Promise((resolve) => setImmediate(resolve))
    const rest = ['b', 'c', 'd'].map((key) => writer.write([put(key)]))
    open()
    await Promise.all([first, ...rest])
    // Each batch holds its own number beside what it was given.
    expect(engine.batches).toEqual([2, 4])
  })

  it('streams that ask again as soon as they are answered share each batch', async () => {
    const { engine } = slow()
    const store = await opened(engine)
    const five = async (stream: string) => {
      for (let at = 0; at < 5; at += 1) await store.append(aCommit(stream, at))
    }
    await Promise.all(Array.from({ length: 10 }, (_, at) => five(`s${at}`)))
    expect(engine.batches.length).toBe(5)
  })

  it.each([
    ['a batch is cut where it would grow beyond 4 million characters', 1_500_000, [3, 3]],
    ['one unit larger than that is still written, alone', 5_000_000, [2, 2, 2, 2]],
  ])('%s', async (_, length, batches) => {
    const { engine, writer } = slow()
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => writer.write([put(key, 'x'.repeat(length))])))
    expect(engine.batches).toEqual(batches)
  })
})

describe('the numbers of batches', () => {
  it('show a batch that was lost from the middle, even if no chain does', async () => {
    const pairs = new Map<string, string>()
    const store = await opened(new MemoryEngine(pairs))
    for (const text of ['a', 'b', 'c']) await store.putContent([text])
    pairs.delete(keys.batch(2))
    await expect(openMemoryStore(pairs)).rejects.toMatchObject({
      code: 'HONUA_STORE_CORRUPT',
      message: expect.stringContaining('write batch 2'),
    })
  })
})

it('a store opened without verification stands where one opened with it does', async () => {
  const pairs = new Map<string, string>()
  const store = await openMemoryStore(pairs)
  const audit = [{ at: 1, actor: { name: 'anna' }, action: 'hold', details: {} }]
  for (let at = 0; at < 3; at += 1) await store.append(aCommit('a', at, { audit }))
  await store.append(aCommit('b', 0))
  const again = new MemoryEngine(pairs)
  expect(await readHeads(again)).toEqual(await verifyHistory(again))
})

it('a crash in memory keeps what was acknowledged, and nothing that was still waiting', async () => {
  const store = await openMemoryStore()
  await store.append(aCommit('a', 0))
  const waiting = store.append(aCommit('a', 1))
  const after = await store.crash()
  await waiting
  expect([(await all(after.journal('a'))).length, (await all(store.journal('a'))).length]).toEqual([1, 2])
})

it('content that was changed on disk is written again when somebody brings the text', async () => {
  const pairs = new Map<string, string>()
  const [digest = ''] = await (await openMemoryStore(pairs)).putContent(['text'])
  pairs.set(keys.content(digest), 'tent')
  const store = await openMemoryStore(pairs)
  await expect(store.content(digest)).rejects.toMatchObject({ code: 'HONUA_STORE_CORRUPT' })
  await store.putContent(['text'])
  expect(await store.content(digest)).toBe('text')
})
