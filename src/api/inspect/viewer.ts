import type { RawData, WebSocket } from 'ws'
import type { HonuaError } from '../../core/errors/honua-error.ts'
import { inspectErrors } from '../../core/errors/inspect.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Protocol } from './protocol.ts'

/** What may wait for a viewer that does not keep up; then it is hung up on. In bytes. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024
/** While so much waits, no further actor is shown for the first time, in bytes: two hundred charts are 5 MB. */
const PACE_BYTES = 1024 * 1024
/** How long the other side may take to say goodbye, in ms. */
const GOODBYE_MS = 2_000
/** Codes of RFC 6455: one side goes away, a rule is broken, try again later. */
const CLOSE = { goingAway: 1001, broken: 1008, later: 1013 } as const

interface ViewerParts {
  readonly socket: WebSocket
  readonly protocol: Protocol
  readonly clock: Clock
  /** The actors there are now. */
  readonly ids: () => readonly string[]
  /** Messages that show an actor as it is now. */
  readonly show: (id: string) => readonly string[]
  /** Told when the viewer is hung up on for what it did. */
  readonly onFault: (fault: HonuaError) => void
}

/**
 * One inspector that looks. Each actor is shown to it once, as it is at that moment, and from then on each of the actor's steps is told
 * to it: so it misses nothing, however slowly the showing goes, and nothing is queued for it but what its socket holds.
 */
export class Viewer {
  readonly protocol: Protocol
  /** Resolves when the connection is closed. */
  readonly gone: Promise<void>
  readonly #parts: ViewerParts
  readonly #known = new Set<string>()
  #isOpen: boolean
  #isPaused = false
  #answered = true

  constructor(parts: ViewerParts) {
    const { socket, protocol } = parts
    this.#parts = parts
    this.protocol = protocol
    this.#isOpen = protocol.opening === null
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('message', (data, isBinary) => this.#take(data, isBinary))
    socket.on('pong', () => {
      this.#answered = true
    })
  }

  /** Shows every actor that was not shown yet, unless the other side has to ask for it first. */
  showAll(): void {
    const { socket, ids, show } = this.#parts
    this.#isPaused = false
    for (const id of ids()) {
      if (!this.#isOpen) return
      if (this.#known.has(id)) continue
      if (socket.bufferedAmount > PACE_BYTES) {
        this.#isPaused = true
        return
      }
      this.#known.add(id)
      for (const text of show(id)) this.#send(text)
    }
  }

  /** Tells a step of an actor; one that was never shown is shown as it is after the step instead. */
  tell(id: string, texts: readonly string[]): void {
    if (!this.#isOpen) return
    if (!this.#known.has(id)) this.showAll()
    else for (const text of texts) this.#send(text)
  }

  /** Asks whether the other side is still there; hangs up when it did not answer the last time. */
  beat(): void {
    const { socket } = this.#parts
    if (!this.#answered) socket.terminate()
    else socket.ping()
    this.#answered = false
  }

  /** Tells that all is over and says goodbye. */
  end(): void {
    if (this.#isOpen) for (const id of this.#known) for (const text of this.protocol.stopped(id)) this.#send(text)
    this.#close(CLOSE.goingAway, inspectErrors.stopping())
  }

  /** Says why and closes. */
  hangUp(fault: HonuaError): void {
    if (this.#parts.socket.readyState !== this.#parts.socket.OPEN) return
    this.#close(fault.retry === 'later' ? CLOSE.later : CLOSE.broken, fault)
    this.#parts.onFault(fault)
  }

  /** What was sent before is still delivered, if the other side reads. */
  #close(code: number, { code: word, message }: HonuaError): void {
    const { socket, clock } = this.#parts
    this.#isOpen = false
    socket.close(code, `${word}: ${message}`)
    const closed = new AbortController()
    socket.once('close', () => closed.abort())
    clock.sleep(GOODBYE_MS, closed.signal).then(
      () => socket.terminate(),
      () => undefined,
    )
  }

  #take(data: RawData, isBinary: boolean): void {
    const { socket } = this.#parts
    if (socket.readyState !== socket.OPEN) return
    const type = isBinary ? null : typeOf(String(data))
    const { opening } = this.protocol
    if (type === null || (type !== opening && !this.protocol.isEvent(type))) this.hangUp(inspectErrors.messageUnknown())
    else if (type !== opening) this.hangUp(inspectErrors.looksOnly())
    else if (!this.#isOpen) {
      this.#isOpen = true
      this.showAll()
    }
  }

  #send(text: string): void {
    const { socket } = this.#parts
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > WAITING_BYTES_MAX) this.hangUp(inspectErrors.tooSlow())
    else socket.send(text, () => this.#isPaused && this.showAll())
  }
}

/** The `type` of a message; null where it is not JSON, or has none. */
function typeOf(text: string): string | null {
  try {
    const message: unknown = JSON.parse(text)
    const isObject = typeof message === 'object' && message !== null && 'type' in message
    return isObject && typeof message.type === 'string' ? message.type : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
