import type { Instant } from '../core/vocabulary.ts'

/** One of the two places where text goes. */
export interface Screen {
  write(text: string): void
  /** Resolves when what was written has been taken, so that long output needs little memory. */
  drained(): Promise<void>
  readonly isTerminal: boolean
  /** Width in columns; what a pipe has no idea of. */
  readonly columns: number
}

/** The world as a command sees it; tests bring their own. */
export interface Io {
  readonly env: { readonly [name: string]: string | undefined }
  readonly cwd: string
  /** Numeric id of the user who runs the program; undefined where the system has none. */
  readonly uid: number | undefined
  readonly stdout: Screen
  readonly stderr: Screen
  now(): Instant
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Aborts on Ctrl-C. Before the first call, Ctrl-C ends the process as usual. */
  interrupted(): AbortSignal
}
