import { resolve } from 'node:path'
import { gitErrors } from '../../core/errors/git.ts'
import { checkBranch, checkGitUrl, displayUrl } from '../../core/git-names.ts'
import type { Clock } from '../../ports/clock.ts'
import type { GitSource } from '../../ports/git.ts'
import type { Log } from '../../ports/log.ts'
import { checkPairing, type GitCredentials } from './credentials.ts'
import { CachedSource } from './source.ts'

export type { GitCredentials } from './credentials.ts'

export interface GitSourceOptions {
  readonly url: string
  readonly branch: string
  readonly credentials: GitCredentials
  /** Folder of this source alone; made when absent, mode 0700. */
  readonly cacheDir: string
  /** Longest that asking for the branch's head may take, ms. */
  readonly timeoutMs: number
  /** Longest that a fetch may take, ms. Default: ten times `timeoutMs`. */
  readonly fetchTimeoutMs?: number
  /** Largest pack a fetch may bring. Default 2 GiB. */
  readonly fetchBytesMax?: number
  readonly clock: Clock
  readonly log: Log
  /** Absolute path of git. Default: looked for in the usual folders, then in PATH. */
  readonly gitPath?: string
}

const FETCH_BYTES_MAX = 2 * 1024 ** 3
const FETCH_TIMEOUT_FACTOR = 10

/**
 * A repository and branch through the system's git. Checks every name before Git sees it; touches neither disk nor network until
 * `open()`. Throws HONUA_GIT_URL_INVALID, HONUA_GIT_REF_INVALID, HONUA_GIT_CREDENTIALS_MISMATCH.
 */
export function openGitSource(options: GitSourceOptions): GitSource {
  const url = checkGitUrl(options.url)
  if (!url.ok) throw gitErrors.urlInvalid({ reason: url.reason })
  const branch = checkBranch(options.branch)
  if (!branch.ok) throw gitErrors.refInvalid({ what: 'branch', reason: branch.reason })
  const shown = displayUrl(url.url)
  checkPairing(options.credentials, url.transport, shown)
  return new CachedSource({
    url: url.url,
    displayUrl: shown,
    transport: url.transport,
    branch: branch.branch,
    credentials: options.credentials,
    cacheDir: resolve(options.cacheDir),
    pollTimeoutMs: options.timeoutMs,
    fetchTimeoutMs: options.fetchTimeoutMs ?? options.timeoutMs * FETCH_TIMEOUT_FACTOR,
    fetchBytesMax: options.fetchBytesMax ?? FETCH_BYTES_MAX,
    clock: options.clock,
    log: options.log,
    gitPath: options.gitPath,
  })
}
