import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { stringify } from 'yaml'
import { run } from '../../../src/cli/run.ts'
import type { ReplayBundle } from '../../../src/runtime/replay.ts'
import { replay } from '../../../src/runtime/replay.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { ControllerProcess } from '../../support/controller-process.ts'
import { fakeIo } from '../../support/fake-io.ts'
import { type Files, fileRemote, type GitRemote } from '../../support/git-remotes/index.ts'
import { type HonuaServer, startHonuaServer } from '../../support/honua-server/server.ts'

const KEY = 'the-key-of-the-server'

/** A controller that deploys `dev` to a folder and a Honua server, all real, with what a crash must leave intact. */
export class CrashWorld {
  readonly controller: ControllerProcess
  readonly remote: GitRemote
  readonly server: HonuaServer
  readonly #git: object
  #round = 0

  static async make(over: Over = {}): Promise<CrashWorld> {
    const remote = over.remote ?? (await fileRemote())
    return new CrashWorld(remote, await startHonuaServer({ apiKey: KEY }), over)
  }

  /** A world whose controller runs, with two releases behind it. */
  static async running(over: Over = {}): Promise<CrashWorld> {
    const world = await CrashWorld.make(over)
    const first = await world.nextCommit()
    await world.controller.start()
    await world.landed(first)
    await world.landed(await world.nextCommit())
    return world
  }

  private constructor(remote: GitRemote, server: HonuaServer, { git = {}, secrets = {} }: Over) {
    this.controller = new ControllerProcess({}, { 'gis-key': KEY, ...secrets })
    this.remote = remote
    this.server = server
    this.#git = git
    this.configure()
  }

  /** Where the controller keeps its own; `configure` may name another. */
  data = 'data'

  configure(over: object = {}): void {
    this.controller.configure({ ...this.spec(), ...over })
  }

  /** What the configuration says; every time-out is short. */
  spec(): object {
    return {
      git: { url: this.remote.url, poll: { interval: '200ms' }, timeout: '1s', ...this.#git },
      dataDir: this.path(this.data),
      socket: this.controller.socket,
      secretsDir: this.path('secrets'),
      reconciliation: { interval: '1h', retry: { initialDelay: '100ms' } },
      sync: { dev: { autoSync: true, prune: true, verifyTimeout: '2s' } },
      targets: [
        { name: 'files', driver: 'directory', environments: ['dev'], path: this.path('out') },
        {
          name: 'gis',
          driver: 'honua',
          url: this.server.url,
          timeout: '2s',
          credentials: { type: 'api-key', secretRef: 'gis-key' },
        },
      ],
    }
  }

  path(name: string): string {
    return join(this.controller.folder, name)
  }

  async close(): Promise<void> {
    await this.controller.remove()
    await this.server.close()
    await this.remote.close()
  }

  /** A commit that changes, makes, relabels and removes a layer each: every way of writing to a Honua server, in two waves; `more` goes with it and makes no further write. */
  async nextCommit(more: Files = {}): Promise<Change> {
    const before = this.#round
    this.#round += 1
    const round = this.#round
    const title = `round ${round}`
    // Before the commit: the controller may be quicker than this process.
    const from = this.server.state.mutations.length
    const commit = await this.remote.commit(
      {
        'environments/dev/a.yaml': layerFile('a', { title }),
        'environments/dev/b.yaml': layerFile('b', { title, wave: 1 }),
        'environments/dev/labelled.yaml': labelled(title),
        [`environments/dev/n${round}.yaml`]: layerFile(`n${round}`),
        ...(before === 0 ? {} : { [`environments/dev/n${before}.yaml`]: null }),
        ...more,
      },
      title,
    )
    const writes = ['Layer/default/a', 'Layer/default/b', 'Layer/default/labelled', `Layer/default/n${round}`]
    if (before > 0) writes.push(`Layer/default/n${before}`)
    return { title, commit, writes, from }
  }

  /** Commits any files. */
  commit(files: Files, title: string): Promise<string> {
    return this.remote.commit(files, title)
  }

  /** The change is live on both targets, and each of its resources was written once. */
  async landed(change: Change): Promise<void> {
    await this.controller.synced('dev', change.commit)
    expect(this.keysSince(change.from), `writes of ${change.title}`).toEqual([...change.writes].sort())
    expect(readFileSync(this.path('out/current/Layer/default/b.yaml'), 'utf8')).toContain(change.title)
    const files = readdirSync(this.path('out/current/Layer/default')).filter((name) => name.startsWith('n'))
    expect(files).toEqual([`n${this.#round}.yaml`])
  }

  /** Keys written at the server since so many writes, sorted; a key written twice stands twice. */
  keysSince(from: number): readonly string[] {
    return this.server.state.mutations
      .slice(from)
      .map(({ key }) => key)
      .sort()
  }

  /** Replaying the journal gives the stored state, no release was completed twice, and the audit log is whole. */
  async sound(): Promise<void> {
    const bundle = (await this.controller.get('/v1/replay/dev')).body as ReplayBundle
    expect(replay(bundle).divergence).toBeNull()
    const completed = (await this.controller.deployments()).filter((one) => one.state === 'Completed')
    expect(new Set(completed.map((one) => one.release)).size).toBe(completed.length)
    expect((await this.honua('audit', 'verify')).code).toBe(0)
  }

  /** A line of the honua program, in the controller's folder. */
  async honua(
    ...argv: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const io = fakeIo({ cwd: this.controller.folder, env: { HONUA_SOCKET: this.controller.socket } })
    const code = await run(argv, io)
    return { code, out: io.out(), err: io.err() }
  }
}

/** A world whose controller runs, shared by the tests of a file; each leaves it running and in line. One that failed may not: then it is made anew. */
export function sharedWorld(patienceMs: number): () => CrashWorld {
  let world: CrashWorld
  beforeAll(async () => {
    world = await CrashWorld.running()
  }, patienceMs)
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await world.close()
    world = await CrashWorld.running()
  }, patienceMs)
  afterAll(() => world.close())
  return () => world
}

/** What a world is made with instead of the usual. */
export interface Over {
  readonly remote?: GitRemote
  /** More words of `spec.git`. */
  readonly git?: object
  /** Files of the secrets folder. */
  readonly secrets?: Readonly<Record<string, string>>
}

export interface Change {
  readonly title: string
  readonly commit: string
  /** Keys that are to be written at the server, once each. */
  readonly writes: readonly string[]
  /** How many writes the server had seen before. */
  readonly from: number
}

/** A layer of which a label alone changes: its spec stays, so the server is told by PUT. */
function labelled(label: string): string {
  return stringify({
    apiVersion: 'honua.io/v1',
    kind: 'Layer',
    metadata: { name: 'labelled', labels: { round: label.replace(' ', '-') } },
    spec: {
      title: 'labelled',
      geometryType: 'Polygon',
      storage: { table: 'public.l', srid: 4326, geometryColumn: 'geom' },
    },
  })
}
