import WebSocket, { type ClientOptions } from 'ws'

/** What an inspector is told, in order, and how its connection ended. */
export interface Inspector {
  readonly socket: WebSocket
  readonly told: readonly Told[]
  /** Waits for the message of this place. */
  at(index: number): Promise<Told>
  /** Waits for the end. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

export interface Told {
  readonly type: string
  readonly sessionId: string
  readonly [field: string]: unknown
}

/** Connects; rejects with the status and text of the answer when the controller refuses. */
export async function connectInspector(url: string, options: ClientOptions = {}): Promise<Inspector> {
  const socket = new WebSocket(url, options)
  const told: Told[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data) => {
    told.push(JSON.parse(String(data)))
    for (const look of [...waiting]) look()
  })
  const closed = new Promise<{ readonly code: number; readonly reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.on('error', reject)
    socket.once('unexpected-response', (_, answer) => {
      let text = ''
      answer.on('data', (part) => (text += String(part)))
      answer.once('end', () => reject(new Refusal(answer.statusCode ?? 0, text)))
    })
  })
  return {
    socket,
    told,
    at: (index) =>
      new Promise((resolve) => {
        const look = () => {
          const found = told[index]
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    closed,
  }
}

/** The answer to a connection that was not let in. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, text: string) {
    super(`${status} ${text}`)
    this.status = status
    this.code = JSON.parse(text).code
  }
}
