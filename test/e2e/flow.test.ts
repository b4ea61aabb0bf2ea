import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layerFile } from '../support/builders/layers.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { fileRemote, type GitRemote } from '../support/git-remotes/index.ts'
import { stringifyRaw } from '../support/honua-server/raw-json.ts'
import { type HonuaServer, startHonuaServer } from '../support/honua-server/server.ts'

const KEY = 'the-key-of-the-server'
let remote: GitRemote
let server: HonuaServer
let controller: ControllerProcess

beforeEach(async () => {
  remote = await fileRemote()
  server = await startHonuaServer({ apiKey: KEY })
})
afterEach(async () => {
  await controller.remove()
  await server.close()
  await remote.close()
})

/** A controller with `dev` automatic and `production` by approval, on a folder and a Honua server. */
async function running(sync: object = {}): Promise<ControllerProcess> {
  controller = new ControllerProcess({}, { 'gis-key': KEY })
  controller.configure({
    git: { url: remote.url, poll: { interval: '250ms' } },
    dataDir: join(controller.folder, 'data'),
    secretsDir: join(controller.folder, 'secrets'),
    reconciliation: { interval: '1h', retry: { initialDelay: '100ms' } },
    sync: { dev: { autoSync: true, prune: true, verifyTimeout: '2s' }, production: { autoSync: false }, ...sync },
    targets: [
      { name: 'files', driver: 'directory', path: join(controller.folder, 'out/{environment}') },
      {
        name: 'gis',
        driver: 'honua',
        environments: ['dev'],
        url: server.url,
        credentials: { type: 'api-key', secretRef: 'gis-key' },
      },
    ],
  })
  return controller.start()
}

function layerOnServer(name: string): unknown {
  const spec = server.state.get(`Layer/default/${name}`)?.spec
  return spec === undefined ? undefined : JSON.parse(stringifyRaw(spec))
}

const parcels = (title: string) => ({ 'environments/dev/layers/parcels.yaml': layerFile('parcels', { title }) })
const production = (title: string) => ({
  'environments/production/layers/parcels.yaml': layerFile('parcels', { title }),
})

async function waiting(): Promise<string> {
  const view = await controller.environmentOnce(
    'production',
    (one) => one.path === 'AwaitingApproval.asked',
    'a request for approval',
  )
  return view.deployment ?? ''
}

describe('an automatic environment', () => {
  it('deploys to the folder and to the Honua server, and deletes what Git no longer declares', async () => {
    await remote.commit({ ...parcels('Parcels'), 'environments/dev/layers/roads.yaml': layerFile('roads') }, 'first')
    await running()
    const second = await remote.commit({ ...parcels('Cadastre'), 'environments/dev/layers/roads.yaml': null }, 'second')
    await controller.synced('dev', second)
    expect(layerOnServer('parcels')).toMatchObject({
      title: 'Cadastre',
      tableName: 'parcels',
      schemaName: 'public',
      srid: 4326,
    })
    expect(layerOnServer('roads')).toBeUndefined()
    expect(readdirSync(join(controller.folder, 'out/dev/current/Layer/default'))).toEqual(['parcels.yaml'])
  })

  it('repairs a file that was changed by hand, at the next look', async () => {
    const first = await remote.commit(parcels('Parcels'), 'first')
    await running()
    await controller.synced('dev', first)
    const file = join(controller.folder, 'out/dev/current/Layer/default/parcels.yaml')
    const good = readFileSync(file, 'utf8')
    writeFileSync(file, good.replace('Parcels', 'Vandalised'))
    await controller.post('/v1/environments/dev/sync')
    await controller.until(
      async () => (readFileSync(file, 'utf8') === good ? true : undefined),
      'the file to be repaired',
    )
    await controller.synced('dev', first)
  })

  it('a commit that the server refuses is rolled back and held; the next good one deploys by itself', async () => {
    const first = await remote.commit(parcels('Parcels'), 'first')
    await running()
    await controller.synced('dev', first)
    const lift = server.setFault({ kind: 'refuse', key: 'Layer/default/roads', message: 'no such table' })
    await remote.commit({ 'environments/dev/layers/roads.yaml': layerFile('roads') }, 'bad')
    const held = await controller.environmentOnce(
      'dev',
      (view) => view.path === 'OutOfSync.held',
      'the bad commit to be held',
    )
    expect(held.waiting?.message).toContain('no such table')
    expect(existsSync(join(controller.folder, 'out/dev/current/Layer/default/roads.yaml'))).toBe(false)
    const [record] = (await controller.deployments()).filter((one) => one.outcome !== null)
    expect(record).toMatchObject({ state: 'RolledBack', outcome: 'apply-failed' })
    lift()
    const good = await remote.commit(parcels('Cadastre'), 'good')
    await controller.synced('dev', good)
  })

  it('a bad file blocks its environment with file, line and column, and no other', async () => {
    const first = await remote.commit({ ...parcels('Parcels'), ...production('Parcels') }, 'first')
    await running({ production: { autoSync: true } })
    await controller.synced('production', first)
    const second = await remote.commit(
      { 'environments/dev/layers/parcels.yaml': 'kind: Layer\n  bad: [\n', ...production('Cadastre') },
      'second',
    )
    await controller.synced('production', second)
    const blocked = await controller.environmentOnce(
      'dev',
      (view) => view.path === 'OutOfSync.blocked',
      'dev to be blocked',
    )
    expect(blocked.problems[0]?.location).toMatchObject({
      path: 'environments/dev/layers/parcels.yaml',
      line: expect.any(Number),
      column: expect.any(Number),
    })
  })
})

describe('an environment by approval', () => {
  it('shows its plan, and approval deploys exactly that plan', async () => {
    await remote.commit(production('Parcels'), 'first')
    await running()
    const id = await waiting()
    const { body } = await controller.get('/v1/environments/production/plan')
    expect(JSON.stringify(body)).toContain('Layer/default/parcels')
    expect(JSON.stringify(body)).toContain('metadata:\\n  name: parcels\\n  namespace: default')
    expect(existsSync(join(controller.folder, 'out/production'))).toBe(false)
    expect((await controller.post(`/v1/deployments/${id}/approve`, { reason: 'looks right', plan: null })).status).toBe(
      200,
    )
    await controller.environmentOnce('production', (view) => view.state === 'Synced', 'production to be Synced')
    const deployed = (await controller.deployments()).find((one) => one.id === id)
    expect(deployed).toMatchObject({ state: 'Completed', approvedBy: { name: 'tester', how: 'token' } })
    expect(deployed?.history.map((move) => move.to)).toEqual([
      'Validating',
      'Planning',
      'AwaitingApproval',
      'BackingUp',
      'Applying',
      'PostValidating',
      'Completed',
    ])
  })

  it('a newer commit voids the request; approving the old one is refused with the reason', async () => {
    await remote.commit(production('Parcels'), 'first')
    await running()
    const old = await waiting()
    await remote.commit(production('Cadastre'), 'second')
    await controller.environmentOnce(
      'production',
      (view) => view.path === 'AwaitingApproval.asked' && view.deployment !== old,
      'a new request',
    )
    const { status, body } = await controller.post(`/v1/deployments/${old}/approve`, { reason: '', plan: null })
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'HONUA_APPROVAL_NOT_PENDING', message: expect.stringContaining('superseded') })
  })

  it('drift voids the request', async () => {
    const first = await remote.commit(production('Parcels'), 'first')
    await running()
    await controller.post(`/v1/deployments/${await waiting()}/approve`, { reason: '', plan: null })
    await controller.synced('production', first)
    await remote.commit(production('Cadastre'), 'second')
    const id = await waiting()
    writeFileSync(join(controller.folder, 'out/production/current/Layer/default/parcels.yaml'), 'kind: Layer\n')
    await controller.post(`/v1/deployments/${id}/approve`, { reason: '', plan: null })
    await controller.environmentOnce(
      'production',
      (view) => view.path === 'AwaitingApproval.asked' && view.deployment !== id,
      'a new request',
    )
    expect((await controller.deployments()).find((one) => one.id === id)).toMatchObject({
      state: 'Failed',
      outcome: 'stale',
    })
  })

  it.each([
    [
      'a plan that is not the one shown',
      (id: string) => [`/v1/deployments/${id}/approve`, { reason: '', plan: 'deadbeef' }] as const,
      423,
    ],
    [
      'a foreign id',
      () => ['/v1/deployments/production-19990101-000000/approve', { reason: '', plan: null }] as const,
      404,
    ],
  ])('refuses %s', async (_, call, expected) => {
    await remote.commit(production('Parcels'), 'first')
    await running()
    const [path, body] = call(await waiting())
    const reply = await controller.post(path, body)
    expect([reply.status, typeof (reply.body as { message: unknown }).message]).toEqual([expected, 'string'])
    expect((await controller.environment('production'))?.state).toBe('AwaitingApproval')
  })

  it('refuses a second approval, and one after expiry', async () => {
    await remote.commit(production('Parcels'), 'first')
    await running({ production: { autoSync: false, approvalTtl: '400ms' } })
    const id = await waiting()
    const expired = await controller.until(async () => {
      const record = (await controller.deployments()).find((one) => one.id === id)
      return record?.outcome === 'expired' ? record : undefined
    }, 'the request to expire')
    expect(expired.state).toBe('Failed')
    expect(await controller.post(`/v1/deployments/${id}/approve`, { reason: '', plan: null })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('expired') },
    })
  })
})

describe('going back', () => {
  it('rolls back to the release before with the Git server gone, and stays there until a newer commit', async () => {
    const first = await remote.commit(parcels('Parcels'), 'first')
    await running()
    await controller.synced('dev', first)
    const second = await remote.commit(parcels('Cadastre'), 'second')
    await controller.synced('dev', second)
    await remote.stop()
    expect((await controller.post('/v1/environments/dev/rollback', { reason: 'wrong title', to: null })).status).toBe(
      200,
    )
    const held = await controller.environmentOnce('dev', (view) => view.path === 'OutOfSync.held', 'dev to be held')
    expect(held.deployedCommit).toBe(first)
    expect(layerOnServer('parcels')).toMatchObject({ title: 'Parcels' })
    await remote.start()
    const third = await remote.commit(parcels('Land register'), 'third')
    await controller.synced('dev', third)
  })
})

describe('going further back', () => {
  it('rolls back to any release that is kept, forth and back, with the Git server gone', async () => {
    const titles = ['Parcels', 'Cadastre', 'Land register', 'Plots']
    const commits: string[] = []
    for (const title of titles) {
      const commit = await remote.commit(parcels(title), title)
      commits.push(commit)
      if (commits.length === 1) await running()
      await controller.synced('dev', commit)
    }
    await remote.stop()
    for (const index of [0, 2, 1]) {
      const order = { reason: `the one of ${titles[index]}`, to: commits[index] }
      expect((await controller.post('/v1/environments/dev/rollback', order)).status).toBe(200)
      await controller.environmentOnce(
        'dev',
        (view) => view.path === 'OutOfSync.held' && view.deployedCommit === commits[index],
        `dev to be held with ${titles[index]}`,
      )
      expect(layerOnServer('parcels')).toMatchObject({ title: titles[index] })
    }
  })
})

describe('windows', () => {
  it('outside its window an automatic environment asks for approval', async () => {
    const today = new Date().getUTCDay()
    const other = (['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const)[(today + 3) % 7] ?? 'Mon'
    await remote.commit(production('Parcels'), 'first')
    await running({
      production: { autoSync: true, conditions: [{ type: 'time-window', days: [other], hours: '09:00-17:00' }] },
    })
    await waiting()
    expect((await controller.environment('production'))?.decision?.reason).toContain('outside the deployment window')
  })

  it('with outsideWindow: wait it waits and says when the window opens', async () => {
    const today = new Date().getUTCDay()
    const other = (['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const)[(today + 3) % 7] ?? 'Mon'
    await remote.commit(production('Parcels'), 'first')
    await running({
      production: {
        autoSync: true,
        outsideWindow: 'wait',
        conditions: [{ type: 'time-window', days: [other], hours: '09:00-17:00' }],
      },
    })
    const view = await controller.environmentOnce('production', (one) => one.path === 'OutOfSync.waiting', 'the window')
    expect(view.waiting).toMatchObject({ reason: 'window', until: expect.any(Number) })
  })
})

describe('history that is rewritten', () => {
  it('waits for a person, who takes it by its commit', async () => {
    const first = await remote.commit(parcels('Parcels'), 'first')
    await running()
    await controller.synced('dev', first)
    const other = await remote.commit(parcels('Rewritten'), 'other', { parent: null, branch: 'other' })
    await remote.setBranch('main', other)
    const source = await controller.until(async () => {
      const one = (await controller.status()).source
      return one.state === 'Invalid' ? one : undefined
    }, 'the source to be Invalid')
    expect(source).toMatchObject({ head: first, pending: other, failure: { code: 'HONUA_GIT_HISTORY_REWRITTEN' } })
    expect((await controller.post('/v1/source/accept-rewrite', { commit: other, reason: 'cleaned up' })).status).toBe(
      200,
    )
    await controller.synced('dev', other)
  })
})

describe('a configuration that changes while the controller runs', () => {
  it('is taken at once; a faulty one is told and not taken', async () => {
    const first = await remote.commit(production('Parcels'), 'first')
    await running()
    await waiting()
    const text = readFileSync(controller.config, 'utf8')
    writeFileSync(controller.config, text.replace('autoSync: false', 'autoSync: maybe'))
    const told = await controller.until(async () => {
      const { notices } = await controller.status()
      return notices.find((notice) => notice.includes('spec.sync.production.autoSync'))
    }, 'the faulty configuration to be told')
    expect(told).toContain('not taken')
    expect((await controller.environment('production'))?.autoSync).toBe(false)
    writeFileSync(controller.config, text.replace('autoSync: false', 'autoSync: true'))
    await controller.synced('production', first)
  })
})
