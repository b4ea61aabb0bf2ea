import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayBundle } from '../../src/runtime/replay.ts'
import { replay } from '../../src/runtime/replay.ts'
import { layerFile } from '../support/builders/layers.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { fileRemote, type GitRemote } from '../support/git-remotes/index.ts'
import { type HonuaServer, startHonuaServer } from '../support/honua-server/server.ts'

/** Moments at which the process is killed. The suite takes few; `KILLS=200 npx vitest run … test/e2e/kill.test.ts` takes many. */
const KILLS = Number(process.env['KILLS'] ?? 6)
const SEED = Number(process.env['SEED'] ?? 1)
const KEY = 'the-key-of-the-server'

let remote: GitRemote
let server: HonuaServer
let controller: ControllerProcess

afterEach(async () => {
  await controller.remove()
  await server.close()
  await remote.close()
})

/** Seeded, so that a failing run can be had again; the machine's own timing still differs. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

describe(`kill -9 at ${KILLS} random moments of a deployment (real process, git, LevelDB and server)`, () => {
  it(
    'every run converges, nothing is deployed twice, nothing acknowledged is lost, and replay equals the snapshot',
    async () => {
      const chance = chances(SEED)
      remote = await fileRemote()
      server = await startHonuaServer({ apiKey: KEY })
      controller = new ControllerProcess({}, { 'gis-key': KEY })
      controller.configure({
        git: { url: remote.url, poll: { interval: '200ms' } },
        dataDir: join(controller.folder, 'data'),
        secretsDir: join(controller.folder, 'secrets'),
        sync: { dev: { autoSync: true, prune: true } },
        targets: [
          { name: 'files', driver: 'directory', environments: ['dev'], path: join(controller.folder, 'out') },
          { name: 'gis', driver: 'honua', url: server.url, credentials: { type: 'api-key', secretRef: 'gis-key' } },
        ],
      })
      const acknowledged: string[] = []
      const first = await remote.commit({ 'environments/dev/a.yaml': layerFile('a', { title: 'start' }) }, 'start')
      await controller.start()
      await controller.synced('dev', first)
      for (let round = 1; round <= KILLS; round += 1) {
        const title = `round ${round}`
        // Before the commit: the controller may be quicker than this process.
        const before = server.state.mutations.length
        const commit = await remote.commit(
          {
            'environments/dev/a.yaml': layerFile('a', { title }),
            'environments/dev/b.yaml': layerFile('b', { title, wave: 1 }),
          },
          title,
        )
        await pause(Math.floor(chance() * 450))
        const isHeld =
          chance() < 0.3 &&
          (await controller.post('/v1/environments/dev/hold', { reason: title, until: null })).status === 200
        if (isHeld) acknowledged.push(title)
        await controller.end('SIGKILL')
        await controller.start()
        if (isHeld) {
          const view = await controller.environment('dev')
          expect(view?.hold?.reason).toBe(title)
          await controller.post('/v1/environments/dev/unhold', { reason: title })
        }
        await controller.synced('dev', commit)
        expect(readFileSync(join(controller.folder, 'out/current/Layer/default/b.yaml'), 'utf8')).toContain(title)
        const writes = server.state.mutations.slice(before).map((mutation) => JSON.stringify(mutation))
        expect(writes.length, `writes of ${title}: ${writes.join(' ')}`).toBe(2)
      }
      await controller.end('SIGTERM')
      await controller.start()
      const audit = String(JSON.stringify((await controller.get('/v1/audit')).body))
      expect(acknowledged.filter((reason) => !audit.includes(`${reason}"`) && !audit.includes(`${reason}\\"`))).toEqual(
        [],
      )
      const bundle = (await controller.get('/v1/replay/dev')).body as ReplayBundle
      expect(replay(bundle).divergence).toBeNull()
      const completed = (await controller.deployments()).filter((one) => one.state === 'Completed')
      expect(new Set(completed.map((one) => one.release)).size).toBe(completed.length)
    },
    Math.max(300_000, KILLS * 20_000),
  )
})
