import { simpleGit } from 'simple-git'
import { gitErrors } from '../../core/errors/git.ts'
import { cacheEnvironment, type GitSetting, gitConfig } from './environment.ts'
import type { GitProgram } from './program.ts'
import { telling } from './text.ts'

/**
 * The only use of simple-git: Git commands on the local cache. Arguments are fixed words, checked ids and our own paths, never
 * text from outside: simple-git's block list is no boundary. The names it guards are allowed one by one, because our
 * hardening sets them.
 */
export interface Porcelain {
  /** Makes an empty bare repository in the cache. */
  init(objectFormat: 'sha1' | 'sha256'): Promise<void>
  /** The best common ancestor, or null when there is none. */
  mergeBase(one: string, other: string): Promise<string | null>
  /** Those commits that none of the others reaches. */
  independent(commits: readonly string[]): Promise<readonly string[]>
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

export function openPorcelain(program: GitProgram, setting: GitSetting, closing: AbortSignal): Porcelain {
  const env = cacheEnvironment(setting)
  const run = async (...words: readonly string[]): Promise<string> => {
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
    async setRef(ref, commit) {
      await run('update-ref', ref, commit)
    },
    async repack() {
      await run('repack', '-a', '-d', '-n', '-q')
    },
  }
}
