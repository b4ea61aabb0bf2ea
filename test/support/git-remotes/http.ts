import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { commitFiles, deleteBranch, makeBareRepository, setBranch, temporaryFolder } from './bare.ts'
import { runBackend } from './http-backend.ts'
import type { GitRemote } from './remote.ts'
import { isSpoiling, NOISE, type Spoiling, spoilPack } from './spoilt-pack.ts'

export type HttpBehaviour =
  | Spoiling
  | 'serve'
  /** As `serve`, but in Git's first protocol: commits by id only where a branch points at them. */
  | 'serve-old'
  /** Takes the request and never answers. */
  | 'hang'
  /** Sends the first bytes of an answer, then nothing. */
  | 'hang-midway'
  /** Answers everything with noise. */
  | 'garbage'
  /** Sends the caller to another host. */
  | 'redirect'

export interface HttpRemote extends GitRemote {
  readonly token: string
  /** Requests seen so far, as `METHOD path`. */
  readonly requests: readonly string[]
  behave(how: HttpBehaviour): void
  /** Resolves when the next request arrives. */
  nextRequest(): Promise<void>
}

const TOKEN = 'tok_Canary-7Qm2/x+9='

/** A bare repository behind `git http-backend`, readable with a token as password of any user. */
export async function httpRemote(): Promise<HttpRemote> {
  const folder = await temporaryFolder()
  const repository = join(folder.path, 'city.git')
  await makeBareRepository(repository)
  const requests: string[] = []
  const waiting: (() => void)[] = []
  let behaviour: HttpBehaviour = 'serve'

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    for (const tell of waiting.splice(0)) tell()
    if (behaviour === 'hang') return
    if (behaviour === 'hang-midway') {
      // Each kind of question gets the beginning of its own kind of answer: the other kind would be nonsense, which Git refuses at once.
      const isFirst = request.method === 'GET'
      response.writeHead(200, {
        'content-type': `application/x-git-upload-pack-${isFirst ? 'advertisement' : 'result'}`,
      })
      response.write(isFirst ? '001e# service=git-upload-pack\n' : '00')
      return
    }
    if (behaviour === 'redirect') {
      response.writeHead(301, { location: 'http://elsewhere.example/city.git/info/refs' }).end()
      return
    }
    if (!authorised(request)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      return
    }
    if (behaviour === 'garbage') {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
      response.end(NOISE)
      return
    }
    if (isSpoiling(behaviour) && request.headers['content-type'] === 'application/x-git-upload-pack-request')
      spoilPack(behaviour, response)
    if (behaviour === 'serve-old') delete request.headers['git-protocol']
    runBackend(folder.path, request, response)
  }

  let server = await listen(answer, 0)
  const port = portOf(server)
  return {
    name: 'http',
    url: `http://127.0.0.1:${port}/city.git`,
    repository,
    credentials: { type: 'token', read: async () => TOKEN },
    wrong: { credentials: { type: 'token', read: async () => 'tok_Wrong-Canary-5z' }, secret: 'tok_Wrong-Canary-5z' },
    token: TOKEN,
    requests,
    behave(how) {
      behaviour = how
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    commit: (files, message, options) => commitFiles(repository, files, message, options),
    deleteBranch: (branch) => deleteBranch(repository, branch),
    setBranch: (branch, commit) => setBranch(repository, branch, commit),
    stop: () => stop(server),
    async start() {
      server = await listen(answer, port)
    },
    async close() {
      if (server.listening) await stop(server)
      await folder.remove()
    },
  }
}

function authorised(request: IncomingMessage): boolean {
  const given = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const [, password] = /^[^:]+:(.*)$/.exec(Buffer.from(given, 'base64').toString('utf8')) ?? []
  return password === TOKEN
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
): Promise<Server> {
  const server = createServer(answer)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function stop(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}
