import { type ChildProcess, spawn } from 'node:child_process'
import { Writable } from 'node:stream'
import type { Clock } from '../../ports/clock.ts'
import { codeOf } from './errno.ts'
import { endMarked } from './marked.ts'

/** Where programs are looked for; the controller's own PATH is not handed on. */
export const PROGRAM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'] as const

/** Enough for any reason a program gives; one that talks on is cut off here. */
const STDERR_BYTES_MAX = 64 * 1024

export interface GroupCall {
  /** Absolute path of the program. */
  readonly file: string
  readonly args: readonly string[]
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Text the process and its children may read from descriptor 3, once. */
  readonly secret: string | null
  /** What the process reads from standard input; absent: nothing is there to be read. */
  readonly input?: string
  /** A variable with a value of this call alone: what leaves the group is found by it and ended too. */
  readonly mark?: { readonly name: string; readonly value: string }
  readonly stdoutBytesMax: number
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface GroupResult {
  readonly ended: 'exit' | 'timeout' | 'overflow' | 'no-start'
  readonly code: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program in a process group of its own and returns when the whole group is gone. Time-out, abort and too much output kill
 * the group: Git leaves its transport helpers running when only Git itself is killed. Rejects with the signal's reason on abort.
 */
export async function runGroup(call: GroupCall): Promise<GroupResult> {
  call.signal.throwIfAborted()
  const finished = new AbortController()
  let ended: GroupResult['ended'] = 'exit'
  const child = start(call)
  // First of all: for want of handles Node makes no streams, and tells by an event that ends the process where nobody listens.
  const ending = waitForEnd(child, call.mark)
  const stop = (why: GroupResult['ended']) => {
    if (ended === 'exit') ended = why
    cutOff(child)
  }
  const onAbort = () => cutOff(child)
  call.signal.addEventListener('abort', onAbort, { once: true })
  const deadline = call.clock.sleep(call.timeoutMs, finished.signal).then(
    () => stop('timeout'),
    () => undefined,
  )
  try {
    const stdout = collect(child.stdout, call.stdoutBytesMax, () => stop('overflow'))
    const stderr = collect(child.stderr, STDERR_BYTES_MAX, () => undefined)
    handOver(child, 0, call.input ?? null)
    handOver(child, 3, call.secret === null ? null : `${call.secret}\n`)
    const exit = await ending
    call.signal.throwIfAborted()
    if (exit.error !== null) return { ended: 'no-start', code: null, killedBy: null, stdout: '', stderr: exit.error }
    return { ended, code: exit.code, killedBy: exit.killedBy, stdout: stdout(), stderr: stderr() }
  } finally {
    call.signal.removeEventListener('abort', onAbort)
    finished.abort()
    await deadline
  }
}

function start(call: GroupCall): ChildProcess {
  return spawn(call.file, call.args, {
    cwd: call.cwd,
    env: call.mark === undefined ? call.env : { ...call.env, [call.mark.name]: call.mark.value },
    detached: true,
    stdio: [call.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', call.secret === null ? 'ignore' : 'pipe'],
  })
}

/** Sends SIGKILL to the child and everything it started. A group that is gone already is fine. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

/** Kills, and reads no more: what got away may hold the other ends of our pipes open for ever. */
function cutOff(child: ChildProcess): void {
  killGroup(child)
  child.stdout?.destroy()
  child.stderr?.destroy()
}

interface End {
  readonly code: number | null
  readonly killedBy: NodeJS.Signals | null
  /** Why it never started (an errno name), else null. */
  readonly error: string | null
}

function waitForEnd(child: ChildProcess, mark: GroupCall['mark']): Promise<End> {
  return new Promise((resolve, reject) => {
    let swept: Promise<void> = Promise.resolve()
    // Node's error holds the argument list: only its code leaves here.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, killedBy: null, error: codeOf(error) ?? 'cannot start' })
    })
    // What outlives its leader has nothing left to do, and would hold our pipes open.
    child.on('exit', () => {
      killGroup(child)
      if (mark !== undefined) swept = endMarked(mark)
      swept.catch(reject)
    })
    child.on('close', (code, killedBy) => {
      swept.then(() => resolve({ code, killedBy, error: null }), reject)
    })
  })
}

/** Keeps at most `bytesMax`; what comes after is read and dropped, so that the child never blocks on us. */
function collect(stream: ChildProcess['stdout'], bytesMax: number, onOverflow: () => void): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream?.on('data', (chunk: Buffer) => {
    if (bytes < bytesMax) chunks.push(chunk.subarray(0, bytesMax - bytes))
    bytes += chunk.length
    if (bytes > bytesMax) onOverflow()
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function handOver(child: ChildProcess, descriptor: 0 | 3, text: string | null): void {
  const pipe = child.pid === undefined ? null : child.stdio[descriptor]
  if (text === null || !(pipe instanceof Writable)) return
  // A program that asks for nothing leaves it unread: the broken pipe is no failure.
  pipe.on('error', () => undefined)
  pipe.end(text)
}
