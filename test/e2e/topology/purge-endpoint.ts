/** An HTTP endpoint that drops what a cache holds: the kind of thing that has no state to declare, only steps to do. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One purge that was asked for. */
export interface Purge {
  readonly path: string
  /** The caller's idempotency key. */
  readonly key: string
  readonly body: string
}

/** Answers `GET /health` and takes `POST /purge/…`; a key that was seen already does nothing again. Survives its own restart. */
export class PurgeEndpoint {
  /** Each key's first request. */
  readonly purges: Purge[] = []
  #server: Server | null = null
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens, at the port it had before. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(Buffer.from(chunk))
        const path = request.url ?? '/'
        if (request.method === 'GET') return response.writeHead(path === '/health' ? 200 : 404).end('{}')
        const key = String(request.headers['idempotency-key'] ?? '')
        if (!this.purges.some((one) => one.key === key))
          this.purges.push({ path, key, body: Buffer.concat(chunks).toString('utf8') })
        return response.writeHead(200, { 'content-type': 'application/json' }).end('{"purged":true}')
      })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    const address: AddressInfo | string | null = server.address()
    if (address === null || typeof address === 'string') throw new Error('the endpoint has no port')
    this.#port = address.port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server === null) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}
