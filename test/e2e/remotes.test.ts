import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { GitCredentials } from '../../src/adapters/git/index.ts'
import { layerFile } from '../support/builders/layers.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { fileRemote, type GitRemote, httpRemote, SSHD, sshRemote } from '../support/git-remotes/index.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** The configuration's words for a test remote's credentials, and the secrets behind them. */
async function configured(
  credentials: GitCredentials,
): Promise<{ readonly credentials: object; readonly secrets: Readonly<Record<string, string>> }> {
  switch (credentials.type) {
    case 'none':
      return { credentials: { type: 'none' }, secrets: {} }
    case 'token':
      return {
        credentials: {
          type: 'token',
          secretRef: 'git-token',
          ...(credentials.username === undefined ? {} : { username: credentials.username }),
        },
        secrets: { 'git-token': await credentials.read() },
      }
    case 'ssh-key': {
      const { keyPath, knownHostsPath = `${keyPath}.known_hosts` } = credentials
      const files = statSync(keyPath).isDirectory()
        ? { key: join(keyPath, 'ssh-privatekey'), hosts: join(keyPath, 'known_hosts') }
        : { key: keyPath, hosts: knownHostsPath }
      return {
        credentials: { type: 'ssh-key', secretRef: 'deploy-key' },
        secrets: {
          'deploy-key/ssh-privatekey': readFileSync(files.key, 'utf8'),
          'deploy-key/known_hosts': readFileSync(files.hosts, 'utf8'),
        },
      }
    }
  }
}

async function controllerFor(remote: GitRemote, credentials: GitCredentials): Promise<ControllerProcess> {
  const settings = await configured(credentials)
  const controller = new ControllerProcess({}, settings.secrets)
  controller.configure({
    git: { url: remote.url, credentials: settings.credentials, poll: { interval: '250ms' }, timeout: '10s' },
    dataDir: join(controller.folder, 'data'),
    secretsDir: join(controller.folder, 'secrets'),
    sync: { dev: { autoSync: true, prune: true } },
    targets: [{ name: 'files', driver: 'directory', path: join(controller.folder, 'out/{environment}') }],
  })
  cleanups.push(() => controller.remove())
  return controller
}

function deployedLayer(controller: ControllerProcess, name: string): string {
  return readFileSync(join(controller.folder, 'out/dev/current/Layer/default', `${name}.yaml`), 'utf8')
}

const remotes = [
  { name: 'file', open: fileRemote, skip: false },
  { name: 'HTTP with a token', open: httpRemote, skip: false },
  { name: 'SSH with a key', open: sshRemote, skip: SSHD === null },
]

describe.each(remotes)('a remote over $name', ({ open, skip }) => {
  it.skipIf(skip)('a push is detected and deployed', async () => {
    const remote = await open()
    cleanups.push(() => remote.close())
    const first = await remote.commit({ 'environments/dev/parcels.yaml': layerFile('parcels') }, 'first')
    const controller = await (await controllerFor(remote, remote.credentials)).start()
    await controller.synced('dev', first)
    const second = await remote.commit(
      { 'environments/dev/parcels.yaml': layerFile('parcels', { title: 'Cadastre' }) },
      'second',
    )
    await controller.synced('dev', second)
    expect(deployedLayer(controller, 'parcels')).toContain('title: Cadastre')
  })

  it.skipIf(skip)(
    'a remote that stops is served from the cache, says since when, and comes back by itself',
    async () => {
      const remote = await open()
      cleanups.push(() => remote.close())
      const first = await remote.commit({ 'environments/dev/parcels.yaml': layerFile('parcels') }, 'first')
      const controller = await (await controllerFor(remote, remote.credentials)).start()
      await controller.synced('dev', first)
      await remote.stop()
      const down = await controller.until(async () => {
        const { source } = await controller.status()
        return source.state === 'Unreachable' ? source : undefined
      }, 'the source to be Unreachable')
      expect(down).toMatchObject({ head: first, failure: { since: expect.any(Number) } })
      expect((await controller.environment('dev'))?.state).toBe('Synced')
      await remote.start()
      const second = await remote.commit({ 'environments/dev/roads.yaml': layerFile('roads') }, 'second')
      // Refused where it has come back by itself already, and deploys.
      expect([200, 409]).toContain((await controller.post('/v1/environments/dev/sync')).status)
      await controller.synced('dev', second)
    },
  )

  it.skipIf(skip)('wrong credentials lead to a clear error without the secret', async () => {
    const remote = await open()
    cleanups.push(() => remote.close())
    if (remote.wrong === null) return
    await remote.commit({ 'environments/dev/parcels.yaml': layerFile('parcels') }, 'first')
    const controller = await (await controllerFor(remote, remote.wrong.credentials)).start()
    const failed = await controller.until(
      async () => (await controller.status()).source.failure ?? undefined,
      'a failure',
    )
    expect(failed.code).toMatch(/^HONUA_GIT_(AUTH|UNTRUSTED)$/)
    expect(controller.output + JSON.stringify(failed)).not.toContain(remote.wrong.secret)
  })
})
