import { readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fill, reasonAgainstDisks, type SmallDisk, smallDisk } from '../../support/small-disk.ts'
import { CrashWorld } from './world.ts'

/** Holds the ballast of 16 MiB, the database and the Git cache. */
const DATA_MIB = 32
const OUT_MIB = 1
const PATIENCE_MS = 240_000

const whyNot = reasonAgainstDisks()

describe.skipIf(whyNot !== null)(`a full disk${whyNot === null ? '' : ` (skipped: ${whyNot})`}`, () => {
  let world: CrashWorld
  let disk: SmallDisk
  beforeEach(async () => {
    world = await CrashWorld.make()
  }, PATIENCE_MS)
  afterEach(async () => {
    await world.close()
    disk.remove()
  })

  async function runningOn(over: object): Promise<void> {
    world.configure(over)
    const first = await world.nextCommit()
    await world.controller.start()
    await world.landed(first)
  }
  const filler = () => join(disk.path, 'filler')

  /** The controller says that it waits for room, answers what it is asked, and takes no order. */
  async function waitingForRoom(): Promise<void> {
    const { controller } = world
    const status = await controller.until(async () => {
      const one = await controller.status()
      return String(one.state) === 'DiskFull' ? one : undefined
    }, 'the full disk to be noticed')
    expect(status.notices.join()).toContain('no room on the disk')
    expect((await controller.deployments()).length).toBeGreaterThan(0)
    expect((await controller.environment('dev'))?.deployedCommit).toMatch(/^[0-9a-f]{40}$/)
    expect(await controller.post('/v1/environments/dev/hold', { reason: 'now', until: null })).toMatchObject({
      status: 503,
      body: { code: 'HONUA_STORE_DISK_FULL' },
    })
  }

  it(
    'of the store: it says DiskFull, answers, takes no order; killed and started there it does the same; with room it goes on alone',
    async () => {
      const { controller } = world
      disk = smallDisk(DATA_MIB)
      await runningOn({ dataDir: join(disk.path, 'data') })
      await fill(filler())
      const change = await world.nextCommit()
      await waitingForRoom()
      await controller.end('SIGKILL')
      await controller.start()
      await waitingForRoom()
      await rm(filler())
      await world.landed(change)
      expect((await controller.status()).state).toBe('Running')
      await world.landed(await world.nextCommit())
      await world.sound()
    },
    PATIENCE_MS,
  )

  it(
    'of a folder target: what is served stays whole, the failure is named, and with room the next commit is deployed',
    async () => {
      const { controller } = world
      disk = smallDisk(OUT_MIB)
      const targets = [{ name: 'files', driver: 'directory', environments: ['dev'], path: join(disk.path, 'out') }]
      world.configure({ targets })
      const first = await world.nextCommit()
      await controller.start()
      await controller.synced('dev', first.commit)
      const served = readlinkSync(join(disk.path, 'out/current'))
      await fill(filler())
      await world.nextCommit()
      const [failed] = await controller.until(async () => {
        const all = (await controller.deployments()).filter((one) => one.error !== null)
        return all.length > 0 ? all : undefined
      }, 'the deployment to fail')
      expect(failed?.error?.message).toContain('ENOSPC')
      expect(readlinkSync(join(disk.path, 'out/current'))).toBe(served)
      await rm(filler())
      const next = await world.nextCommit()
      await controller.synced('dev', next.commit)
    },
    PATIENCE_MS,
  )
})
