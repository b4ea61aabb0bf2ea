import type { Io, Screen } from '../../src/cli/io.ts'

/** Screens that keep what was written, and a time that passes only while a command sleeps. */
export interface FakeIo extends Io {
  readonly out: () => string
  readonly err: () => string
  interrupt(): void
}

export function fakeIo(
  options: {
    readonly terminal?: boolean
    readonly env?: { readonly [name: string]: string }
    readonly cwd?: string
    readonly now?: number
    readonly columns?: number
  } = {},
): FakeIo {
  const [stdout, stderr] = [keeping(options), keeping(options)]
  const stop = new AbortController()
  let now = options.now ?? Date.UTC(2026, 0, 5, 8)
  return {
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    uid: process.getuid?.(),
    stdout: stdout.screen,
    stderr: stderr.screen,
    now: () => now,
    async sleep(ms, signal) {
      if (signal?.aborted !== true) now += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
    interrupted: () => stop.signal,
    out: stdout.text,
    err: stderr.text,
    interrupt: () => stop.abort(),
  }
}

function keeping(options: { readonly terminal?: boolean; readonly columns?: number }): {
  readonly screen: Screen
  readonly text: () => string
} {
  let text = ''
  const screen: Screen = {
    write(more) {
      text += more
    },
    drained: () => Promise.resolve(),
    isTerminal: options.terminal ?? false,
    columns: options.columns ?? 100,
  }
  return { screen, text: () => text }
}
