import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { layerFile } from '../../support/builders/layers.ts'
import { CLI } from '../../support/controller-process.ts'
import { IS_FULL } from './plan.ts'
import { type CrashWorld, sharedWorld } from './world.ts'

const PATIENCE_MS = 240_000
/** Handles left above those in use. What fails for want of one is another thing each time. */
const LEFT = IS_FULL ? Array.from({ length: 24 }, (_, at) => at * 2) : [0, 12]
/** Of the heap, in MiB: enough to start, not enough for the repository below. */
const HEAP_MIB = 40
const LAYERS = 400
const LAYER_CHARACTERS = 100_000

const shared = sharedWorld(PATIENCE_MS)
let world: CrashWorld
beforeEach(() => {
  world = shared()
})

/** The soft limit of open files of the running controller. */
function limitHandles(limit: number): void {
  execFileSync('prlimit', ['--pid', String(world.controller.pid), `--nofile=${limit}:4096`])
}

describe.skipIf(process.platform !== 'linux')('out of file handles', () => {
  it(
    'a controller that can open nothing more lives, says so, answers, and goes on by itself when it can',
    async () => {
      const { controller } = world
      for (const left of LEFT) {
        const looked = (await controller.status()).source.lastCheckAt ?? 0
        limitHandles(readdirSync(`/proc/${controller.pid}/fd`).length + left)
        const change = await world.nextCommit()
        await controller.until(async () => {
          const { source } = await controller.status()
          const isNoticed = source.state === 'Unreachable' || (source.lastCheckAt ?? 0) > looked
          return isNoticed ? true : undefined
        }, 'the next poll')
        if (left === 0)
          await controller.until(async () => {
            const { failure } = (await controller.status()).source
            return failure?.code === 'HONUA_GIT_NO_START' ? true : undefined
          }, 'the want of handles to be named')
        await controller.environmentOnce('dev', () => true, 'an answer about the environment')
        limitHandles(1_024)
        await world.landed(change)
      }
      await world.sound()
    },
    PATIENCE_MS,
  )

  it(
    'too few even to start, it ends and names the want; started with more it goes on',
    async () => {
      const { controller } = world
      await controller.end('SIGKILL')
      const change = await world.nextCommit()
      controller.launch({ command: ['prlimit', '--nofile=24', process.execPath, CLI] })
      expect(await controller.death()).not.toBe(0)
      // Which part of it wants one first depends on how many Node itself holds open.
      expect(controller.output).toMatch(/EMFILE: too many open files|HONUA_STORE_HANDLES/)
      await controller.start()
      await world.landed(change)
      await world.sound()
    },
    PATIENCE_MS,
  )
})

describe('out of memory', () => {
  it(
    'a repository too large for the heap ends the process; started with more it reads it, and nothing is lost',
    async () => {
      const { controller } = world
      const reason = 'before the memory ran out'
      expect((await controller.post('/v1/environments/dev/hold', { reason, until: null })).status).toBe(200)
      await controller.end('SIGTERM')
      const files = Object.fromEntries(
        Array.from({ length: LAYERS }, (_, at) => [
          `environments/dev/many/${at}.yaml`,
          layerFile(`many-${at}`, { title: 'x'.repeat(LAYER_CHARACTERS) }),
        ]),
      )
      const commit = await world.commit(files, 'many')
      controller.launch({ env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` } })
      expect([await controller.death(), controller.output]).toEqual([
        'SIGABRT',
        expect.stringContaining('heap out of memory'),
      ])
      await controller.start()
      const view = await controller.environmentOnce(
        'dev',
        (one) => one.latestCommit === commit,
        'the commit to be seen',
      )
      expect(view.hold?.reason).toBe(reason)
      await world.commit(Object.fromEntries(Object.keys(files).map((path) => [path, null])), 'none of them')
      expect((await controller.post('/v1/environments/dev/unhold', { reason })).status).toBe(200)
      await world.landed(await world.nextCommit())
      await world.sound()
    },
    PATIENCE_MS,
  )
})
