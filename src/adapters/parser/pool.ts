import { availableParallelism } from 'node:os'
import type { ParseLimits } from '../../core/documents/index.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Parser } from '../../ports/parser.ts'
import { scriptBeside } from '../threads/index.ts'
import { apart, type Batch, batchOf, readHere, refuse, take } from './batch.ts'
import { Thread, type ThreadEnd } from './thread.ts'

/** Up to this many files within a second, starting a thread costs more than it spares. */
const FILES_ALONE_MAX = 400
/** A group as small as this says nothing of a crowd: many environments that start look like that. */
const FEW_FILES_MAX = 8
const SECOND_MS = 1_000
/** A thread without work is ended after this, in ms. */
const IDLE_MS = 10_000
/** How long a thread may take for each MiB begun, in ms; the costliest file within the limits takes half a second. */
const PATIENCE_MS_PER_MIB = 10_000

export interface ParserPool extends Parser {
  /** Ends the threads; what is under way is never answered. */
  close(): Promise<void>
}

export interface ParserPoolOptions {
  readonly clock: Clock
  readonly log: Log
  /** Threads at most; as many as there are processors beside the first, at least one. */
  readonly threadsMax?: number
  readonly patienceMsPerMib?: number
  /** What a thread runs. */
  readonly script?: URL
}

/**
 * Reads files in a few threads, which start with the first large file or crowd of small ones and end when there is nothing to do. Small
 * files are read by whoever has time, the controller's own thread included. A file that ends its thread, by its time or its memory,
 * is tried once more by itself and then refused.
 */
export function openParserPool(options: ParserPoolOptions): ParserPool {
  return new Pool(options)
}

class Pool implements ParserPool {
  readonly #clock: Clock
  readonly #log: Log
  readonly #threadsMax: number
  readonly #patienceMsPerMib: number
  readonly #script: URL
  readonly #threads = new Set<Thread>()
  #waiting: Batch[] = []
  /** Set when a thread could not even start: from then on everything is read here, within the limits of every file. */
  #alone = false
  #second = { startedAt: 0, files: 0 }
  #turn = false
  #idle: AbortController | null = null
  #closed = false

  constructor(options: ParserPoolOptions) {
    this.#clock = options.clock
    this.#log = options.log
    this.#threadsMax = options.threadsMax ?? Math.max(1, availableParallelism() - 1)
    this.#patienceMsPerMib = options.patienceMsPerMib ?? PATIENCE_MS_PER_MIB
    this.#script = options.script ?? scriptBeside(import.meta.url, 'worker')
  }

  parse(contents: readonly Uint8Array[], limits: ParseLimits) {
    return new Promise<Awaited<ReturnType<Parser['parse']>>>((resolve) => {
      const batch = batchOf(contents, limits, resolve)
      this.#waiting.push(batch)
      if (this.#needsThread(batch)) this.#start()
      this.#share()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#idle?.abort()
    const threads = [...this.#threads]
    this.#threads.clear()
    await Promise.all(threads.map((thread) => thread.stop()))
  }

  #needsThread({ harmless, contents }: Batch): boolean {
    const now = this.#clock.now()
    if (Math.abs(now - this.#second.startedAt) > SECOND_MS) this.#second = { startedAt: now, files: 0 }
    if (contents.length > FEW_FILES_MAX) this.#second.files += contents.length
    return !harmless || this.#second.files > FILES_ALONE_MAX
  }

  /** Starts a thread, where one more is allowed. */
  #start(): void {
    if (this.#alone || this.#closed || this.#threads.size >= this.#threadsMax) return
    const thread: Thread = new Thread(
      this.#script,
      { clock: this.#clock, patienceMsPerMib: this.#patienceMsPerMib },
      {
        onFree: (done) => {
          if (done !== null) take(done.batch, done.files)
          this.#share()
        },
        onEnd: (end) => {
          this.#threads.delete(thread)
          this.#afterEnd(end)
        },
      },
    )
    this.#threads.add(thread)
  }

  #afterEnd({ reason, started, guilty, others }: ThreadEnd): void {
    this.#log.warn({ reason }, 'a thread that parses files is gone')
    if (!started) this.#alone = true
    const again = guilty === null || guilty.contents.length === 1 ? [] : apart(guilty)
    if (guilty?.contents.length === 1) refuse(guilty)
    this.#waiting.unshift(...again, ...others)
    if (this.#waiting.some(({ harmless }) => !harmless)) this.#start()
    this.#share()
  }

  /** Gives what waits to threads with room. What is left is for this thread's next turn. */
  #share(): void {
    for (const thread of this.#threads) {
      while (thread.hasRoom) {
        const batch = this.#waiting.shift()
        if (batch === undefined) break
        thread.give(batch)
      }
    }
    this.#endIdle()
    if (this.#turn || this.#waiting.length === 0) return
    this.#turn = true
    setImmediate(() => {
      this.#turn = false
      this.#readOneHere()
    })
  }

  #readOneHere(): void {
    const at = this.#waiting.findIndex(({ harmless }) => harmless || this.#alone)
    const batch = this.#waiting[at]
    if (batch === undefined) return
    this.#waiting.splice(at, 1)
    readHere(batch)
    this.#share()
  }

  #endIdle(): void {
    this.#idle?.abort()
    if (this.#closed || this.#threads.size === 0) return
    const idle = new AbortController()
    this.#idle = idle
    if ([...this.#threads].some((thread) => !thread.isIdle)) return
    this.#clock.sleep(IDLE_MS, idle.signal).then(
      () => {
        for (const thread of this.#threads) void thread.stop()
        this.#threads.clear()
      },
      () => undefined,
    )
  }
}
