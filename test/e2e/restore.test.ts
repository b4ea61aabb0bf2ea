/** A real database goes back to a backup: deployed with a backup before it, asked for and approved by commands, held afterwards. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { ReplayBundle } from '../../src/runtime/replay.ts'
import { replay } from '../../src/runtime/replay.ts'
import { CLI, ControllerProcess } from '../support/controller-process.ts'
import { fileRemote, type GitRemote } from '../support/git-remotes/index.ts'
import { noDebian, startDebian } from '../support/postgres/debian.ts'
import { PASSWORD, type RunningPostgres, startPostgres, USER } from '../support/postgres/server.ts'

const PATIENCE_MS = 120_000
const FOLDER = 'environments/dev/migrations'
const TOPOLOGY = stringify({
  apiVersion: 'honua.io/v1',
  kind: 'Topology',
  metadata: { name: 'city' },
  spec: {
    database: { target: 'database' },
    deploymentCoordination: { phases: { database: ['create-backup', 'run-migrations'] } },
  },
})

/** With the client programs of the server, and without any. */
const forms = [
  {
    form: 'a dump',
    skipped: noDebian,
    start: async () => {
      const server = await startDebian()
      return { server, backup: { pgDump: server.pgDump } }
    },
    lost: /migrations that are gone afterwards: 002_emptied/,
    did: /^database: restored the database from backup /,
    applied: ['001_parcels'],
    left: '; a pg_restore is still at work',
  },
  {
    form: 'rows alone',
    skipped: null,
    start: async () => ({ server: await startPostgres(), backup: { tables: ['parcels'], pgDump: '/nowhere/pg_dump' } }),
    lost: /only the rows of parcels come back; everything written to them since then is lost/,
    did: /^database: restored 2 rows of backup .*; migrations stay applied/,
    applied: ['001_parcels', '002_emptied'],
    left: '',
  },
]

describe.each(forms)('a restore from a backup of $form', ({ skipped, start, lost, did, applied, left }) => {
  let server: RunningPostgres
  let database: string
  let remote: GitRemote
  let controller: ControllerProcess

  beforeEach(async ({ skip }) => {
    if (skipped !== null) skip(skipped)
    const started = await start()
    server = started.server
    database = await server.database()
    remote = await fileRemote()
    controller = new ControllerProcess({}, { 'database-password': PASSWORD })
    controller.configure({
      git: { url: remote.url, poll: { interval: '200ms' }, timeout: '5s' },
      dataDir: join(controller.folder, 'data'),
      socket: controller.socket,
      secretsDir: join(controller.folder, 'secrets'),
      sync: { dev: { autoSync: true } },
      targets: [
        {
          ...{ name: 'database', driver: 'postgres', environments: ['dev'], host: '127.0.0.1', port: server.port },
          ...{ database, user: USER, credentials: { type: 'password', secretRef: 'database-password' } },
          ...{
            tls: { mode: 'off' },
            lockTimeout: '60s',
            backup: { folder: join(controller.folder, 'backups'), ...started.backup },
          },
        },
      ],
    })
    const first = await remote.commit(
      {
        [`${FOLDER}/001_parcels.sql`]:
          "create table parcels (id int primary key, owner text); insert into parcels values (1, 'anna'), (2, 'otto');",
      },
      'first',
    )
    await controller.start()
    await controller.synced('dev', first)
    const second = await remote.commit(
      {
        'environments/dev/topology.yaml': TOPOLOGY,
        [`${FOLDER}/002_emptied.sql`]:
          "-- honua:compatibility-review reason=nobody noticed\nupdate parcels set owner = 'nobody';\n",
      },
      'second',
    )
    await controller.synced('dev', second)
  }, PATIENCE_MS)
  afterEach(async () => {
    if (skipped !== null) return
    await controller.remove()
    await remote.close()
    await server.stop()
  })

  const honua = async (...args: readonly string[]) =>
    (await promisify(execFile)(process.execPath, [CLI, '--socket', controller.socket, ...args])).stdout
  const owners = async () =>
    (await server.sql(database, 'select owner from parcels order by id')).map((row) => row['owner'])

  it(
    'is refused for a wrong id, waits for an approval, is done once, and leaves the environment held',
    async () => {
      const backups = readdirSync(join(controller.folder, 'backups'))
      expect(backups).toHaveLength(1)
      const [backup = ''] = backups
      const asked = ['restore', 'dev', '--target', 'database', '-m', 'owners are gone', '--backup']
      await expect(honua(...asked, '20000101T000000Z-000000000000')).rejects.toMatchObject({
        stderr: expect.stringContaining(`name one of ${backup}`),
      })

      const said = await honua(...asked, backup)
      expect(said).toContain(`database goes back to its backup ${backup}, made at `)
      expect(said).toMatch(lost)
      const [id = ''] = /dev-\d{8}-\d{6}(-\d+)?/.exec(said) ?? []
      expect(await owners()).toEqual(['nobody', 'nobody'])

      await honua('deployment', 'approve', id, '-m', 'I looked')
      const view = await controller.environmentOnce('dev', ({ hold }) => hold !== null, 'the end of the restore')
      expect([view.path, view.hold?.kind, view.hold?.reason]).toEqual([
        'OutOfSync.held',
        'intervention',
        expect.stringMatching(did),
      ])
      expect(await owners()).toEqual(['anna', 'otto'])
      const names = await server.sql(database, 'select name from honua_gitops.migrations order by number')
      expect(names.map((row) => row['name'])).toEqual(applied)
      const [record] = await controller.deployments()
      expect(record).toMatchObject({ id, state: 'RolledBack', plan: { reason: 'recovery' } })
      const bundle = (await controller.get('/v1/replay/dev')).body as ReplayBundle
      expect(replay(bundle).divergence).toBeNull()
      const audit = await honua('audit', 'list')
      for (const word of ['recovery.requested', 'approval.granted', 'deployment.rolledback'])
        expect(audit).toContain(word)
    },
    PATIENCE_MS,
  )

  it(
    'is not begun again by a controller that was killed while it ran: a person looks at what is there',
    async () => {
      const [backup = ''] = readdirSync(join(controller.folder, 'backups'))
      const said = await honua('restore', 'dev', '--target', 'database', '-m', 'lost', '--backup', backup)
      const [id = ''] = /dev-\d{8}-\d{6}(-\d+)?/.exec(said) ?? []
      // Whoever reads a table keeps the restore waiting for it.
      const reader = await server.connect(database)
      await reader.query('begin; select * from parcels')
      await honua('deployment', 'approve', id)
      const waits = "select from pg_locks where not granted and relation = 'parcels'::regclass"
      const waiting = async () => ((await server.sql(database, waits)).length > 0 ? true : undefined)
      await controller.until(waiting, 'the restore to wait for the table')
      await controller.end('SIGKILL')
      await controller.start()
      const view = await controller.environmentOnce('dev', ({ hold }) => hold !== null, 'the end of the restore')
      await reader.end()
      expect([view.path, view.hold?.reason]).toEqual([
        'OutOfSync.held',
        expect.stringContaining(
          `how it ended is not known: its tables were neither emptied nor made anew${left}. It is not done again`,
        ),
      ])
      const [record] = await controller.deployments()
      expect(record).toMatchObject({ id, state: 'Failed', outcome: 'recovery-failed' })
    },
    PATIENCE_MS,
  )
})
