import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { documentHash } from '../../src/core/chain.ts'
import { layerFile } from '../support/builders/layers.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { fakeIo } from '../support/fake-io.ts'
import { fileRemote, type GitRemote } from '../support/git-remotes/index.ts'
import { tampered } from '../support/tampering.ts'

const CANARY = 'canary-8c1f0d-never-in-a-backup'
let remote: GitRemote
let controller: ControllerProcess
beforeEach(async () => {
  remote = await fileRemote()
})
afterEach(async () => {
  await controller.remove()
  await remote.close()
})

function configured(data: string): void {
  controller.configure({
    git: { url: remote.url, poll: { interval: '250ms' } },
    dataDir: join(controller.folder, data),
    socket: controller.socket,
    secretsDir: join(controller.folder, 'secrets'),
    sync: { dev: { autoSync: true, prune: true }, production: { autoSync: false } },
    targets: [{ name: 'files', driver: 'directory', path: join(controller.folder, 'out/{environment}') }],
  })
}

/** A line of the honua program, in the controller's folder. */
async function honua(...argv: readonly string[]) {
  const io = fakeIo({ cwd: controller.folder, env: { HONUA_SOCKET: controller.socket } })
  const code = await run(argv, io)
  return { code, out: io.out(), err: io.err() }
}

describe('honua admin (real process, git and LevelDB)', () => {
  it('a backup made while it runs brings everything back on an empty folder, and holds no secret', async () => {
    controller = new ControllerProcess({}, { DB_PASSWORD: CANARY })
    configured('data')
    const file = layerFile('parcels', { title: '${DB_PASSWORD}' })
    const first = await remote.commit(
      { 'environments/dev/parcels.yaml': file, 'environments/production/parcels.yaml': file },
      'first',
    )
    await controller.start()
    await controller.synced('dev', first)
    const asked = await controller.environmentOnce('production', (one) => one.deployment !== null, 'a request')
    expect(readFileSync(join(controller.folder, 'out/dev/current/Layer/default/parcels.yaml'), 'utf8')).toContain(
      CANARY,
    )

    expect(await honua('admin', 'export', '--to', 'backup.ndjson')).toMatchObject({ code: 0, err: '' })
    const backup = join(controller.folder, 'backup.ndjson')
    expect((statSync(backup).mode & 0o777).toString(8)).toBe('600')
    expect(readFileSync(backup, 'utf8')).not.toContain(CANARY)

    expect(await honua('admin', 'verify', '--data', 'data')).toMatchObject({
      code: 3,
      err: expect.stringContaining('HONUA_STORE_LOCKED'),
    })
    expect((await honua('admin', 'import', '--from', 'backup.ndjson', '--data', 'data')).err).toContain(
      'HONUA_BACKUP_PLACE',
    )
    const before = await controller.environment('dev')
    await controller.end('SIGKILL')
    expect(await honua('admin', 'import', '--from', 'backup.ndjson', '--data', 'restored')).toMatchObject({ code: 0 })
    expect(await honua('admin', 'verify', '--data', 'restored')).toMatchObject({
      code: 0,
      out: expect.stringContaining('all intact'),
    })
    configured('restored')
    await controller.start()
    expect(await controller.environment('dev')).toMatchObject({
      deployedAt: before?.deployedAt,
      deployedRelease: before?.deployedRelease,
    })
    expect((await controller.environment('production'))?.deployment).toBe(asked.deployment)
    expect(await honua('audit', 'verify')).toMatchObject({ code: 0 })
    expect(await honua('replay', 'dev')).toMatchObject({ code: 0 })

    const deployed = (await controller.deployments()).find((one) => one.environment === 'dev')?.id ?? ''
    await controller.end()
    await tampered(join(controller.folder, 'restored'), async (db) => {
      for await (const [key, value] of db.iterator())
        if (value.includes('"head.moved"')) await db.put(key, value.replace('"at":1', '"at":2'))
    })
    await tampered(join(controller.folder, 'restored'), async (db) => {
      const key = ['d', 'deployments', deployed].join('\u0000')
      const record = String(await db.get(key))
        .slice(65)
        .replace('"Completed"', '"Failed"')
      await db.put(key, `${documentHash('deployments', deployed, record)}\n${record}`)
    })
    const damaged = await honua('admin', 'verify', '--data', 'restored')
    expect(damaged.code).toBe(3)
    expect(damaged.out).toContain('journal of "environment/dev", entry')
    expect(damaged.out).toContain('journal of "environment/production", entry')
    expect(damaged.out).toContain('not what the audit log says it was when the deployment ended')
    expect(damaged.err).toContain('HONUA_STORE_DAMAGED')
  })

  it('a backup of nothing that runs names the socket, and leaves no file', async () => {
    controller = new ControllerProcess({})
    expect(await honua('admin', 'export', '--to', 'backup.ndjson')).toMatchObject({
      code: 20,
      err: expect.stringContaining('HONUA_CONTROLLER_UNREACHABLE'),
    })
    expect(() => statSync(join(controller.folder, 'backup.ndjson.part'))).toThrow()
  })
})
