import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { ControllerProcess } from '../../support/controller-process.ts'
import { IS_FULL } from './plan.ts'
import { type CrashWorld, sharedWorld } from './world.ts'

/**
 * How long a process is stopped, in ms: longer than every time-out of the world's configuration; in the full set longer than the limit of a look and of a
 * validation too, which cannot be configured.
 */
const STOPPED_MS = IS_FULL ? 130_000 : 2_500
/** Long enough, in ms, to be asked for before it is over. */
const HOLD_MS = 3_000
const PATIENCE_MS = 240_000 + STOPPED_MS
/** A server that holds an answer back this long, in ms, is not waited for; a clean end takes less than half of it, however slow the machine. */
const HELD_BACK_MS = 60_000

const shared = sharedWorld(PATIENCE_MS)
let world: CrashWorld
beforeEach(() => {
  world = shared()
})

/** Waits until the server has been sent a write that is no rehearsal. */
async function writing(from: number): Promise<void> {
  await world.controller.until(async () => (world.server.state.mutations.length > from ? true : undefined), 'a write')
}

function send(signal: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(world.controller.pid ?? 0, signal)
}

describe('a process that is stopped for longer than any time-out', () => {
  it(
    'amid a deployment: woken up it looks, writes nothing twice, and nobody else could take its place meanwhile',
    async () => {
      const { controller } = world
      const change = await world.nextCommit()
      await writing(change.from)
      send('SIGSTOP')
      const other = second(world)
      try {
        other.launch()
        expect([await other.death(), other.output]).toEqual([
          3,
          expect.stringMatching(new RegExp(`HONUA_STORE_LOCKED: .* in use by process ${controller.pid}`)),
        ])
        await pause(STOPPED_MS)
      } finally {
        await other.remove()
        send('SIGCONT')
      }
      await world.landed(change)
      await world.sound()
    },
    PATIENCE_MS,
  )

  it(
    'past the end of a hold: woken up its timers go on, and the hold ends by itself',
    async () => {
      const { controller } = world
      const { now } = await controller.status()
      const until = now + HOLD_MS
      expect((await controller.post('/v1/environments/dev/hold', { reason: 'a short one', until })).status).toBe(200)
      send('SIGSTOP')
      await pause(HOLD_MS + STOPPED_MS / 2)
      send('SIGCONT')
      await controller.environmentOnce('dev', (view) => view.hold === null, 'the hold to end')
      await world.landed(await world.nextCommit())
    },
    PATIENCE_MS,
  )
})

/** A second controller on the same configuration. */
function second(of: CrashWorld): ControllerProcess {
  const other = new ControllerProcess({})
  other.configure(of.spec())
  return other
}

describe('SIGTERM', () => {
  it(
    'amid a write to a server that does not answer ends the process at once, with 0; started again it converges',
    async () => {
      const { controller, server } = world
      const lift = server.setFault({ kind: 'delay', ms: HELD_BACK_MS, on: 'writes' })
      const change = await world.nextCommit()
      await controller.until(
        async () => (server.requests.some(({ body }) => body.includes(change.title)) ? true : undefined),
        'the rehearsal or the write to be under way',
      )
      const from = performance.now()
      process.kill(controller.pid ?? 0, 'SIGTERM')
      expect(await controller.death()).toBe(0)
      expect(performance.now() - from).toBeLessThan(HELD_BACK_MS / 2)
      lift()
      await controller.start()
      await world.landed(change)
      await world.sound()
    },
    PATIENCE_MS,
  )
})

describe('two controllers', () => {
  it(
    'on one data directory: the second refuses and names the first, which goes on',
    async () => {
      const other = second(world)
      try {
        other.launch()
        expect([await other.death(), other.output]).toEqual([
          3,
          expect.stringMatching(/HONUA_STORE_LOCKED: .*\n {2}stop the other controller/),
        ])
      } finally {
        await other.remove()
      }
      await world.landed(await world.nextCommit())
    },
    PATIENCE_MS,
  )

  it(
    'on one socket: the second refuses, and the first still answers; a socket that a killed one left is taken over',
    async () => {
      const { controller } = world
      const other = new ControllerProcess({})
      try {
        other.configure({ ...world.spec(), dataDir: world.path('elsewhere') })
        other.launch()
        expect([await other.death(), other.output]).toEqual([3, expect.stringContaining('HONUA_SOCKET_IN_USE')])
      } finally {
        await other.remove()
      }
      expect((await controller.get('/v1/status')).status).toBe(200)
      await controller.end('SIGKILL')
      expect(existsSync(controller.socket)).toBe(true)
      await controller.start()
      await world.landed(await world.nextCommit())
    },
    PATIENCE_MS,
  )
})
