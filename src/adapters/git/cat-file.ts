import { type ChildProcess, spawn } from 'node:child_process'
import { gitErrors } from '../../core/errors/git.ts'
import { codeOf } from '../process/errno.ts'
import { killGroup } from '../process/run-group.ts'
import { type Answer, AnswerReader } from './answers.ts'
import { cacheEnvironment, configArgs, type GitSetting, gitConfig } from './environment.ts'
import { startFailure } from './failures.ts'
import type { GitProgram } from './program.ts'
import { telling } from './text.ts'

/** A request dies with the process it was sent to; an object that kills it every time is damage. */
const ATTEMPTS_MAX = 3
const STDERR_CHARS_MAX = 4096

type Command = 'info' | 'contents'

interface Pending {
  readonly command: Command
  readonly resolve: (answer: Answer | null) => void
  readonly reject: (error: Error) => void
}

class ProcessDied extends Error {
  readonly detail: string
  /** Why it never started (an errno name), else null. */
  readonly notStarted: string | null

  constructor(detail: string, notStarted: string | null) {
    super('cat-file ended')
    this.detail = detail
    this.notStarted = notStarted
  }
}

/**
 * Asks a running `git cat-file --batch-command` for objects: 0.03 ms each where a process costs 5 ms. Requests are pipelined; those
 * of one turn of the event loop go out together. The process starts with the first request and again when it dies.
 */
export class CatFile {
  readonly #start: () => Running
  #running: Running | null = null
  #closed = false

  constructor(program: GitProgram, setting: GitSetting) {
    this.#start = () => new Running(program, setting)
  }

  /** Type and size, or null when there is no such object. Throws HONUA_GIT_CACHE_DAMAGED, HONUA_GIT_NO_START. */
  info(oid: string): Promise<Answer | null> {
    return this.#ask('info', oid)
  }

  /** Type, size and bytes. Throws HONUA_GIT_CACHE_DAMAGED, HONUA_GIT_NO_START. */
  contents(oid: string): Promise<Answer | null> {
    return this.#ask('contents', oid)
  }

  /** Ends the process; the next request starts another. */
  stop(): void {
    this.#running?.stop()
    this.#running = null
  }

  close(): void {
    this.#closed = true
    this.stop()
  }

  async #ask(command: Command, oid: string): Promise<Answer | null> {
    let detail = ''
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      if (this.#closed) throw gitErrors.closed()
      if (this.#running === null || this.#running.dead) this.#running = this.#start()
      try {
        return await this.#running.ask(command, oid)
      } catch (error) {
        if (!(error instanceof ProcessDied)) throw error
        // Nothing was read: that says nothing about the cache.
        if (error.notStarted !== null && !this.#closed) throw startFailure(error.notStarted)
        detail = error.detail
      }
    }
    throw this.#closed ? gitErrors.closed() : gitErrors.cacheDamaged({ detail })
  }
}

/** One cat-file process, from start to death. */
class Running {
  readonly #child: ChildProcess
  readonly #pending: Pending[] = []
  #next = 0
  #outgoing: string[] = []
  #said = ''
  dead = false

  constructor(program: GitProgram, setting: GitSetting) {
    const args = [...configArgs(gitConfig(setting)), 'cat-file', '--batch-command', '--buffer']
    const child: ChildProcess = spawn(program.path, args, {
      cwd: setting.layout.home,
      env: cacheEnvironment(setting),
      // A Ctrl-C meant for the controller must not end it first.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    // Before anything else: for want of handles Node makes no streams, and an event that nobody listens to ends the process.
    child.on('error', (error) => this.#die('git cannot be started', codeOf(error) ?? 'unknown'))
    const reader = new AnswerReader(
      () => this.#pending[this.#next]?.command === 'contents',
      (answer) => this.#answer(answer),
    )
    child.stdout?.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch (error) {
        this.#die(error instanceof Error ? error.message : '')
      }
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-STDERR_CHARS_MAX)
    })
    // The broken pipe of a dead process shows as `close` too.
    child.stdin?.on('error', () => undefined)
    child.on('close', () => this.#die(telling(this.#said, [])))
  }

  ask(command: Command, oid: string): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ command, resolve, reject })
      this.#outgoing.push(`${command} ${oid}\n`)
      if (this.#outgoing.length === 1) queueMicrotask(() => this.#send())
    })
  }

  stop(): void {
    this.#die('stopped')
  }

  #send(): void {
    const text = this.#outgoing.join('')
    this.#outgoing = []
    if (!this.dead) this.#child.stdin?.write(`${text}flush\n`)
  }

  #answer(answer: Answer | null): void {
    const request = this.#pending[this.#next]
    if (request === undefined) throw new TypeError('cat-file answered unasked')
    this.#next += 1
    if (this.#next === this.#pending.length) {
      this.#pending.length = 0
      this.#next = 0
    }
    request.resolve(answer)
  }

  #die(detail: string, notStarted: string | null = null): void {
    if (this.dead) return
    this.dead = true
    this.#child.stdout?.removeAllListeners('data')
    killGroup(this.#child)
    const open = this.#pending.splice(this.#next)
    for (const request of open) request.reject(new ProcessDied(detail, notStarted))
  }
}
