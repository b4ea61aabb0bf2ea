/** Each fault of the attempt before this one (HONUA's first GitOps code, and the design paper), as a promise that it does not come back. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layerFile } from '../support/builders/layers.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { fileRemote, type GitRemote } from '../support/git-remotes/index.ts'
import { type HonuaServer, startHonuaServer } from '../support/honua-server/server.ts'

const KEY = 'the-key-of-the-server'
let remote: GitRemote
let server: HonuaServer
let controller: ControllerProcess

beforeEach(async () => {
  remote = await fileRemote()
  server = await startHonuaServer({ apiKey: KEY })
  controller = new ControllerProcess({}, { 'gis-key': KEY })
})
afterEach(async () => {
  await controller.remove()
  await server.close()
  await remote.close()
})

function configure(
  over: { readonly branch?: string; readonly environment?: string; readonly settings?: object } = {},
): string {
  const { branch = 'main', environment = 'dev', settings = {} } = over
  controller.configure({
    git: { url: remote.url, branch, poll: { interval: '200ms' } },
    dataDir: join(controller.folder, 'data'),
    secretsDir: join(controller.folder, 'secrets'),
    reconciliation: { interval: '1s', retry: { initialDelay: '100ms', maxAttempts: 2 } },
    sync: { [environment]: { autoSync: true, prune: true, verifyTimeout: '1s', ...settings } },
    targets: [
      { name: 'files', driver: 'directory', path: join(controller.folder, 'out/{environment}') },
      { name: 'gis', driver: 'honua', url: server.url, credentials: { type: 'api-key', secretRef: 'gis-key' } },
    ],
  })
  return environment
}

const layer = (title: string, environment = 'dev') => ({
  [`environments/${environment}/layers/parcels.yaml`]: layerFile('parcels', { title }),
})

describe('what went wrong before does not go wrong here', () => {
  it('1: commits made while the controller was down are deployed when it is up again', async () => {
    const first = await remote.commit(layer('Parcels'), 'first')
    configure()
    await controller.start()
    await controller.synced('dev', first)
    await controller.end('SIGTERM')
    await remote.commit(layer('Cadastre'), 'second')
    const third = await remote.commit({ 'environments/dev/roads.yaml': layerFile('roads') }, 'third')
    await controller.start()
    await controller.synced('dev', third)
    expect(readFileSync(join(controller.folder, 'out/dev/current/Layer/default/parcels.yaml'), 'utf8')).toContain(
      'Cadastre',
    )
  })

  it('2: a deployment that fails is marked Failed, rolled back, and not begun again at every poll', async () => {
    const first = await remote.commit(layer('Parcels'), 'first')
    configure()
    await controller.start()
    await controller.synced('dev', first)
    server.setFault({ kind: 'refuse', key: 'Layer/default/parcels', message: 'column is missing' })
    await remote.commit(layer('Bad'), 'second')
    await controller.environmentOnce(
      'dev',
      (view) => view.state === 'OutOfSync' && view.quarantine.length > 0,
      'the bad commit to be held',
    )
    const sequence = (await controller.status()).now
    await controller.until(
      async () => ((await controller.status()).now - sequence > 1_200 ? true : undefined),
      'six polls to pass',
    )
    expect((await controller.deployments()).filter((one) => one.outcome !== null)).toHaveLength(1)
  })

  it('3, 4: a record goes through every state, and Completed means that the target holds the new content', async () => {
    const first = await remote.commit(layer('Parcels'), 'first')
    configure()
    await controller.start()
    await controller.synced('dev', first)
    const [record] = await controller.deployments()
    expect(record?.history.map((move) => move.to)).toEqual([
      'Validating',
      'Planning',
      'BackingUp',
      'Applying',
      'PostValidating',
      'Completed',
    ])
    expect(record?.plan.creates).toBe(2)
    server.setFault({ kind: 'lie' })
    await remote.commit(layer('Cadastre'), 'second')
    const held = await controller.environmentOnce(
      'dev',
      (view) => view.quarantine.length > 0,
      'the lie to be found out',
    )
    expect(held.deployedCommit).toBe(first)
  })

  it('5: what is common comes before what an environment declares, and files of any name and form are read', async () => {
    const commit = await remote.commit(
      {
        'environments/common/anything.json': JSON.stringify({
          apiVersion: 'honua.io/v1',
          kind: 'Layer',
          metadata: { name: 'parcels' },
          spec: { title: 'common', geometryType: 'Polygon', storage: { table: 'public.p', srid: 4326 } },
        }),
        'environments/dev/deep/down/x.yml':
          'apiVersion: honua.io/v1\nkind: Layer\nmetadata: {name: parcels}\nspec: {title: own}\n',
      },
      'first',
    )
    configure()
    await controller.start()
    await controller.synced('dev', commit)
    const text = readFileSync(join(controller.folder, 'out/dev/current/Layer/default/parcels.yaml'), 'utf8')
    expect([text.includes('title: own'), text.includes('table: public.p')]).toEqual([true, true])
  })

  it('6: the branch is the configured one, and a force-push does not break the cache', async () => {
    const first = await remote.commit(layer('Parcels'), 'first', { branch: 'release' })
    configure({ branch: 'release' })
    await controller.start()
    await controller.synced('dev', first)
    const rewritten = await remote.commit(layer('Rewritten'), 'other', { parent: null, branch: 'elsewhere' })
    await remote.setBranch('release', rewritten)
    await controller.until(
      async () => ((await controller.status()).source.state === 'Invalid' ? true : undefined),
      'the rewrite to be seen',
    )
    await remote.setBranch('release', first)
    const next = await remote.commit(layer('Next'), 'next', { branch: 'release' })
    await controller.synced('dev', next)
  })

  it('7: names with dashes work, and deployments of one second get ids of their own', async () => {
    const first = await remote.commit(layer('Parcels', 'us-west'), 'first')
    configure({ environment: 'us-west' })
    await controller.start()
    await controller.synced('us-west', first)
    const second = await remote.commit(layer('Cadastre', 'us-west'), 'second')
    await controller.synced('us-west', second)
    const ids = (await controller.deployments()).map((one) => one.id)
    expect([new Set(ids).size, ids.every((id) => id.startsWith('us-west-'))]).toEqual([2, true])
    for (const id of ids) expect((await controller.get(`/v1/deployments/${id}`)).status).toBe(200)
  })

  it('8: a rollback changes the target, a sync really looks, and nobody approves under a name of their choosing', async () => {
    const first = await remote.commit(layer('Parcels'), 'first')
    configure({ settings: { autoSync: false } })
    await controller.start()
    const asked = await controller.environmentOnce('dev', (view) => view.path === 'AwaitingApproval.asked', 'a request')
    const claimed = await controller.post(`/v1/deployments/${asked.deployment}/approve`, {
      reason: '',
      plan: null,
      approver: 'mayor',
    })
    expect(claimed.status).toBe(400)
    await controller.post(`/v1/deployments/${asked.deployment}/approve`, { reason: '', plan: null })
    await controller.synced('dev', first)
    expect((await controller.deployments())[0]?.approvedBy?.name).toBe('tester')
  })

  it('10: a commit under common concerns every environment and makes none called "common"; files beside the folders make none either', async () => {
    const first = await remote.commit({ ...layer('Parcels'), 'environments/README.md': '# hello\n' }, 'first')
    configure()
    await controller.start()
    await controller.synced('dev', first)
    const second = await remote.commit({ 'environments/common/roads.yaml': layerFile('roads') }, 'second')
    await controller.synced('dev', second)
    expect(existsSync(join(controller.folder, 'out/dev/current/Layer/default/roads.yaml'))).toBe(true)
    const { body } = await controller.get('/v1/environments')
    expect((body as { environments: { name: string }[] }).environments.map((one) => one.name)).toEqual(['dev'])
  })

  it('10: a commit that touches nothing of an environment is not deployed to it', async () => {
    const first = await remote.commit(layer('Parcels'), 'first')
    configure()
    await controller.start()
    await controller.synced('dev', first)
    await remote.commit({ 'README.md': 'hello\n' }, 'second')
    await controller.until(
      async () => ((await controller.status()).source.head !== first ? true : undefined),
      'the commit to be fetched',
    )
    expect(
      readdirSync(join(controller.folder, 'out/dev/releases')).filter((name) => !name.startsWith('.')),
    ).toHaveLength(1)
    expect((await controller.environment('dev'))?.deployedCommit).toBe(first)
  })
})
