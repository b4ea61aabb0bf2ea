import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { EnvironmentView } from '../../src/api/contract.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { commitFiles, makeBareRepository } from '../support/git-remotes/bare.ts'
import { atMost, type Bench, ratio, timed } from './figures.ts'
import { inFolder, layerText } from './support.ts'

const COUNT = 1_000
/** One in ten never gets healthy in the second part. */
const ILL_EVERY = 10
const names = Array.from({ length: COUNT }, (_, at) => `e${String(at).padStart(4, '0')}`)
const ill = new Set(names.filter((_, at) => at % ILL_EVERY === 0))
const healthy = names.filter((name) => !ill.has(name))

/** A thousand environments: at rest, after a restart, and when one commit touches all of them. */
export const environments: Bench = {
  name: 'environments',
  run: () =>
    inFolder(async (folder) => {
      const repository = join(folder, 'remote.git')
      await makeBareRepository(repository)
      const commit = (title: string) =>
        commitFiles(
          repository,
          Object.fromEntries(
            names.flatMap((name) =>
              [0, 1, 2, 3].map((at) => [`environments/${name}/l${at}.yaml`, layerText(`l${at}`, `${title} ${name}`)]),
            ),
          ),
          title,
        )
      const unwell = await unwellServer()
      const controller = new ControllerProcess({})
      const configure = (url: string | null) =>
        controller.configure({
          git: { url: pathToFileURL(repository).href, poll: { enabled: false } },
          dataDir: join(controller.folder, 'data'),
          secretsDir: join(controller.folder, 'secrets'),
          reconciliation: { interval: '1h' },
          sync: Object.fromEntries(names.map((name) => [name, { autoSync: true, prune: true, verifyTimeout: '1m' }])),
          targets: [
            {
              name: 'files',
              driver: 'directory',
              environments: healthy,
              path: join(controller.folder, 'out/{environment}'),
            },
            {
              name: 'watched',
              driver: 'directory',
              environments: [...ill],
              path: join(controller.folder, 'out/{environment}'),
              ...(url === null ? {} : { health: { url } }),
            },
          ],
        })
      try {
        configure(null)
        const first = await commit('first')
        await controller.start()
        await deployed(controller, names, first)
        const second = await commit('second')
        const all = await timed(() => deployed(controller, names, second))
        await controller.end('SIGTERM')
        const restart = await timed(() => controller.start())
        await settledAfterStart(controller)
        const rss = rssMb(controller.pid)
        const wellAgain: number[] = []
        const third = await commit('third')
        wellAgain.push(await timed(() => deployed(controller, healthy, third)))
        await controller.end('SIGTERM')
        configure(unwell.url)
        await controller.start()
        await settledAfterStart(controller)
        const fourth = await commit('fourth')
        const withIll = await timed(() => deployed(controller, healthy, fourth))
        return [
          atMost('1,000 environments, 4 files each, one commit: all deployed', all / 1_000, 30, 's'),
          atMost('1,000 idle environments after a restart: memory', rss, 200, 'MB'),
          atMost('1,000 environments: restarted to serving', restart / 1_000, 3, 's'),
          ratio(
            'the healthy 900, when 100 never get healthy, against when all do',
            withIll,
            wellAgain[0] ?? Number.NaN,
            1.1,
          ),
        ]
      } finally {
        await controller.remove()
        unwell.server.close()
      }
    }),
}

async function deployed(controller: ControllerProcess, wanted: readonly string[], commit: string): Promise<void> {
  await controller.post(`/v1/environments/${wanted[0]}/sync`)
  const waiting = new Set(wanted)
  while (waiting.size > 0) {
    for (const view of await views(controller))
      if (view.state === 'Synced' && view.deployedCommit === commit) waiting.delete(view.name)
    if (waiting.size > 0) await pause(50)
  }
}

/** After a start each environment that looks again has done so once nothing is busy any more. */
async function settledAfterStart(controller: ControllerProcess): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet += 1) {
    if ((await views(controller)).some((view) => !view.path.endsWith('quiet'))) quiet = 0
    await pause(200)
  }
}

async function views(controller: ControllerProcess): Promise<readonly EnvironmentView[]> {
  return ((await controller.get('/v1/environments')).body as { readonly environments: readonly EnvironmentView[] })
    .environments
}

function rssMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

async function unwellServer(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_, response) => response.writeHead(503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, server }
}
