import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../../src/adapters/store/index.ts'
import type { Digest } from '../../../src/core/vocabulary.ts'
import type { Store } from '../../../src/ports/store.ts'
import { aCommit, all } from '../../contract/store.suite.ts'
import { fill, reasonAgainstDisks, type SmallDisk, smallDisk } from '../../support/small-disk.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { until } from './until.ts'

const DISK_MIB = 16
const BALLAST_BYTES = 4 * 1024 * 1024
/** Characters of one snapshot: a few of them fill what is left of the disk. */
const LARGE = 200_000

const whyNot = reasonAgainstDisks()

describe.skipIf(whyNot !== null)(`a store on a small disk${whyNot === null ? '' : ` (skipped: ${whyNot})`}`, () => {
  let small: SmallDisk
  let disk: string
  let clock: VirtualClock
  let store: Store
  beforeEach(async () => {
    small = smallDisk(DISK_MIB)
    disk = small.path
    clock = virtualClock()
    await openHere()
  })
  afterEach(async () => {
    await store.close()
    small.remove()
  })
  const openHere = async () => {
    store = await openLevelStore({ dataDir: join(disk, 'data'), clock, ballastBytes: BALLAST_BYTES })
  }
  const append = (expectedSequence: number, snapshot = {}) =>
    store.append(aCommit('production', expectedSequence, { snapshot }))
  const isFull = () => store.health().state === 'disk-full'
  const passing = () => clock.advance(1_000)

  it('filled by others, it waits, loses nothing that it acknowledged, and goes on when they go', async () => {
    const COMMITS = 60
    await fill(join(disk, 'filler'))
    let acknowledged = 0
    const writing = (async () => {
      for (let at = 0; at < COMMITS; at += 1)
        acknowledged = (await append(at, { text: `${at}`.padEnd(LARGE, 'x') })).sequence
    })()
    await until(isFull)
    const before = acknowledged
    await clock.advance(60_000)
    expect([acknowledged, (await store.snapshot('production'))?.sequence ?? 0]).toEqual([before, before])
    await rm(join(disk, 'filler'))
    await until(() => acknowledged === COMMITS, passing)
    await writing
    expect([store.health().state, (await stat(join(disk, 'data/ballast'))).size]).toEqual(['ok', BALLAST_BYTES])
    await store.close()
    await openHere()
    expect((await store.verify()).entries).toBe(COMMITS)
  })

  it('filled by itself, it stops while it can still be opened and read', async () => {
    const acknowledged: Digest[] = []
    const writing = (async () => {
      for (;;) acknowledged.push(...(await store.putContent([`${acknowledged.length} `.repeat(LARGE / 4)])))
    })().catch((error: unknown) => error)
    await until(isFull)
    await store.close()
    expect(await writing).toMatchObject({ code: 'HONUA_STORE_CLOSED' })
    await openHere()
    const texts = await store.contents(acknowledged)
    expect([texts.length > 10, texts.includes(undefined)]).toEqual([true, false])
  })

  it('started on a full disk, it can be read at once, and written when there is room', async () => {
    for (let at = 0; at < 50; at += 1) await append(at)
    await store.close()
    // As a kill in the middle of waiting leaves it: the ballast gone, the room it had taken in part.
    await rm(join(disk, 'data/ballast'))
    await writeFile(join(disk, 'spare'), Buffer.alloc(BALLAST_BYTES / 2))
    await fill(join(disk, 'filler'))
    await rm(join(disk, 'spare'))
    await openHere()
    expect([isFull(), (await all(store.journal('production'))).length]).toEqual([true, 50])
    let landed = false
    const appending = append(50).then(() => {
      landed = true
    })
    await clock.advance(60_000)
    expect(landed).toBe(false)
    await rm(join(disk, 'filler'))
    await until(() => landed, passing)
    await appending
    expect(store.health().state).toBe('ok')
  })
})
