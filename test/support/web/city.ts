/** A small city for pages: two servers' folders and a cache, along a topology; the cache does its step when the test says so. */
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { layerFile } from '../builders/layers.ts'
import { ControllerProcess, TOKEN } from '../controller-process.ts'
import { fileRemote, type GitRemote } from '../git-remotes/index.ts'

/** What `reader` signs in with: its line says `read`. */
export const READ_TOKEN = 'a-token-that-only-reads'

const TOPOLOGY = stringify({
  apiVersion: 'honua.io/v1',
  kind: 'Topology',
  metadata: { name: 'city' },
  spec: {
    applicationServers: {
      host: 'gis.city.example',
      instances: [
        { name: 'one', target: 'site-1' },
        { name: 'two', target: 'site-2' },
      ],
    },
    reverseProxy: { target: 'proxy', upstream: 'https://${applicationServers.host}' },
    cdn: { target: 'cache', origin: 'https://${applicationServers.host}', through: '${reverseProxy.target}' },
    deploymentCoordination: {
      phases: {
        'pre-flight': ['validate-topology', 'check-dependencies'],
        application: ['update-metadata'],
        edge: [{ step: 'flush-cdn-cache', component: 'cdn', tries: 1 }],
      },
    },
  },
})

/** A cache whose step waits, once it is told to, until the test has it answered. */
class Cache {
  readonly #server: Server
  #isHeld = false
  #waiting: ServerResponse | null = null

  constructor() {
    this.#server = createServer((request, response) => {
      request.resume()
      if (request.method === 'POST' && this.#isHeld) this.#waiting = response
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address: AddressInfo | string | null = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the cache has no port')
    return `http://127.0.0.1:${address.port}`
  }

  /** From now on the step waits. */
  hold(): void {
    this.#isHeld = true
  }

  get isAsked(): boolean {
    return this.#waiting !== null
  }

  /** Answers the step that waits, and every later one at once. */
  answer(status: number): void {
    this.#isHeld = false
    this.#waiting?.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    this.#waiting = null
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

export class WebCity {
  readonly remote: GitRemote
  readonly cache: Cache
  readonly controller = new ControllerProcess(
    {},
    { 'operator-tokens': `tester ${printOf(TOKEN)}\nreader ${printOf(READ_TOKEN)} read\n` },
  )
  #url = ''

  private constructor(remote: GitRemote, cache: Cache) {
    this.remote = remote
    this.cache = cache
  }

  /** A controller that has deployed the first commit. */
  static async running(): Promise<WebCity> {
    const cache = new Cache()
    const [remote, cacheUrl] = await Promise.all([fileRemote(), cache.start()])
    const city = new WebCity(remote, cache)
    city.#configure(cacheUrl)
    const first = await city.commit('Parcels')
    await city.controller.start()
    city.#url = await city.controller.until(
      async () => /"url":"(http:[^"]+)","msg":"the dashboard is open"/.exec(city.controller.output)?.[1],
      'the address of the dashboard',
    )
    await city.controller.synced('city', first)
    return city
  }

  get url(): string {
    return this.#url
  }

  /** A commit that gives the layer another title. */
  commit(title: string): Promise<string> {
    return this.remote.commit(
      {
        'environments/city/topology.yaml': TOPOLOGY,
        'environments/city/parcels.yaml': layerFile('parcels', { title }),
      },
      title,
    )
  }

  /** Until the cache is asked to do its step. */
  async flushing(): Promise<void> {
    await this.controller.until(async () => (this.cache.isAsked ? true : undefined), 'the cache to be asked')
  }

  /** Puts a file where the folder of a server should be. */
  breakSite(name: string): void {
    renameSync(this.#path(name), this.#path(`${name}.away`))
    writeFileSync(this.#path(name), 'a file where a folder should be')
  }

  mendSite(name: string): void {
    renameSync(this.#path(name), this.#path(`${name}.file`))
    renameSync(this.#path(`${name}.away`), this.#path(name))
  }

  async close(): Promise<void> {
    await this.controller.remove()
    this.cache.stop()
    await this.remote.close()
  }

  #path(name: string): string {
    return join(this.controller.folder, name)
  }

  #configure(cacheUrl: string): void {
    const site = (name: string) => ({ name, driver: 'directory', path: this.#path(name), environments: ['city'] })
    const edge = (name: string, more: object) => ({
      ...{ name, driver: 'http', environments: ['city'], url: cacheUrl, timeout: '20s', health: { path: '/health' } },
      ...more,
    })
    this.controller.configure({
      git: { url: this.remote.url, poll: { interval: '200ms' } },
      dataDir: this.#path('data'),
      socket: this.controller.socket,
      secretsDir: this.#path('secrets'),
      reconciliation: { interval: '1h', retry: { initialDelay: '100ms' } },
      sync: { city: { autoSync: true, prune: true, verifyTimeout: '2s' } },
      targets: [
        site('site-1'),
        site('site-2'),
        edge('proxy', { actions: { 'update-load-balancer': { requests: [{ path: '/reload' }] } } }),
        edge('cache', { actions: { 'flush-cdn-cache': { requests: [{ path: '/purge' }] } } }),
      ],
      web: { enabled: true, port: 0 },
    })
  }
}

function printOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
