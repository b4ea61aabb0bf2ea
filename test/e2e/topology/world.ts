import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import type { DeploymentList, PlanAnswer } from '../../../src/api/contract.ts'
import type { Deployment } from '../../../src/core/vocabulary.ts'
import type { ReplayBundle } from '../../../src/runtime/replay.ts'
import { replay } from '../../../src/runtime/replay.ts'
import { layerFile } from '../../support/builders/layers.ts'
import { ControllerProcess } from '../../support/controller-process.ts'
import { type Files, fileRemote, type GitRemote } from '../../support/git-remotes/index.ts'
import { type HonuaServer, startHonuaServer } from '../../support/honua-server/server.ts'
import { PASSWORD, type PostgresServer, startPostgres, USER } from '../../support/postgres/server.ts'
import { PurgeEndpoint } from './purge-endpoint.ts'

const KEY = 'the-key-of-the-server'

/** What a city's deployment can lose while it runs. */
export const components = ['gis-1', 'gis-2', 'database', 'files', 'cache'] as const
export type ComponentName = (typeof components)[number]

/** What can be seen from outside of how far a deployment has come, in order. */
export const moments = ['asked', 'migrated', 'gis-1 written', 'gis-2 written', 'files switched', 'purged'] as const
export type Moment = (typeof moments)[number]

const TOPOLOGY = stringify({
  apiVersion: 'honua.io/v1',
  kind: 'Topology',
  metadata: { name: 'city' },
  spec: {
    database: { target: 'database' },
    applicationServers: {
      instances: [
        { name: 'one', target: 'gis-1' },
        { name: 'two', target: 'gis-2' },
      ],
    },
    files: { target: 'files' },
    cdn: { target: 'cache' },
    deploymentCoordination: {
      phases: {
        'pre-flight': ['validate-topology', 'test-connectivity', 'check-dependencies'],
        database: ['run-migrations', 'analyze-tables'],
        application: ['update-metadata', 'health-check'],
        edge: ['flush-cdn-cache'],
        validation: [{ step: 'smoke-tests', component: 'database' }],
      },
    },
  },
})

/** A controller that deploys `dev` over two Honua servers, a PostgreSQL, a folder and a cache, all real. */
export class City {
  readonly remote: GitRemote
  readonly controller = new ControllerProcess({}, { 'gis-key': KEY, 'database-password': PASSWORD })
  readonly cache = new PurgeEndpoint()
  readonly #postgres: PostgresServer
  readonly #database: string
  readonly #servers = new Map<string, HonuaServer>()
  /** Of servers that were stopped: keys written there. */
  readonly #written = new Map<string, string[]>()
  #round = 0

  static async running(): Promise<City> {
    const postgres = await startPostgres()
    const city = new City(await fileRemote(), postgres, await postgres.database())
    await city.cache.start()
    for (const name of ['gis-1', 'gis-2']) await city.#startServer(name, 0)
    city.#configure()
    const first = await city.nextCommit()
    await city.controller.start()
    await city.controller.synced('dev', first.commit)
    return city
  }

  private constructor(remote: GitRemote, postgres: PostgresServer, database: string) {
    this.remote = remote
    this.#postgres = postgres
    this.#database = database
  }

  async close(): Promise<void> {
    await this.controller.remove()
    for (const server of this.#servers.values()) await server.close()
    await this.cache.stop()
    await this.#postgres.stop()
    await this.remote.close()
  }

  /** A commit that changes everything: a migration more, a layer on both servers and in the folder. */
  async nextCommit(more: Files = {}): Promise<Change> {
    this.#round += 1
    const round = this.#round
    const title = `round ${round}`
    const migrations = round === 1 ? [1, 2] : [round + 1]
    const commit = await this.remote.commit(
      {
        ...(round === 1 ? { 'environments/dev/topology.yaml': TOPOLOGY } : {}),
        'environments/dev/parcels.yaml': layerFile('parcels', { title }),
        ...Object.fromEntries(migrations.map((number) => [migrationPath(number), migrationText(number)])),
        ...more,
      },
      title,
    )
    return { title, commit, migration: Math.max(...migrations) }
  }

  /** Everything holds the change, and each side effect is told of in the journal. */
  async landed(change: Change): Promise<void> {
    await this.controller.synced('dev', change.commit)
    for (const name of ['gis-1', 'gis-2']) expect(this.titleOn(name), name).toBe(change.title)
    expect(readFileSync(this.#path('out/current/Layer/default/parcels.yaml'), 'utf8')).toContain(change.title)
    expect(await this.applied()).toEqual(Array.from({ length: change.migration }, (_, at) => at + 1))
  }

  titleOn(server: string): unknown {
    const spec = this.#servers.get(server)?.state.get('Layer/default/parcels')?.spec
    return spec instanceof Map ? spec.get('title') : undefined
  }

  /** Numbers of the migrations whose work is in the database, each as often as it was done. */
  async applied(): Promise<readonly number[]> {
    const rows = await this.#postgres.sql(this.#database, 'SELECT number FROM done ORDER BY number')
    return rows.map((row) => Number(row['number']))
  }

  async isAt(moment: Moment, change: Change): Promise<boolean> {
    switch (moment) {
      case 'asked':
        return (await this.controller.environment('dev'))?.state === 'Deploying'
      case 'migrated':
        return (await this.applied()).includes(change.migration)
      case 'gis-1 written':
      case 'gis-2 written':
        return this.titleOn(moment.slice(0, 5)) === change.title
      case 'files switched': {
        const file = this.#path('out/current/Layer/default/parcels.yaml')
        return existsSync(file) && readFileSync(file, 'utf8').includes(change.title)
      }
      case 'purged':
        return this.cache.purges.length > this.#marked.purges
    }
  }

  #marked: Mark = { purges: 0, migrations: 0, deployments: new Set(), written: new Map() }

  /** Remembers how things are: `purged` and `untold` are about what comes from now on. */
  async mark(): Promise<void> {
    this.#marked = {
      purges: this.cache.purges.length,
      migrations: (await this.applied()).length,
      deployments: new Set((await this.#deployments()).map(({ id }) => id)),
      written: new Map(['gis-1', 'gis-2'].map((name) => [name, this.#keysWritten(name).length])),
    }
  }

  /** Takes a component away, at once. */
  async kill(component: ComponentName): Promise<void> {
    switch (component) {
      case 'gis-1':
      case 'gis-2': {
        const server = this.#servers.get(component)
        await server?.close()
        const keys = server?.state.mutations.map(({ key }) => key) ?? []
        this.#written.set(component, [...(this.#written.get(component) ?? []), ...keys])
        return
      }
      case 'database':
        return this.#postgres.pause()
      case 'files':
        renameSync(this.#path('out'), this.#path('out.away'))
        return writeFileSync(this.#path('out'), 'a file where a folder should be')
      case 'cache':
        return this.cache.stop()
    }
  }

  /** Brings it back, with what it held. */
  async revive(component: ComponentName): Promise<void> {
    switch (component) {
      case 'gis-1':
      case 'gis-2':
        return this.#startServer(component, this.#servers.get(component)?.port ?? 0)
      case 'database':
        return this.#postgres.resume()
      case 'files':
        renameSync(this.#path('out'), this.#path('out.file'))
        return renameSync(this.#path('out.away'), this.#path('out'))
      case 'cache':
        return this.cache.start()
    }
  }

  /** Replaying gives the stored state; and no migration was done twice. */
  async sound(): Promise<void> {
    const bundle = (await this.controller.get('/v1/replay/dev')).body as ReplayBundle
    expect(replay(bundle).divergence).toBeNull()
    const applied = await this.applied()
    expect(new Set(applied).size, `migrations done: ${applied.join(' ')}`).toBe(applied.length)
  }

  /** Side effects since `mark` that no deployment's record names: purges, and what was written to servers and the database. */
  async untold(): Promise<readonly string[]> {
    const deployments = (await this.#deployments()).filter(({ id }) => !this.#marked.deployments.has(id))
    const told = deployments.flatMap(({ deeds = [] }) => deeds.filter(({ step }) => step === 'flush-cdn-cache'))
    const purges = this.cache.purges.length - this.#marked.purges
    const planned = new Set<string>()
    for (const { id } of deployments) {
      const { plan } = (await this.controller.get(`/v1/deployments/${id}/plan`)).body as PlanAnswer
      for (const { target, key } of plan?.plan.changes ?? []) planned.add(`${target} ${key}`)
    }
    const written = ['gis-1', 'gis-2'].flatMap((name) => this.writesTo(name).map((key) => `${name} ${key}`))
    const migrated = (await this.applied())
      .slice(this.#marked.migrations)
      .map((number) => `database Migration/default/${migrationName(number)}`)
    return [
      ...[...new Set([...written, ...migrated])].filter((one) => !planned.has(one)),
      ...(purges > told.length ? [`${purges} purges, and ${told.length} on record`] : []),
    ]
  }

  /** Keys written to a server since `mark`, each as often as it was. */
  writesTo(server: string): readonly string[] {
    return this.#keysWritten(server).slice(this.#marked.written.get(server) ?? 0)
  }

  #keysWritten(server: string): readonly string[] {
    const now = this.#servers.get(server)?.state.mutations.map(({ key }) => key) ?? []
    return [...(this.#written.get(server) ?? []), ...now]
  }

  async #deployments(): Promise<readonly Deployment[]> {
    const { body } = await this.controller.get('/v1/deployments?limit=500')
    return (body as DeploymentList).deployments
  }

  #path(name: string): string {
    return join(this.controller.folder, name)
  }

  async #startServer(name: string, port: number): Promise<void> {
    const persistPath = this.#path(`${name}.json`)
    this.#servers.set(name, await startHonuaServer({ apiKey: KEY, port, persistPath }))
  }

  #configure(): void {
    const server = (name: string) => ({
      name,
      driver: 'honua',
      url: this.#servers.get(name)?.url,
      timeout: '2s',
      credentials: { type: 'api-key', secretRef: 'gis-key' },
    })
    this.controller.configure({
      git: { url: this.remote.url, poll: { interval: '200ms' }, timeout: '5s' },
      dataDir: this.#path('data'),
      socket: this.controller.socket,
      secretsDir: this.#path('secrets'),
      reconciliation: { interval: '1h', retry: { initialDelay: '100ms' } },
      sync: { dev: { autoSync: true, prune: true, verifyTimeout: '2s' } },
      targets: [
        server('gis-1'),
        server('gis-2'),
        { name: 'files', driver: 'directory', path: this.#path('out'), environments: ['dev'] },
        {
          name: 'database',
          driver: 'postgres',
          environments: ['dev'],
          host: '127.0.0.1',
          port: this.#postgres.port,
          database: this.#database,
          user: USER,
          credentials: { type: 'password', secretRef: 'database-password' },
          tls: { mode: 'off' },
          connectTimeout: '2s',
          checks: [{ table: 'done', minRows: 2 }],
        },
        {
          name: 'cache',
          driver: 'http',
          environments: ['dev'],
          url: this.cache.url,
          timeout: '2s',
          health: { path: '/health' },
          actions: { 'flush-cdn-cache': { requests: [{ path: '/purge/layers', body: { layers: '{changed}' } }] } },
        },
      ],
    })
  }
}

export interface Change {
  readonly title: string
  readonly commit: string
  /** Number of the newest migration. */
  readonly migration: number
}

interface Mark {
  readonly purges: number
  readonly migrations: number
  readonly deployments: ReadonlySet<string>
  /** Writes at each server. */
  readonly written: ReadonlyMap<string, number>
}

function migrationName(number: number): string {
  return `${String(number).padStart(3, '0')}_round`
}

function migrationPath(number: number): string {
  return `environments/dev/migrations/${migrationName(number)}.sql`
}

/** Each tells that it was done; done twice, it would tell twice. */
function migrationText(number: number): string {
  const made = number === 1 ? 'CREATE TABLE done (number integer NOT NULL, at timestamptz DEFAULT now());\n' : ''
  return `${made}INSERT INTO done (number) VALUES (${number});\n`
}
