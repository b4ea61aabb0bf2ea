import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { EnvironmentView } from '../../src/api/contract.ts'
import { ControllerProcess } from '../support/controller-process.ts'
import { commitFiles, makeBareRepository } from '../support/git-remotes/bare.ts'
import { atMost, type Bench, median, ratio, timed } from './figures.ts'
import { inFolder, layerText } from './support.ts'

const COUNT = 1_000
/** One in ten never gets healthy in the second part. */
const ILL_EVERY = 10
const RESTARTS = 3
/** Rounds with and without the ill ones, in turns. */
const ROUNDS = 3
/** After this long an environment that is not there will not get there, in ms. */
const PATIENCE_MS = 90_000
const names = Array.from({ length: COUNT }, (_, at) => `e${String(at).padStart(4, '0')}`)
const ill = names.filter((_, at) => at % ILL_EVERY === 0)
const healthy = names.filter((_, at) => at % ILL_EVERY !== 0)

/** A thousand environments: at rest, after a restart, and when one commit touches all of them. */
export const environments: Bench = {
  name: 'environments',
  goal: '1,000 environments rest in 200 MB, serve 3 s after a restart, take a commit in 30 s, and bear ill neighbours',
  run: () =>
    inFolder(async (folder) => {
      const repository = join(folder, 'remote.git')
      await makeBareRepository(repository)
      let commits = 0
      const commit = () => {
        commits += 1
        return commitFiles(repository, filesOfAll(`commit ${commits}`), `commit ${commits}`)
      }
      const health = await healthServer()
      const controller = new ControllerProcess({})
      controller.configure(specFor(controller.folder, pathToFileURL(repository).href, health.url))
      try {
        await commit()
        await controller.start()
        await controller.post(`/v1/environments/${names[0]}/sync`)
        await settled(controller)
        const second = await commit()
        const all = await timed(() => deployed(controller, names, second))
        const restarts: number[] = []
        for (let round = 0; round < RESTARTS; round += 1) {
          await settled(controller)
          await controller.end('SIGTERM')
          restarts.push(await timed(() => controller.start()))
        }
        await settled(controller)
        const rss = rssMb(controller.pid)
        const { well, beside } = await withAndWithoutIll(controller, health, commit)
        return [
          atMost('1,000 environments, 4 files each, one commit: all deployed', all / 1_000, 30, 's'),
          atMost('1,000 idle environments after a restart: memory', rss, 200, 'MB'),
          atMost('1,000 environments: restarted to serving', median(restarts) / 1_000, 3, 's'),
          ratio('the healthy 900 beside 100 that never get healthy, against all well', beside, well, 1.1),
        ]
      } finally {
        await controller.remove()
        health.close()
      }
    }),
}

function filesOfAll(title: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) =>
      [0, 1, 2, 3].map((at) => [`environments/${name}/l${at}.yaml`, layerText(`l${at}`, `${title} ${name}`)]),
    ),
  )
}

function specFor(folder: string, url: string, health: string): object {
  const path = join(folder, 'out/{environment}')
  return {
    git: { url, poll: { enabled: false } },
    dataDir: join(folder, 'data'),
    secretsDir: join(folder, 'secrets'),
    reconciliation: { interval: '1h' },
    // Longer than a round: an ill environment is still waiting for its health when the healthy ones are done.
    sync: Object.fromEntries(names.map((name) => [name, { autoSync: true, prune: true, verifyTimeout: '10m' }])),
    targets: [
      { name: 'files', driver: 'directory', environments: healthy, path },
      { name: 'watched', driver: 'directory', environments: ill, path, health: { url: health } },
    ],
  }
}

/** Both kinds of round on one running controller, which of them is first changing from round to round. Medians, in ms. */
async function withAndWithoutIll(
  controller: ControllerProcess,
  health: HealthServer,
  commit: () => Promise<string>,
): Promise<{ readonly well: number; readonly beside: number }> {
  const times = { well: [] as number[], beside: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const kind of round % 2 === 0 ? (['well', 'beside'] as const) : (['beside', 'well'] as const)) {
      health.set(kind === 'well')
      const wanted = await commit()
      times[kind].push(await timed(() => deployed(controller, healthy, wanted)))
      const synced = new Set((await views(controller)).filter((view) => isAt(view, wanted)).map(({ name }) => name))
      if (kind === 'beside' && ill.some((name) => synced.has(name))) throw new Error('an ill environment got healthy')
      health.set(true)
      await settled(controller)
    }
  return { well: median(times.well), beside: median(times.beside) }
}

function isAt(view: EnvironmentView, commit: string): boolean {
  return view.state === 'Synced' && view.deployedCommit === commit
}

async function deployed(controller: ControllerProcess, wanted: readonly string[], commit: string): Promise<void> {
  const { status, body } = await controller.post(`/v1/environments/${wanted[0]}/sync`)
  if (status >= 300) throw new Error(`the sync was refused with ${status}: ${JSON.stringify(body)}`)
  const waiting = new Set(wanted)
  const start = performance.now()
  for (;;) {
    for (const view of await views(controller)) if (isAt(view, commit)) waiting.delete(view.name)
    if (waiting.size === 0) return
    if (performance.now() - start > PATIENCE_MS)
      throw new Error(`${waiting.size} environments did not get to the commit, e.g. ${[...waiting][0]}`)
    await pause(50)
  }
}

/** All are there and at rest, seen five times in a row: after a start each looks again, and only then has nothing to do. */
async function settled(controller: ControllerProcess): Promise<void> {
  const start = performance.now()
  for (let quiet = 0; quiet < 5; quiet += 1) {
    const all = await views(controller)
    const busy = all.find((view) => view.path !== 'Synced.quiet')
    if (busy !== undefined || all.length !== COUNT) quiet = -1
    if (performance.now() - start > PATIENCE_MS)
      throw new Error(`${all.length} environments, and ${busy?.name} is ${busy?.path}: they do not settle`)
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

interface HealthServer {
  readonly url: string
  set(well: boolean): void
  close(): void
}

/** Answers 200 while all is well, and 503 otherwise. */
async function healthServer(): Promise<HealthServer> {
  let well = true
  const server = createServer((_, response) => response.writeHead(well ? 200 : 503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    set(next) {
      well = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
