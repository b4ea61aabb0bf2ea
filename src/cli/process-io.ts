import type { Io, Screen } from './io.ts'

/** What a pipe is taken to be wide, in columns. */
const PIPE_COLUMNS = 120

/** The real world: the only file of the program that touches the process, its clock and its timers. */
export function processIo(): Io {
  let interruption: AbortController | undefined
  return {
    env: process.env,
    cwd: process.cwd(),
    uid: process.getuid?.(),
    stdout: screen(process.stdout),
    stderr: screen(process.stderr),
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        signal?.addEventListener('abort', wake, { once: true })
      }),
    interrupted() {
      if (interruption !== undefined) return interruption.signal
      const own = new AbortController()
      interruption = own
      process.once('SIGINT', () => own.abort())
      process.once('SIGTERM', () => own.abort())
      return own.signal
    },
  }
}

function screen(stream: NodeJS.WriteStream): Screen {
  // The reader of a pipe may stop early (`honua events | head`): that is no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 3)
  })
  return {
    write: (text) => void stream.write(text),
    drained: () =>
      stream.writableNeedDrain ? new Promise((resolve) => stream.once('drain', () => resolve())) : Promise.resolve(),
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : PIPE_COLUMNS
    },
  }
}
