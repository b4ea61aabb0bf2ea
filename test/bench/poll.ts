import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openGitSource } from '../../src/adapters/git/index.ts'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import { Bundles } from '../../src/runtime/bundles.ts'
import { Controller } from '../../src/runtime/controller.ts'
import { Doing } from '../../src/runtime/environment/doing.ts'
import { Progress } from '../../src/runtime/environment/progress.ts'
import { Reached } from '../../src/runtime/environment/reached.ts'
import { createLimiter } from '../../src/runtime/limiter.ts'
import { createDesiredLoader } from '../../src/runtime/load-desired.ts'
import { SourceHost } from '../../src/runtime/source.ts'
import { someSettings } from '../support/builders/environment.ts'
import { fileRemote, type GitRemote, httpRemote } from '../support/git-remotes/index.ts'
import { type Bench, type Figure, inTurns, ratio } from './figures.ts'
import { clock, inFolder, layerText, rawGit, silent } from './support.ts'

const ROUNDS = 80
/** The first reads of all environments must be over before anything is timed, in ms. */
const PATIENCE_MS = 60_000

/** A poll that finds nothing new, however many environments there are. */
export const poll: Bench = {
  name: 'poll',
  goal: 'a poll that finds nothing new takes at most 1.3 × a bare git ls-remote, whatever the number of environments',
  async run() {
    const figures: Figure[] = []
    for (const open of [fileRemote, httpRemote])
      for (const count of [1, 100, 1_000]) {
        const remote = await open()
        try {
          figures.push(await pollWith(remote, count))
        } finally {
          await remote.close()
        }
      }
    return figures
  },
}

function pollWith(remote: GitRemote, environments: number): Promise<Figure> {
  return inFolder(async (folder) => {
    const names = Array.from({ length: environments }, (_, at) => `e${at}`)
    await remote.commit(
      Object.fromEntries(names.map((name) => [`environments/${name}/a.yaml`, layerText('a', name)])),
      'one',
    )
    const git = openGitSource({
      url: remote.url,
      branch: 'main',
      credentials: remote.credentials,
      cacheDir: join(folder, 'git'),
      timeoutMs: 10_000,
      clock,
      log: silent,
    })
    await git.open()
    const controller = await controllerOn(git, names)
    try {
      await controller.start()
      const signal = new AbortController().signal
      await controller.poll(signal)
      await settled(controller, environments)
      const url = await withCredentials(remote)
      const [ours = Number.NaN, bare = Number.NaN] = await inTurns(ROUNDS, [
        async () => {
          if (!(await controller.poll(signal)).ok) throw new Error('the poll failed')
        },
        () => rawGit('ls-remote', url, 'refs/heads/main'),
      ])
      return ratio(`no-change poll over ${remote.name}, ${environments} environments`, ours, bare, 1.3)
    } finally {
      await controller.stop()
      await git.close()
    }
  })
}

async function controllerOn(git: ReturnType<typeof openGitSource>, names: readonly string[]): Promise<Controller> {
  const store = await openMemoryStore()
  const log = silent
  const settings = { url: git.displayUrl, branch: 'main', historyRewrite: 'hold' } as const
  const source = await SourceHost.open({ store, clock, log, git, settings })
  const world = {
    clock,
    log,
    loader: createDesiredLoader({ git }),
    bundles: new Bundles(store),
    drivers: () => [],
    limiter: createLimiter(16),
    progress: new Progress(),
    doing: new Doing(),
    reached: new Reached(),
  }
  const setup = {
    environments: names,
    settings: () => someSettings({ reconcileIntervalMs: 86_400_000 }),
    notices: [],
    notYetActive: { slack: null, healthChecks: [] },
  }
  return new Controller({ store, clock, log, source, world, setup })
}

/** Waits until no environment owes anything any more. */
async function settled(controller: Controller, environments: number): Promise<void> {
  const start = performance.now()
  for (;;) {
    const { hosts } = controller
    if (
      hosts.length === environments &&
      hosts.every(({ context }) => context.head !== null && context.owed.length === 0)
    )
      return
    if (performance.now() - start > PATIENCE_MS) throw new Error('the environments do not settle')
    await pause(50)
  }
}

/** The remote's address as bare git takes it, token and all. */
async function withCredentials({ url, credentials }: GitRemote): Promise<string> {
  if (credentials.type !== 'token') return url
  const address = new URL(url)
  address.username = 'x'
  address.password = encodeURIComponent(await credentials.read())
  return address.href
}
