import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { errorReply } from '../refusals.ts'

/** Inspectors send a word, if anything. In bytes. */
const MESSAGE_BYTES_MAX = 4 * 1024
/** Pieces that a message may come in, and that may wait to be looked at. */
const PIECES_MAX = 16

/** Decides about one request to become a WebSocket. Throws why it may not. */
export type Admit = (request: IncomingMessage) => Promise<{
  /** Asked in the moment in which it becomes one; throws why it may not after all. */
  readonly check: () => void
  readonly use: (socket: WebSocket) => void
}>

/** Lets requests become WebSockets that `admit` admits; the others are answered as any refused request. */
export function takeUpgrades(server: Server, admit: Admit): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // A message that unpacks to much more than was sent could not be bounded by its length.
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    maxFragments: PIECES_MAX,
    maxBufferedChunks: PIECES_MAX,
  })
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    // Nobody else listens until it is a WebSocket.
    connection.on('error', () => connection.destroy())
    admit(request)
      .then(({ check, use }) => {
        check()
        sockets.handleUpgrade(request, connection, head, use)
      })
      .catch((error: unknown) => refuse(connection, error))
  })
}

function refuse(connection: Duplex, error: unknown): void {
  const { status, body } = errorReply(error, MESSAGE_BYTES_MAX)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'cache-control: no-store',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'x-content-type-options: nosniff',
  ]
  connection.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => connection.destroy())
}
