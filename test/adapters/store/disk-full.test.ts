import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../../src/adapters/store/index.ts'
import type { Store } from '../../../src/ports/store.ts'
import { aCommit, all } from '../../contract/store.suite.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { until } from './until.ts'

const BALLAST_BYTES = 1024 * 1024

let dataDir: string
let clock: VirtualClock
let fault: Error | undefined
let store: Store
const openHere = async () => {
  store = await openLevelStore({ dataDir, clock, ballastBytes: BALLAST_BYTES, writeFault: () => fault })
}
const append = (expectedSequence: number, stream = 'production') => store.append(aCommit(stream, expectedSequence))
const refusal = (task: Promise<unknown>) =>
  task.then(
    () => null,
    (error: unknown) => error,
  )
const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
const isFull = () => store.health().state === 'disk-full'
const passing = () => clock.advance(1_000)

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'honua-disk-full-'))
  clock = virtualClock()
  fault = undefined
  await openHere()
  await append(0)
})
afterEach(async () => {
  await store.close()
  await rm(dataDir, { recursive: true })
})

describe('a store whose disk is full', () => {
  it('acknowledges nothing, says since when, and goes on in order when there is room', async () => {
    fault = full()
    const since = clock.now()
    const acknowledged: number[] = []
    const pending = [1, 2, 3].map((at) => append(at).then(({ sequence }) => acknowledged.push(sequence)))
    await until(isFull)
    await clock.advance(60_000)
    expect(acknowledged).toEqual([])
    expect(store.health()).toMatchObject({ state: 'disk-full', since, message: expect.stringContaining('no room') })
    fault = undefined
    await until(() => acknowledged.length === 3, passing)
    await Promise.all(pending)
    const ballast = await stat(join(dataDir, 'ballast'))
    expect([acknowledged, store.health().state, ballast.size]).toEqual([[2, 3, 4], 'ok', BALLAST_BYTES])
    expect((await store.verify()).entries).toBe(4)
  })

  it('can still be read', async () => {
    fault = full()
    const pending = refusal(append(1))
    await until(isFull)
    expect((await all(store.journal('production'))).length).toBe(1)
    expect((await store.snapshot('production'))?.sequence).toBe(1)
    await store.close()
    await pending
  })

  it('can be read to the end by who was in the middle of a long range', async () => {
    const ENTRIES = 1_500
    await Promise.all(Array.from({ length: ENTRIES }, (_, at) => append(at, 'long')))
    const read: number[] = []
    for await (const { sequence } of store.journal('long')) {
      read.push(sequence)
      if (sequence !== 1) continue
      fault = full()
      void refusal(append(0, 'other'))
      await until(isFull)
    }
    expect(read).toEqual(Array.from({ length: ENTRIES }, (_, at) => at + 1))
  })

  it('closed while it waits, it refuses what waits, and keeps what was acknowledged', async () => {
    fault = full()
    const pending = refusal(append(1))
    await until(isFull)
    await store.close()
    expect(await pending).toMatchObject({ code: 'HONUA_STORE_CLOSED' })
    fault = undefined
    await openHere()
    expect((await store.verify()).entries).toBe(1)
  })
})

it('a store whose write failed otherwise can still be read, and goes on when it is opened again', async () => {
  fault = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
  const [first, second] = await Promise.all([refusal(append(1)), refusal(append(2))])
  expect([first, second]).toMatchObject([{ code: 'HONUA_STORE_FAILED' }, { code: 'HONUA_STORE_FAILED' }])
  fault = undefined
  expect(await refusal(store.putContent(['text']))).toMatchObject({ code: 'HONUA_STORE_FAILED' })
  expect(store.health()).toMatchObject({ state: 'failed', message: expect.stringContaining('EIO') })
  expect((await all(store.journal('production'))).length).toBe(1)
  await store.close()
  await openHere()
  expect((await append(1)).sequence).toBe(2)
})

it('the ballast is made of real blocks, and made again when a hole stands in its place', async () => {
  await store.close()
  await rm(join(dataDir, 'ballast'))
  const hole = await open(join(dataDir, 'ballast'), 'w')
  await hole.truncate(BALLAST_BYTES)
  await hole.close()
  await openHere()
  const { size, blocks } = await stat(join(dataDir, 'ballast'))
  expect([size, blocks * 512 >= BALLAST_BYTES]).toEqual([BALLAST_BYTES, true])
})
