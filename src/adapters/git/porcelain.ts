import { type FileHandle, open } from 'node:fs/promises'
import { simpleGit } from 'simple-git'
import { gitErrors } from '../../core/errors/git.ts'
import { codeOf } from '../process/errno.ts'
import { cacheEnvironment, type GitSetting, gitConfig } from './environment.ts'
import { startFailure, WANTS } from './failures.ts'
import type { GitProgram } from './program.ts'
import { telling } from './text.ts'

/**
 * The only use of simple-git: Git commands on the local cache. Arguments are fixed words, checked ids and our own paths (taken
 * literally, behind `--`), never text from outside: simple-git's block list is no boundary. The names it guards are allowed one by one, because our
 * hardening sets them.
 */
export interface Porcelain {
  /** Makes an empty bare repository in the cache. */
  init(objectFormat: 'sha1' | 'sha256'): Promise<void>
  /** The best common ancestor, or null when there is none. */
  mergeBase(one: string, other: string): Promise<string | null>
  /** Those commits that none of the others reaches. */
  independent(commits: readonly string[]): Promise<readonly string[]>
  /** Commits that `to` reaches and `from` does not, of those that touch one of the paths; counting ends at `most`. */
  countCommits(
    from: string,
    to: string,
    of: { readonly paths: readonly string[]; readonly most: number },
  ): Promise<number>
  /** Writes a ref. */
  setRef(ref: string, commit: string): Promise<void>
  /** Puts everything reachable into one pack and drops the rest. */
  repack(): Promise<void>
}

const GUARDED = {
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeSshCommand: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafePager: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeCustomBinary: true,
} as const

/** What starting a process takes: three pipes of two ends each, and some for others meanwhile. */
const HANDLES_NEEDED = 16

/**
 * simple-git does not live through a spawn without handles left: it reaches for streams that Node did not make, and the event goes
 * to nobody, which ends the controller. So it is tried first whether they can be had. Throws HONUA_GIT_NO_START.
 */
async function assertRoom(): Promise<void> {
  const held: FileHandle[] = []
  try {
    while (held.length < HANDLES_NEEDED) held.push(await open('/dev/null'))
  } catch (error) {
    const code = codeOf(error)
    throw code !== undefined && WANTS.has(code) ? startFailure(code) : error
  } finally {
    await Promise.all(held.map((handle) => handle.close()))
  }
}

export function openPorcelain(program: GitProgram, setting: GitSetting, closing: AbortSignal): Porcelain {
  const env = cacheEnvironment(setting)
  const run = async (...words: readonly string[]): Promise<string> => {
    await assertRoom()
    // A new instance each time: one whose signal fired cannot be used again.
    const git = simpleGit({
      baseDir: setting.layout.home,
      binary: program.path,
      config: [...gitConfig(setting)],
      allowEnvironment: Object.keys(env),
      unsafe: GUARDED,
      abort: closing,
    }).env({ ...env })
    try {
      return await git.raw([...words])
    } catch (error) {
      if (closing.aborted) throw gitErrors.closed()
      const want = /\bspawn .* (E[A-Z]+)\b/.exec(error instanceof Error ? error.message : '')?.[1]
      if (want !== undefined && WANTS.has(want)) throw startFailure(want)
      // simple-git's error holds the whole argument list: only the cleaned words of Git leave here.
      throw gitErrors.cacheDamaged({ detail: telling(error instanceof Error ? error.message : '', []) })
    }
  }
  const lines = async (...words: readonly string[]) => (await run(...words)).split('\n').filter((line) => line !== '')
  return {
    async init(objectFormat) {
      await run('init', '--bare', '--template=', `--object-format=${objectFormat}`)
    },
    async mergeBase(one, other) {
      const [base] = await lines('merge-base', one, other)
      return base ?? null
    },
    independent: (commits) => lines('merge-base', '--independent', ...commits),
    async countCommits(from, to, { paths, most }) {
      const [count] = await lines('rev-list', '--count', `--max-count=${most}`, `${from}..${to}`, '--', ...paths)
      return Number(count)
    },
    async setRef(ref, commit) {
      await run('update-ref', ref, commit)
    },
    async repack() {
      await run('repack', '-a', '-d', '-n', '-q')
    },
  }
}
