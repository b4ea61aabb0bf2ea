import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placeholder } from '../contract/driver.requests.ts'
import { layerFile } from '../support/builders/layers.ts'
import { CLI, ControllerProcess } from '../support/controller-process.ts'
import { type HttpRemote, httpRemote } from '../support/git-remotes/index.ts'
import { type HonuaServer, startHonuaServer } from '../support/honua-server/server.ts'

/** Each must be nowhere but where it belongs. */
const SERVER_KEY = 'canary-key-of-the-server-7f3a'
const PASSWORD = 'canary-password-of-the-database-91bc'

let remote: HttpRemote
let server: HonuaServer
let close: () => Promise<void>
let controller: ControllerProcess
let token: string
beforeEach(async () => {
  remote = await httpRemote()
  server = await startHonuaServer({ apiKey: SERVER_KEY })
  let closing: Promise<void> | undefined
  close = () => (closing ??= server.close())
  if (remote.credentials.type !== 'token') throw new TypeError('the remote asks for no token')
  token = await remote.credentials.read()
  controller = new ControllerProcess({}, { 'git-token': token, 'gis-key': SERVER_KEY, DB_PASSWORD: PASSWORD })
  const username = remote.credentials.username === undefined ? {} : { username: remote.credentials.username }
  controller.configure({
    git: {
      url: remote.url,
      credentials: { type: 'token', secretRef: 'git-token', ...username },
      poll: { interval: '250ms' },
    },
    dataDir: join(controller.folder, 'data'),
    secretsDir: join(controller.folder, 'secrets'),
    reconciliation: { interval: '1s', retry: { initialDelay: '100ms' } },
    sync: { dev: { autoSync: true, prune: true, verifyTimeout: '1s' } },
    targets: [
      {
        name: 'gis',
        driver: 'honua',
        url: server.url,
        credentials: { type: 'api-key', secretRef: 'gis-key' },
      },
    ],
  })
})
afterEach(async () => {
  await controller.remove()
  await close()
  await remote.close()
})

const layer = (title: string) => ({ 'environments/dev/parcels.yaml': layerFile('parcels', { title }) })
const secretLayer = (word: string) => layer(`${word} ${placeholder('DB_PASSWORD')}`)

/** Waits until the controller has said something about what was done to it. */
const told = (word: string) =>
  controller.until(async () => (controller.output.includes(word) ? true : undefined), `the log to say ${word}`)

/** All bytes below a folder, but for the folders named. */
function bytesBelow(folder: string, but: readonly string[] = []): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !but.some((name) => entry.parentPath.startsWith(join(folder, name))))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

/** Everything that anybody can ask the controller for. */
async function answers(): Promise<string> {
  const texts: string[] = []
  for (const path of [
    ...['status', 'source', 'environments', 'environments/dev', 'environments/dev/plan', 'environments/dev/history'],
    ...['behind', 'pipeline', 'windows', 'health', 'notifications'],
    ...['deployments', 'events', 'audit', 'journal/source', 'journal/environment/dev', 'replay/dev', 'backup'],
    ...['charts/source', 'charts/environment/dev', 'charts/environment/dev/2'],
  ])
    texts.push(JSON.stringify((await controller.get(`/v1/${path}`)).body))
  for (const { id } of await controller.deployments())
    for (const path of [`deployments/${id}`, `deployments/${id}/plan`])
      texts.push(JSON.stringify((await controller.get(`/v1/${path}`)).body))
  for (const words of ['env diff dev', 'env show dev', 'controller status', 'deployment list', 'replay dev --step'])
    texts.push(honua(words))
  return texts.join('\n')
}

function honua(words: string): string {
  try {
    return execFileSync(process.execPath, [CLI, ...words.split(' '), '--socket', controller.socket], {
      encoding: 'utf8',
    })
  } catch (error) {
    // Exit codes tell the state; what it printed is what counts here.
    if (error instanceof Error && 'stdout' in error && 'stderr' in error)
      return `${String(error.stdout)}${String(error.stderr)}`
    throw error
  }
}

function argumentsOfAll(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8')
      } catch (error) {
        // It ended meanwhile.
        if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code)))
          return ''
        throw error
      }
    })
    .join('\n')
}

describe('canaries in every secret', () => {
  it('no secret leaves: not to logs, answers, people, arguments of commands or the disk, whatever fails', async () => {
    const first = await remote.commit(secretLayer('first'), 'first')
    await controller.start()
    await controller.synced('dev', first)
    let seen = argumentsOfAll()

    for (const dryRun of [true, false]) {
      server.setFault({ kind: 'refuse', key: 'Layer/default/parcels', message: 'Cannot take', echo: true, dryRun })
      const bad = await remote.commit(secretLayer(`refused, dry run: ${dryRun}`), 'refused')
      const view = await controller.environmentOnce(
        'dev',
        ({ quarantine }) => quarantine.some(({ commit }) => commit === bad),
        'it to be refused',
      )
      expect(view.quarantine.find(({ commit }) => commit === bad)?.reason).toContain('target "gis" refuses')
      server.clearFaults()
    }
    const second = await remote.commit(secretLayer('second'), 'second')
    await controller.synced('dev', second)
    seen += await answers()

    const lift = server.setFault({ kind: 'garbage', body: `{"error": "${PASSWORD} ${SERVER_KEY}"` })
    await told('HONUA_TARGET_ANSWER')
    lift()
    await remote.commit({ 'environments/dev/parcels.yaml': `title: ${PASSWORD}\n  bad: [` }, `bad ${'x'.repeat(10)}`)
    await controller.environmentOnce('dev', (view) => view.problems.length > 0, 'dev to have problems')
    seen += await answers()

    await close()
    const third = await remote.commit(secretLayer('third'), 'third')
    await controller.environmentOnce(
      'dev',
      ({ latestCommit, waiting }) => latestCommit === third && waiting?.reason === 'HONUA_TARGET_UNREACHABLE',
      'dev to miss its target',
    )
    await remote.stop()
    await controller.until(
      async () => ((await controller.status()).source.state === 'Unreachable' ? true : undefined),
      'the source to be away',
    )
    seen += argumentsOfAll() + (await answers()) + controller.output

    expect(seen).toContain('HONUA_TARGET_')
    const disk = bytesBelow(controller.folder, ['secrets', 'data/git'])
    for (const canary of [token, SERVER_KEY, PASSWORD])
      for (const form of [
        canary,
        Buffer.from(canary).toString('base64').replace(/=+$/, ''),
        encodeURIComponent(canary),
      ]) {
        expect(seen.includes(form), `${form} was told`).toBe(false)
        expect(disk.includes(form), `${form} is on the disk`).toBe(false)
      }
  })
})
