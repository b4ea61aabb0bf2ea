import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../../../ports/clock.ts'
import { scriptBeside, startThread } from '../../../threads/index.ts'
import type { Facts, Looker, Opened, Unseen } from './facts.ts'
import { here } from './here.ts'
import type { LookAnswer, LookRequest } from './messages.ts'

/** Up to this many files, asking a thread costs more than it spares. */
const FILES_HERE_MAX = 100
/** Asked for at a time, so that an aborted look ends soon and others get their turn. */
const PATHS_AT_ONCE = 500
/** A disk that has not answered by then is waited for elsewhere, in ms: the thread may hang for as long as the disk does. */
const LATE_MS = 2_000
/** A thread that nobody asks is ended, in ms; looks at a folder are usually a few minutes apart. */
const IDLE_MS = 600_000
const HEAP_MB_MAX = 128

export interface LookingThread extends Looker {
  /** How many answers the thread itself has given. */
  readonly answered: number
  /** Ends the thread; what is asked afterwards is answered without it. */
  close(): Promise<void>
}

/**
 * Looks at folders of many files in one thread, where a look at a file costs a tenth of what it costs here. While the thread starts, hangs
 * on a disk or is gone, looks go the usual way.
 */
export function lookingThread(clock: Clock): LookingThread {
  let thread: Thread | null = null
  let closed = false
  let answered = 0
  const ready = (): Thread | null => {
    if (closed) return null
    thread ??= new Thread(clock, () => {
      thread = null
    })
    return thread.isFree ? thread : null
  }
  /** Null where the thread does not answer in time. */
  const ask = async (request: LookRequest, signal: AbortSignal) => {
    const answer = (await ready()?.ask(request)) ?? null
    if (answer !== null) answered += 1
    signal.throwIfAborted()
    return answer
  }
  return {
    get answered() {
      return answered
    },
    async facts(paths, signal) {
      if (paths.length <= FILES_HERE_MAX) return here.facts(paths, signal)
      const found: (Facts | Unseen)[] = []
      while (found.length < paths.length) {
        const some = paths.slice(found.length, found.length + PATHS_AT_ONCE)
        const answer = await ask({ want: 'facts', paths: some, bytesMax: 0 }, signal)
        found.push(...(answer?.found ?? (await here.facts(some, signal))))
      }
      return found
    },
    async contents(paths, bytesMax, signal, take) {
      if (paths.length <= FILES_HERE_MAX) return here.contents(paths, bytesMax, signal, take)
      for (let from = 0; from < paths.length; ) {
        const some = paths.slice(from, from + PATHS_AT_ONCE)
        const answer = await ask({ want: 'contents', paths: some, bytesMax }, signal)
        if (answer === null) {
          const base = from
          await here.contents(some, bytesMax, signal, (at, found) => take(base + at, found))
        } else handOver(answer, from, take)
        from += answer?.found.length ?? some.length
      }
    },
    async close() {
      closed = true
      await thread?.stop()
    },
  }
}

type Found = Extract<LookAnswer, { ready: false }>

function handOver({ found, lengths, bytes }: Found, from: number, take: (at: number, found: Opened | Unseen) => void) {
  let begin = 0
  for (const [at, facts] of found.entries()) {
    const length = lengths[at] ?? null
    const content = length === null ? null : Buffer.from(bytes.buffer, begin, length)
    begin += length ?? 0
    take(from + at, 'failed' in facts ? facts : { facts, content })
  }
}

/** The thread, asked one thing at a time. One that is late is given up, and no other is started before it is really gone. */
class Thread {
  readonly #worker: Worker
  readonly #clock: Clock
  #isReady = false
  #isStopped = false
  #idle: AbortController | null = null
  #asked: ((answer: Found | null) => void) | null = null

  constructor(clock: Clock, onGone: () => void) {
    this.#clock = clock
    this.#worker = startThread(scriptBeside(import.meta.url, 'worker'), HEAP_MB_MAX)
    this.#worker.unref()
    this.#worker.on('message', (answer: LookAnswer) => {
      if (answer.ready) this.#isReady = true
      else this.#hear(answer)
    })
    // What ended it is found again, and told, by the look that follows here.
    this.#worker.on('error', () => this.#hear(null))
    this.#worker.on('exit', () => {
      this.#isStopped = true
      this.#idle?.abort()
      this.#hear(null)
      onGone()
    })
  }

  get isFree(): boolean {
    return this.#isReady && !this.#isStopped && this.#asked === null
  }

  ask(request: LookRequest): Promise<Found | null> {
    this.#idle?.abort()
    const answered = new AbortController()
    this.#clock.sleep(LATE_MS, answered.signal).then(
      () => {
        void this.stop()
        this.#hear(null)
      },
      () => undefined,
    )
    return new Promise((resolve) => {
      this.#asked = (answer) => {
        answered.abort()
        resolve(answer)
      }
      this.#worker.postMessage(request)
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#idle?.abort()
    await this.#worker.terminate()
  }

  #hear(answer: Found | null): void {
    const asked = this.#asked
    this.#asked = null
    asked?.(answer)
    if (answer !== null && !this.#isStopped) this.#endIdle()
  }

  #endIdle(): void {
    const idle = new AbortController()
    this.#idle = idle
    this.#clock.sleep(IDLE_MS, idle.signal).then(
      () => void this.stop(),
      () => undefined,
    )
  }
}
