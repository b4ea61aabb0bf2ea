import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openGitSource } from '../../src/adapters/git/index.ts'
import { openMemoryStore } from '../../src/adapters/store/index.ts'
import { Bundles } from '../../src/runtime/bundles.ts'
import { Controller } from '../../src/runtime/controller.ts'
import { createLimiter } from '../../src/runtime/limiter.ts'
import { createDesiredLoader } from '../../src/runtime/load-desired.ts'
import { SourceHost } from '../../src/runtime/source.ts'
import { someSettings } from '../support/builders/environment.ts'
import { commitFiles, makeBareRepository } from '../support/git-remotes/bare.ts'
import { type Bench, type Figure, inTurns, ratio } from './figures.ts'
import { clock, inFolder, layerText, rawGit, silent } from './support.ts'

const ROUNDS = 60

/** A poll that finds nothing new, however many environments there are. */
export const poll: Bench = {
  name: 'poll',
  async run() {
    const figures: Figure[] = []
    for (const count of [1, 100, 1_000]) figures.push(await pollWith(count))
    return figures
  },
}

function pollWith(environments: number): Promise<Figure> {
  return inFolder(async (folder) => {
    const repository = join(folder, 'remote.git')
    await makeBareRepository(repository)
    const names = Array.from({ length: environments }, (_, at) => `e${at}`)
    await commitFiles(
      repository,
      Object.fromEntries(names.map((name) => [`environments/${name}/a.yaml`, layerText('a', name)])),
      'one',
    )
    const url = pathToFileURL(repository).href
    const git = openGitSource({
      url,
      branch: 'main',
      credentials: { type: 'none' },
      cacheDir: join(folder, 'git'),
      timeoutMs: 10_000,
      clock,
      log: silent,
    })
    await git.open()
    const store = await openMemoryStore()
    const source = await SourceHost.open({
      store,
      clock,
      log: silent,
      git,
      settings: { url, branch: 'main', historyRewrite: 'hold' },
    })
    const world = {
      clock,
      log: silent,
      loader: createDesiredLoader({ git }),
      bundles: new Bundles(store),
      drivers: () => [],
      limiter: createLimiter(16),
    }
    const setup = {
      environments: names,
      settings: () => someSettings({ reconcileIntervalMs: 86_400_000 }),
      notices: [],
    }
    const controller = new Controller({ store, clock, log: silent, source, world, setup })
    await controller.start()
    const signal = new AbortController().signal
    await controller.poll(signal)
    const [ours = Number.NaN, bare = Number.NaN] = await inTurns(ROUNDS, [
      () => controller.poll(signal),
      () => rawGit('ls-remote', url, 'refs/heads/main'),
    ])
    await controller.stop()
    await git.close()
    return ratio(`no-change poll, ${environments} environments, against git ls-remote`, ours, bare, 1.3)
  })
}
