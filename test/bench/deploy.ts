import { mkdir, open, readdir, rename, symlink } from 'node:fs/promises'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { ControllerProcess } from '../support/controller-process.ts'
import { commitFiles, makeBareRepository } from '../support/git-remotes/bare.ts'
import { type Bench, type Figure, median, timed } from './figures.ts'
import { inFolder, layerText, rawGit } from './support.ts'

const RESOURCES = 200
/** A disk is fast one minute and slow the next: each round is judged beside the work by hand just before it. */
const ROUNDS = 15
/** What the goal allows on top of one and a half times the work by hand, in ms. */
const ALLOWANCE_MS = 50

/** From the trigger to the deployed folder, against fetching and writing the same files by hand. */
export const deploy: Bench = {
  name: 'deploy',
  goal: 'trigger → deployed takes at most 1.5 × fetching and writing by hand, plus 50 ms',
  run: () =>
    inFolder(async (folder) => {
      const repository = join(folder, 'remote.git')
      await makeBareRepository(repository)
      const url = pathToFileURL(repository).href
      const files = (title: string) =>
        Object.fromEntries(
          Array.from({ length: RESOURCES }, (_, at) => [
            `environments/dev/layer-${at}.yaml`,
            layerText(`layer-${at}`, title),
          ]),
        )
      let head = await commitFiles(repository, files('start'), 'start')
      const plain = join(folder, 'plain.git')
      await rawGit('clone', '--quiet', '--bare', url, plain)
      const controller = new ControllerProcess({})
      controller.configure({
        git: { url, poll: { enabled: false } },
        dataDir: join(controller.folder, 'data'),
        secretsDir: join(controller.folder, 'secrets'),
        sync: { dev: { autoSync: true, prune: true } },
        targets: [{ name: 'files', driver: 'directory', path: join(controller.folder, 'out/{environment}') }],
      })
      try {
        await controller.start()
        await controller.post('/v1/environments/dev/sync')
        await controller.synced('dev', head)
        const events = await follow(controller, 'dev')
        const ours: number[] = []
        const byHand: number[] = []
        for (let round = 0; round < ROUNDS; round += 1) {
          const texts = files(`round ${round}`)
          await quiet(controller)
          head = await commitFiles(repository, texts, `round ${round}`)
          byHand.push(
            await timed(async () => {
              await rawGit('-C', plain, 'fetch', '--quiet', 'origin', '+refs/heads/main:refs/heads/main')
              await writeByHand(join(folder, 'hand'), `release-${round}`, Object.values(texts))
            }),
          )
          ours.push(
            await timed(async () => {
              const deployed = events.next('verification.passed')
              await controller.post('/v1/environments/dev/sync')
              await deployed
            }),
          )
          await controller.synced('dev', head)
        }
        events.close()
        return [goal(ours, byHand)]
      } finally {
        await controller.remove()
      }
    }),
}

/** Hears of an environment's events as they happen: asking again and again would take the controller's time. */
function follow(controller: ControllerProcess, environment: string) {
  const waiting = new Map<string, () => void>()
  return new Promise<{ next(type: string): Promise<void>; close(): void }>((resolve, reject) => {
    const path = `/v1/events?follow&environment=${environment}`
    const sent = request({ socketPath: controller.socket, path }, (response) => {
      let rest = ''
      response.on('data', (chunk: Buffer) => {
        const lines = `${rest}${chunk.toString()}`.split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const type = /"type":"([^"]+)"/.exec(line)?.[1] ?? ''
          waiting.get(type)?.()
          waiting.delete(type)
        }
      })
      resolve({
        next: (type) => new Promise((heard) => waiting.set(type, heard)),
        close: () => sent.destroy(),
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Lets a drift check find everything in place, as an environment does between two commits. */
async function quiet(controller: ControllerProcess): Promise<void> {
  await pause(200)
  await controller.post('/v1/environments/dev/sync')
  await controller.environmentOnce('dev', (view) => view.path === 'Synced.quiet', 'dev to be quiet')
}

function goal(ours: readonly number[], byHand: readonly number[]): Figure {
  const pairs = ours.map((ms, at) => ({ ms, hand: byHand[at] ?? 0 }))
  const beyond = median(pairs.map(({ ms, hand }) => ms - 1.5 * hand))
  return {
    what: `trigger → deployed, ${RESOURCES} files, against fetch + write + fsync by hand`,
    ours: median(ours),
    baseline: median(byHand),
    unit: 'ms',
    figure: median(pairs.map(({ ms, hand }) => ms / hand)),
    goal: `≤ 1.5 × + ${ALLOWANCE_MS} ms (in the middle of the rounds: 1.5 × + ${Math.round(beyond)} ms)`,
    met: beyond <= ALLOWANCE_MS,
  }
}

async function writeByHand(root: string, name: string, texts: readonly string[]): Promise<void> {
  const folder = join(root, name, 'Layer/default')
  await mkdir(folder, { recursive: true })
  const pending = [...texts.entries()]
  const worker = async () => {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const handle = await open(join(folder, `layer-${next[0]}.yaml`), 'w')
      await handle.writeFile(next[1])
      await handle.sync()
      await handle.close()
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  for (const one of [folder, dirname(folder), join(root, name)]) await syncFolder(one)
  const link = join(root, `next-${(await readdir(root)).length}`)
  await symlink(name, link)
  await rename(link, join(root, 'current'))
  await syncFolder(root)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
