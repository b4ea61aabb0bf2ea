import type { ServerResponse } from 'node:http'
import type { DroppedView } from './contract.ts'
import { Newest } from './newest.ts'

/** What waits for one reader that does not keep up; the oldest of it is dropped, and the reader is told how many. */
const WAITING = { countMax: 256, charactersMax: 1024 * 1024 }

/** One server-sent event, written once for all readers. */
export interface Message {
  readonly stream: string
  readonly id: string
  readonly text: string
}

/** The connection of one reader. A reader that never reads costs a bounded amount of memory and delays nobody. */
export class EventReader {
  readonly #response: ServerResponse
  readonly #stream: string | null
  readonly #waiting = new Newest<Message>(WAITING)

  /** `stream`: only its events; null for all. */
  constructor(response: ServerResponse, stream: string | null) {
    this.#response = response
    this.#stream = stream
    response.on('drain', () => this.#catchUp())
  }

  send(message: Message): void {
    if (this.#stream !== null && message.stream !== this.#stream) return
    if (this.#response.writableNeedDrain) this.#waiting.push(message)
    else this.#response.write(message.text)
  }

  /** Keeps the connection alive, unless there is more than enough under way to the reader already. */
  beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(': alive\n\n')
  }

  end(): void {
    this.#response.end()
  }

  #catchUp(): void {
    const { items, dropped } = this.#waiting.take()
    if (dropped > 0) this.#response.write(messageText('dropped', { count: dropped } satisfies DroppedView))
    for (const item of items) this.send(item)
  }
}

/** `data` is one line: JSON has no line breaks outside of strings, and escapes those inside. */
export function messageText(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
