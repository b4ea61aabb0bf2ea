import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'
import { startThread } from '../threads/index.ts'
import { type Batch, patienceMs } from './batch.ts'
import { type ParseAnswer, requestOf } from './messages.ts'

/** What a thread may keep alive, in MB: twice what the costliest file within the usual limits takes. */
const HEAP_MB_MAX = 512
/** Batches handed over at a time: the next one is there when one is done. */
const OPEN_MAX = 2

/** A thread is gone, for good. */
export interface ThreadEnd {
  readonly reason: string
  /** Whether it ever was ready for work. */
  readonly started: boolean
  /** What it worked on, if anything. */
  readonly guilty: Batch | null
  /** What it had not begun yet. */
  readonly others: readonly Batch[]
}

/** What becomes of a thread's work. */
export interface ThreadEvents {
  /** A batch was read, or the thread can take its first one. */
  onFree(done: { readonly batch: Batch; readonly files: string } | null): void
  onEnd(end: ThreadEnd): void
}

/** One thread that reads batches in order, and is ended when it takes too long. */
export class Thread {
  readonly #worker: Worker
  readonly #clock: Clock
  readonly #events: ThreadEvents
  readonly #patienceMsPerMib: number
  #open: readonly Batch[] = []
  #watch: AbortController | null = null
  #ready = false
  #ended = false

  constructor(
    script: URL,
    options: { readonly clock: Clock; readonly patienceMsPerMib: number },
    events: ThreadEvents,
  ) {
    this.#clock = options.clock
    this.#patienceMsPerMib = options.patienceMsPerMib
    this.#events = events
    this.#worker = startThread(script, HEAP_MB_MAX)
    this.#worker.on('message', (answer: ParseAnswer) => this.#hear(answer))
    this.#worker.on('error', (error) => this.#end(error.message))
    this.#worker.on('exit', (code) => this.#end(`it ended with code ${code}`))
  }

  get hasRoom(): boolean {
    return this.#ready && this.#open.length < OPEN_MAX
  }

  get isIdle(): boolean {
    return this.#open.length === 0
  }

  give(batch: Batch): void {
    const request = requestOf(batch.contents, batch.limits)
    this.#worker.postMessage(request, [request.bytes.buffer])
    this.#open = [...this.#open, batch]
    if (this.#open.length === 1) this.#watchOver(batch)
  }

  async stop(): Promise<void> {
    this.#ended = true
    this.#watch?.abort()
    await this.#worker.terminate()
  }

  #hear(answer: ParseAnswer): void {
    if (this.#ended) return
    if (answer.ready) {
      this.#ready = true
      this.#events.onFree(null)
      return
    }
    const [batch, ...others] = this.#open
    if (batch === undefined) throw new TypeError('a parser thread answered unasked')
    this.#open = others
    this.#watch?.abort()
    const [next] = others
    if (next !== undefined) this.#watchOver(next)
    this.#events.onFree({ batch, files: answer.files })
  }

  #watchOver(batch: Batch): void {
    const watch = new AbortController()
    this.#watch = watch
    this.#clock.sleep(patienceMs(batch, this.#patienceMsPerMib), watch.signal).then(
      () => this.#end('it took too long'),
      () => undefined,
    )
  }

  #end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#watch?.abort()
    void this.#worker.terminate()
    const [guilty = null, ...others] = this.#open
    this.#open = []
    this.#events.onEnd({ reason, started: this.#ready, guilty, others })
  }
}
