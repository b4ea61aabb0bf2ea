import { createServer, type Server, Socket } from 'node:net'

/** What a way to the database does with connections. */
export type Mode =
  | { readonly kind: 'pass' }
  /** Connections are broken off at once. */
  | { readonly kind: 'cut' }
  /** They stand, and nothing ever comes back. */
  | { readonly kind: 'silent' }
  /** What comes back is not PostgreSQL. */
  | { readonly kind: 'garbage' }
  /** The next message with this text in it arrives, and the answer to it does not: the connection breaks instead. */
  | { readonly kind: 'lose-answer'; readonly to: string }
  /** Broken off before the message of this number, counted from now over all connections. */
  | { readonly kind: 'cut-at'; readonly message: number }

/** Of a kind that PostgreSQL does not have, and empty. */
const NO_MESSAGE = Buffer.from([1, 0, 0, 0, 4])

/** A way to a database that a test can make a bad one. */
export interface BadWay {
  readonly port: number
  set(mode: Mode): void
  /** Messages of clients since the mode was set. */
  messages(): number
  close(): Promise<void>
}

export async function startProxy(serverPort: number): Promise<BadWay> {
  let mode: Mode = { kind: 'pass' }
  let seen = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    track(sockets, client)
    if (mode.kind === 'cut') return client.destroy()
    if (mode.kind === 'silent') return client.resume()
    if (mode.kind === 'garbage') return client.once('data', () => client.write(NO_MESSAGE))
    const upstream = new Socket()
    track(sockets, upstream)
    upstream.connect(serverPort, '127.0.0.1')
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    let isLost = false
    client.on('data', (chunk: Buffer) => {
      seen += 1
      if (mode.kind === 'cut-at' && seen >= mode.message) return client.destroy()
      if (mode.kind === 'lose-answer' && chunk.includes(mode.to)) {
        isLost = true
        mode = { kind: 'pass' }
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (isLost) client.destroy()
      else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    set(next) {
      mode = next
      seen = 0
    },
    messages: () => seen,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.on('error', () => undefined)
  socket.on('close', () => sockets.delete(socket))
}
