import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseDocument } from 'yaml'
import { openGitSource } from '../../src/adapters/git/index.ts'
import { openParserPool } from '../../src/adapters/parser/index.ts'
import { makePlan } from '../../src/core/plan/index.ts'
import type { DesiredState, LiveResource } from '../../src/core/vocabulary.ts'
import { createDesiredLoader } from '../../src/runtime/load-desired.ts'
import { someSettings } from '../support/builders/environment.ts'
import { commitFiles, makeBareRepository } from '../support/git-remotes/bare.ts'
import { type Bench, type Figure, median, ratio, timed } from './figures.ts'
import { clock, inFolder, layerText, rawGit, silent } from './support.ts'

const RESOURCES = 10_000
const FOLDERS = 10
const ROUNDS = 15
const COLD_ROUNDS = 5

function pathOf(at: number): string {
  return `environments/production/group-${at % FOLDERS}/layer-${at}.yaml`
}

/** A layer in a form that only the YAML library reads. */
function ornateText(name: string): string {
  return layerText(name, 'first').replace(`name: ${name}\n`, `name: ${name}\n  labels: { team: maps }\n`)
}

async function tenThousand(folder: string, textOf = (name: string) => layerText(name, 'first')) {
  const repository = join(folder, 'remote.git')
  await makeBareRepository(repository)
  const texts = Array.from({ length: RESOURCES }, (_, at) => textOf(`layer-${at}`))
  const commit = await commitFiles(repository, Object.fromEntries(texts.map((text, at) => [pathOf(at), text])), 'first')
  const url = pathToFileURL(repository).href
  const open = async (name: string) => {
    const git = openGitSource({
      url,
      branch: 'main',
      credentials: { type: 'none' },
      cacheDir: join(folder, name),
      timeoutMs: 30_000,
      clock,
      log: silent,
    })
    await git.open()
    await git.fetch(commit, new AbortController().signal)
    return git
  }
  return { repository, url, texts, commit, open }
}

/** The first load of ten thousand resources, against parsing the same texts and nothing else. */
export const coldLoad: Bench = {
  name: 'cold-load',
  goal: 'a first load takes at most 1.5 × parsing the same texts with yaml alone',
  run: async () => [
    await coldLoadOf('cold load of 10,000 resources, against parsing them with yaml', (name) =>
      layerText(name, 'first'),
    ),
    await coldLoadOf('the same, each with a flow mapping that only the library reads', ornateText),
  ],
}

function coldLoadOf(what: string, textOf: (name: string) => string): Promise<Figure> {
  return inFolder(async (folder) => {
    const { texts, commit, open } = await tenThousand(folder, textOf)
    const parser = openParserPool({ clock, log: silent })
    const ours: number[] = []
    const parse: number[] = []
    for (let round = 0; round < COLD_ROUNDS; round += 1) {
      const git = await open(`git-${round}`)
      parse.push(
        await timed(async () => {
          for (const text of texts) parseDocument(text).toJS()
        }),
      )
      ours.push(
        await timed(async () =>
          loaded((await createDesiredLoader({ git, parser }).load('production', commit)).desired),
        ),
      )
      await git.close()
    }
    await parser.close()
    return ratio(what, median(ours), median(parse), 1.5)
  })
}

/** One changed file among ten thousand: seen, fetched, loaded and planned, against the fetch alone. */
export const changedFile: Bench = {
  name: 'changed-file',
  goal: 'detect + load + plan takes at most 2 × the git fetch itself',
  run: () =>
    inFolder(async (folder) => {
      const { repository, url, commit, open } = await tenThousand(folder)
      const git = await open('git')
      const loader = createDesiredLoader({ git })
      const plain = join(folder, 'plain.git')
      await rawGit('clone', '--quiet', '--bare', url, plain)
      let live = asLive(loaded((await loader.load('production', commit)).desired))
      const signal = new AbortController().signal
      const ours: number[] = []
      const bare: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        const at = (round * 617) % RESOURCES
        let next: DesiredState | null = null
        await commitFiles(repository, { [pathOf(at)]: layerText(`layer-${at}`, `round ${round}`) }, `round ${round}`)
        bare.push(
          await timed(() => rawGit('-C', plain, 'fetch', '--quiet', 'origin', '+refs/heads/main:refs/heads/main')),
        )
        ours.push(
          await timed(async () => {
            const head = await git.remoteHead(signal)
            await git.fetch(head, signal)
            const desired = loaded((await loader.load('production', head)).desired)
            const plan = planned(desired, live)
            if (plan.changes.length !== 1) throw new Error(`planned ${plan.changes.length} changes`)
            next = desired
          }),
        )
        live = asLive(loaded(next), live)
      }
      await git.close()
      return [
        ratio('one changed file of 10,000: detect + load + plan, against git fetch', median(ours), median(bare), 2),
      ]
    }),
}

function loaded(desired: DesiredState | null): DesiredState {
  if (desired === null) throw new Error('the desired state is not valid')
  return desired
}

/** What a folder would hold after that state was deployed; files that did not change are told as the same objects, as its reader does. */
function asLive(desired: DesiredState, before: readonly LiveResource[] = []): readonly LiveResource[] {
  const known = new Map(before.map((live) => [live.digest, live]))
  return desired.resources.map((resource) => known.get(resource.digest) ?? { ...resource, version: resource.digest })
}

function planned(desired: DesiredState, live: readonly LiveResource[]) {
  return makePlan({
    desired,
    reason: 'commit',
    targets: [
      {
        name: 'files',
        description: 'files',
        abilities: { delete: 'delete', transactional: true, exclusive: true },
        live: {
          target: 'files',
          resources: live,
        },
      },
    ],
    inventory: [],
    settings: someSettings(),
  })
}
