import { join } from 'node:path'
import { type GitSourceOptions, openGitSource } from '../../../src/adapters/git/index.ts'
import type { GitSource } from '../../../src/ports/git.ts'
import type { Log } from '../../../src/ports/log.ts'
import { temporaryFolder } from './bare.ts'
import { type HandClock, handClock } from './clock.ts'
import type { GitRemote } from './remote.ts'

const TIMEOUT_MS = 30_000

/** One line a sources' log call wrote. */
export interface LogLine {
  readonly fields: object
  readonly message: string
}

/** Makes sources whose caches live in one temporary folder, and ends them all. */
export interface SourceMaker {
  readonly folder: string
  readonly clock: HandClock
  readonly log: readonly LogLine[]
  /** A source that is not open yet. */
  make(remote: Pick<GitRemote, 'url' | 'credentials'>, options?: Partial<GitSourceOptions>): GitSource
  cacheDir(name: string): string
  close(): Promise<void>
}

export async function sourceMaker(): Promise<SourceMaker> {
  const folder = await temporaryFolder()
  const clock = handClock()
  const lines: LogLine[] = []
  const sources: GitSource[] = []
  const cacheDir = (name: string) => join(folder.path, name)
  return {
    folder: folder.path,
    clock,
    log: lines,
    cacheDir,
    make(remote, options = {}) {
      const source = openGitSource({
        url: remote.url,
        branch: 'main',
        credentials: remote.credentials,
        cacheDir: cacheDir(`cache-${sources.length}`),
        timeoutMs: TIMEOUT_MS,
        clock,
        log: recordingLog(lines),
        ...options,
      })
      sources.push(source)
      return source
    },
    async close() {
      await Promise.all(sources.map((source) => source.close()))
      await folder.remove()
    },
  }
}

/** A log that keeps its lines. */
export function recordingLog(lines: LogLine[]): Log {
  const write = (fields: object, message: string) => {
    lines.push({ fields, message })
  }
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log }
  return log
}
