import { gitErrors } from '../../core/errors/git.ts'
import { type GitTransport, isCommitId } from '../../core/git-names.ts'
import type { CommitId } from '../../core/vocabulary.ts'
import type { Clock } from '../../ports/clock.ts'
import { type GroupResult, runGroup } from '../process/run-group.ts'
import { type GitCredentials, prepareAccess } from './credentials.ts'
import { cacheEnvironment, configArgs, type GitSetting, gitConfig, gitEnvironment } from './environment.ts'
import { type RemoteContext, refusesIds, remoteFailure } from './failures.ts'
import { BRANCH_REF, keptRef } from './layout.ts'
import type { GitProgram } from './program.ts'

const LS_REMOTE_BYTES_MAX = 1024 * 1024
const FETCH_STDOUT_BYTES_MAX = 64 * 1024
/** What `ulimit -f` counts in. */
const BLOCK_BYTES = 512

export interface RemoteOptions {
  /** As checked by checkGitUrl. */
  readonly url: string
  readonly displayUrl: string
  readonly transport: GitTransport
  readonly branch: string
  readonly credentials: GitCredentials
  readonly clock: Clock
  readonly pollTimeoutMs: number
  readonly fetchTimeoutMs: number
  readonly fetchBytesMax: number
}

/** The repository on the network: one Git process group a call. */
export class Remote {
  readonly #options: RemoteOptions
  readonly #program: GitProgram
  readonly #setting: GitSetting

  constructor(options: RemoteOptions, program: GitProgram, setting: GitSetting) {
    this.#options = options
    this.#program = program
    this.#setting = setting
  }

  /** The branch's commit: one `git ls-remote`, nothing else. */
  async head(signal: AbortSignal): Promise<CommitId> {
    const { url, displayUrl, branch, pollTimeoutMs, fetchBytesMax } = this.#options
    const access = await this.#access()
    const ref = `refs/heads/${branch}`
    const result = await runGroup({
      ...this.#common(signal),
      file: this.#program.path,
      args: [...this.#settings(access.config), 'ls-remote', '--end-of-options', url, ref],
      env: { ...gitEnvironment(this.#setting), ...access.env },
      secret: access.secret,
      stdoutBytesMax: LS_REMOTE_BYTES_MAX,
      timeoutMs: pollTimeoutMs,
    })
    if (result.ended !== 'exit' || result.code !== 0)
      throw remoteFailure(result, {
        url: displayUrl,
        branch,
        timeoutMs: pollTimeoutMs,
        bytesMax: fetchBytesMax,
        secrets: access.hide,
      })
    // ls-remote matches by the end of the name: `x/refs/heads/main` is another ref.
    const line = result.stdout.split('\n').find((each) => each.endsWith(`\t${ref}`))
    if (line === undefined) throw gitErrors.branchMissing({ url: displayUrl, branch })
    const commit = line.slice(0, line.indexOf('\t'))
    if (!isCommitId(commit)) throw gitErrors.unreachable({ url: displayUrl, detail: 'the answer holds no commit id' })
    return commit
  }

  /** Fetches the commit by its id into its kept ref. False when the server gives no commits by id. */
  async fetchCommit(commit: CommitId, signal: AbortSignal): Promise<boolean> {
    return (await this.#fetch(`+${commit}:${keptRef(commit)}`, signal)) === 'done'
  }

  /** Fetches whatever the branch is now. */
  async fetchBranch(signal: AbortSignal): Promise<void> {
    const outcome = await this.#fetch(`+refs/heads/${this.#options.branch}:${BRANCH_REF}`, signal)
    if (outcome === 'ids-refused')
      throw gitErrors.unreachable({ url: this.#options.displayUrl, detail: 'the server refuses its own branch' })
  }

  async #fetch(refspec: string, signal: AbortSignal): Promise<'done' | 'ids-refused'> {
    const { url, displayUrl, branch, fetchTimeoutMs, fetchBytesMax } = this.#options
    const access = await this.#access()
    const flags = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-maintenance']
    const git = [this.#program.path, ...this.#settings(access.config), 'fetch', ...flags]
    const result = await runGroup({
      ...this.#common(signal),
      // Git has no limit on what a server may send: the kernel's limit on file size stops an endless pack. Without its signal,
      // which kills without a word, the write fails and Git says why.
      file: '/bin/sh',
      args: [
        '-c',
        'trap "" XFSZ && ulimit -f "$0" && exec "$@"',
        String(Math.ceil(fetchBytesMax / BLOCK_BYTES)),
        ...git,
        '--end-of-options',
        url,
        refspec,
      ],
      env: { ...cacheEnvironment(this.#setting), ...access.env },
      secret: access.secret,
      stdoutBytesMax: FETCH_STDOUT_BYTES_MAX,
      timeoutMs: fetchTimeoutMs,
    })
    if (succeeded(result)) return 'done'
    if (refusesIds(result)) return 'ids-refused'
    const context: RemoteContext = {
      url: displayUrl,
      branch,
      timeoutMs: fetchTimeoutMs,
      bytesMax: fetchBytesMax,
      secrets: access.hide,
    }
    throw remoteFailure(result, context)
  }

  #access() {
    return prepareAccess(this.#options.credentials, this.#options.transport)
  }

  #settings(extra: readonly string[]): readonly string[] {
    return configArgs([...gitConfig(this.#setting), ...extra])
  }

  #common(signal: AbortSignal) {
    return { cwd: this.#setting.layout.home, clock: this.#options.clock, signal }
  }
}

function succeeded(result: GroupResult): boolean {
  return result.ended === 'exit' && result.code === 0
}
