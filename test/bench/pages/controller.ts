/**
 * A controller of many environments with its pages, as a process of its own whose CPU time can be asked for. Started by fork; it says where
 * it is, and does what it is told.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLevelStore } from '../../../src/adapters/store/index.ts'
import { makeTokens } from '../../../src/api/tokens.ts'
import { startWeb } from '../../../src/api/web/server.ts'
import type { Facade } from '../../../src/runtime/facade.ts'
import { ANNA } from '../../support/builders/environment.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { memoryGit } from '../../support/memory-git.ts'
import { startRuntime } from '../../support/runtime-world.ts'
import { clock, silent } from '../support.ts'
import type { Reply, Wish } from './process.ts'

const [count = '200'] = process.argv.slice(2)
const names = Array.from({ length: Number(count) }, (_, at) => `city-${String(at).padStart(3, '0')}`)
const folder = mkdtempSync(join(tmpdir(), 'honua-bench-pages-'))

const git = memoryGit()
git.commit(Object.fromEntries(names.map((name) => [`environments/${name}/a.yaml`, layerFile('a', { title: name })])))
const store = await openLevelStore({ dataDir: join(folder, 'data'), clock, log: silent })
const day = { reconcileIntervalMs: 86_400_000 }
const world = await startRuntime({ clock, git, store, log: silent, settings: () => day, pollMs: 86_400_000 })
await settled(world.facade)
const web = await startWeb({
  facade: world.facade,
  tokens: makeTokens({ read: async () => undefined }),
  log: silent,
  clock,
  inspect: null,
  pages: new URL('../../../dist/web', import.meta.url).pathname,
  settings: { host: '127.0.0.1', port: 0, names: [], anonymous: 'read' },
})

let events = new AbortController()
let committed = 0
world.facade.committed$.subscribe(() => {
  committed += 1
})
process.on('message', (wish: Wish) => {
  switch (wish.wish) {
    case 'events':
      events.abort()
      events = new AbortController()
      void happen(wish.perSecond, events.signal)
      return answer({ reply: 'done' })
    case 'cpu': {
      const { user, system } = process.cpuUsage()
      return answer({ reply: 'cpu', ms: (user + system) / 1_000, events: committed })
    }
    case 'end':
      events.abort()
      return void end()
  }
})
answer({ reply: 'ready', url: web.url })

/** Places holds and lifts them, one environment after the other. */
async function happen(perSecond: number, signal: AbortSignal): Promise<void> {
  const start = clock.now()
  for (let done = 0; perSecond > 0 && !signal.aborted; done += 1) {
    const ahead = start + (done * 1_000) / perSecond - clock.now()
    if (ahead > 0) await clock.sleep(ahead, signal).catch(() => undefined)
    const name = names[done % names.length] ?? ''
    const isHeld = world.facade.environment(name)?.context.hold != null
    if (isHeld) await world.facade.unhold(name, { reason: 'bench' }, ANNA)
    else await world.facade.hold(name, { reason: 'bench', until: null }, ANNA)
  }
}

/** Waits until every environment has what is declared. */
async function settled(facade: Facade): Promise<void> {
  const isDone = () => {
    const all = facade.environments()
    return all.length === names.length && all.every(({ path }) => path === 'Synced.quiet')
  }
  for (let waitedMs = 0; !isDone(); waitedMs += 100) {
    if (waitedMs > 120_000) throw new Error('the environments do not settle')
    await clock.sleep(100, new AbortController().signal)
  }
}

function answer(reply: Reply): void {
  process.send?.(reply)
}

async function end(): Promise<void> {
  await web.close()
  await world.stop()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  process.disconnect()
}
