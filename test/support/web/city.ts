/** A small city for pages: two servers' folders, a proxy and a cache along a topology; proxy and cache go on when the test says so. */
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
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

/** What stands before the servers: routes that are kept, and a step; either waits, once it is told to, until the test has it answered. */
class Edge {
  readonly #server: Server
  readonly #routes = new Map<string, object>()
  #held: RegExp | null = null
  #waiting: (() => void) | null = null

  constructor() {
    this.#server = createServer((request, response) => {
      void answerTo(request, this.#routes).then(({ status, body }) => {
        const send = (given = status) => response.writeHead(given, { 'content-type': 'application/json' }).end(body)
        if (request.method === 'GET' || this.#held?.test(request.url ?? '') !== true) return send()
        this.#waiting = () => send(this.#status ?? status)
        return undefined
      })
    })
  }
  #status: number | null = null

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address: AddressInfo | string | null = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the edge has no port')
    return `http://127.0.0.1:${address.port}`
  }

  /** From now on what is asked of such a path waits. */
  hold(path: RegExp): void {
    this.#held = path
  }

  get isAsked(): boolean {
    return this.#waiting !== null
  }

  /** Answers what waits, and everything later at once; with a status that is not its own where one is given. */
  answer(status: number | null = null): void {
    this.#held = null
    this.#status = status
    this.#waiting?.()
    this.#waiting = null
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

async function answerTo(request: IncomingMessage, routes: Map<string, object>) {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  const name = /^\/routes\/([^/]+)$/.exec(request.url ?? '')?.[1]
  if (name !== undefined && request.method === 'PUT') routes.set(name, JSON.parse(text))
  if (name !== undefined && request.method === 'DELETE') routes.delete(name)
  return { status: 200, body: JSON.stringify({ routes: [...routes.values()] }) }
}

export class WebCity {
  readonly remote: GitRemote
  readonly edge: Edge
  readonly controller = new ControllerProcess(
    {},
    { 'operator-tokens': `tester ${printOf(TOKEN)}\nreader ${printOf(READ_TOKEN)} read\n` },
  )
  #url = ''

  private constructor(remote: GitRemote, edge: Edge) {
    this.remote = remote
    this.edge = edge
  }

  /** A controller that has deployed the first commit. */
  static async running(): Promise<WebCity> {
    const edge = new Edge()
    const [remote, edgeUrl] = await Promise.all([fileRemote(), edge.start()])
    const city = new WebCity(remote, edge)
    city.#configure(edgeUrl)
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

  /** A commit that gives the layer another title, and each of the proxy's routes too. */
  commit(title: string): Promise<string> {
    const routes = ['maps', 'styles', 'tiles'].map((name) => routeText(name, title))
    return this.remote.commit(
      {
        'environments/city/topology.yaml': TOPOLOGY,
        'environments/city/parcels.yaml': layerFile('parcels', { title }),
        'environments/city/routes.yaml': routes.join('---\n'),
      },
      title,
    )
  }

  /** Until the edge is asked for what it was told to hold. */
  async asked(): Promise<void> {
    await this.controller.until(async () => (this.edge.isAsked ? true : undefined), 'the edge to be asked')
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
    this.edge.stop()
    await this.remote.close()
  }

  #path(name: string): string {
    return join(this.controller.folder, name)
  }

  #configure(edgeUrl: string): void {
    const site = (name: string) => ({ name, driver: 'directory', path: this.#path(name), environments: ['city'] })
    const edge = (name: string, more: object) => ({
      ...{ name, driver: 'http', environments: ['city'], url: edgeUrl, timeout: '20s', health: { path: '/health' } },
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
        // One after the other, so that there is a second of three.
        edge('proxy', { kinds: [ROUTES], maxInFlight: 1 }),
        edge('cache', { actions: { 'flush-cdn-cache': { requests: [{ path: '/purge' }] } } }),
      ],
      web: { enabled: true, port: 0 },
    })
  }
}

const ROUTES = {
  kind: 'Route',
  list: { path: '/routes', items: '/routes', name: '/name' },
  create: { method: 'PUT', path: '/routes/{name}' },
  update: { method: 'PUT', path: '/routes/{name}' },
  delete: { path: '/routes/{name}' },
  name: '/name',
}

function routeText(name: string, title: string): string {
  return stringify({ apiVersion: 'honua.io/v1', kind: 'Route', metadata: { name }, spec: { title } })
}

function printOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
