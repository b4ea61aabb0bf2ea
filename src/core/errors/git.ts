import { HonuaError } from './honua-error.ts'

/** Where a Git failure happened: `url` is the display form, without user, password or query. */
interface Remote {
  readonly url: string
}

/** Git's own words, already cleaned of secrets and control bytes. */
interface Said {
  readonly detail: string
}

const tail = (detail: string) => (detail === '' ? '' : `: ${detail}`)

/** Everything that can go wrong between the controller and its repository. No entry takes a `cause`: Git's own errors hold argv. */
export const gitErrors = {
  urlInvalid: (p: { readonly reason: string }) =>
    new HonuaError(
      'HONUA_GIT_URL_INVALID',
      'after-config-change',
      `the Git URL is refused: ${p.reason}`,
      'set spec.git.url to https://host/path, ssh://user@host/path, user@host:path or an absolute path',
    ),
  refInvalid: (p: { readonly what: 'branch' | 'commit id' | 'object id'; readonly reason: string }) =>
    new HonuaError(
      'HONUA_GIT_REF_INVALID',
      'after-config-change',
      `the ${p.what} is refused: ${p.reason}`,
      p.what === 'branch' ? 'set spec.git.branch to a branch name such as main' : 'give the full id in lower-case hex',
    ),
  credentialsMismatch: (p: Remote & { readonly given: string; readonly needed: string }) =>
    new HonuaError(
      'HONUA_GIT_CREDENTIALS_MISMATCH',
      'after-config-change',
      `credentials of type "${p.given}" do not fit ${p.url}`,
      `set spec.git.credentials.type to ${p.needed}`,
    ),
  credentialsMissing: (p: { readonly what: string }) =>
    new HonuaError(
      'HONUA_GIT_CREDENTIALS_MISSING',
      'after-config-change',
      `the Git credentials are incomplete: ${p.what}`,
      'put the secret where spec.git.credentials.secretRef points',
    ),
  programMissing: (p: { readonly reason: string }) =>
    new HonuaError(
      'HONUA_GIT_PROGRAM_MISSING',
      'after-config-change',
      `the git program cannot be used: ${p.reason}`,
      'install git 2.36 or newer',
    ),
  /** The system has no handles, processes or memory left for it now. `reason` is the errno name. */
  noStart: (p: { readonly reason: string }) =>
    new HonuaError(
      'HONUA_GIT_NO_START',
      'later',
      `git cannot be started now: ${p.reason}`,
      'raise the limit of open files or processes for the controller (ulimit -n, LimitNOFILE=, TasksMax=); it tries again by itself',
    ),
  unreachable: (p: Remote & Said) =>
    new HonuaError(
      'HONUA_GIT_UNREACHABLE',
      'later',
      `${p.url} does not answer${tail(p.detail)}`,
      'check the network and the Git server; the controller serves from its cache and tries again by itself',
    ),
  timeout: (p: Remote & { readonly afterMs: number }) =>
    new HonuaError(
      'HONUA_GIT_TIMEOUT',
      'later',
      `${p.url} gave no complete answer within ${p.afterMs / 1000} s`,
      'check the network and the Git server; the controller serves from its cache and tries again by itself',
    ),
  auth: (p: Remote & Said) =>
    new HonuaError(
      'HONUA_GIT_AUTH',
      'after-config-change',
      `${p.url} refuses the credentials${tail(p.detail)}`,
      'renew the token or key behind spec.git.credentials.secretRef and see that it may read the repository',
    ),
  untrusted: (p: Remote & Said) =>
    new HonuaError(
      'HONUA_GIT_UNTRUSTED',
      'after-config-change',
      `the identity of ${p.url} is not trusted${tail(p.detail)}`,
      'verify the host key or certificate out of band, then put the host key into known_hosts or the CA into the system store',
    ),
  redirected: (p: Remote & Said) =>
    new HonuaError(
      'HONUA_GIT_REDIRECTED',
      'after-config-change',
      `${p.url} answers with a redirect, which is not followed${tail(p.detail)}`,
      'set spec.git.url to the address the repository has now',
    ),
  repositoryMissing: (p: Remote & Said) =>
    new HonuaError(
      'HONUA_GIT_REPOSITORY_MISSING',
      'after-config-change',
      `there is no repository at ${p.url}, or the credentials may not see it${tail(p.detail)}`,
      'check spec.git.url and what the credentials may read',
    ),
  branchMissing: (p: Remote & { readonly branch: string }) =>
    new HonuaError(
      'HONUA_GIT_BRANCH_MISSING',
      'after-config-change',
      `branch "${p.branch}" does not exist in ${p.url}`,
      'set spec.git.branch to an existing one, or push the branch again',
    ),
  moved: (p: Remote & { readonly branch: string; readonly commit: string }) =>
    new HonuaError(
      'HONUA_GIT_MOVED',
      'later',
      `commit ${p.commit} is no longer part of branch "${p.branch}" in ${p.url}`,
      'nothing: the next poll takes the new head',
    ),
  rejected: (p: Remote & Said) =>
    new HonuaError(
      'HONUA_GIT_REJECTED',
      'never',
      `objects from ${p.url} fail Git's consistency check and were not taken in${tail(p.detail)}`,
      'find who pushed them; rewrite the branch without these objects',
    ),
  tooLarge: (p: Remote & { readonly maxBytes: number }) =>
    new HonuaError(
      'HONUA_GIT_TOO_LARGE',
      'never',
      `${p.url} sends more than ${p.maxBytes} bytes in one fetch`,
      'take large files out of the repository, or raise the limit',
    ),
  blobTooLarge: (p: { readonly oid: string; readonly bytes: number; readonly maxBytes: number }) =>
    new HonuaError(
      'HONUA_GIT_BLOB_TOO_LARGE',
      'never',
      `Git object ${p.oid} has ${p.bytes} bytes, more than the ${p.maxBytes} allowed`,
      'make the file smaller, or raise the limit',
    ),
  objectMissing: (p: { readonly oid: string; readonly expected: string }) =>
    new HonuaError(
      'HONUA_GIT_OBJECT_MISSING',
      'later',
      `the Git cache holds no ${p.expected} ${p.oid}`,
      'nothing while the remote answers: it is fetched again',
    ),
  cacheDamaged: (p: Said) =>
    new HonuaError(
      'HONUA_GIT_CACHE_DAMAGED',
      'later',
      `the Git cache is damaged${tail(p.detail)}`,
      'nothing while the remote answers: the cache is rebuilt at the next fetch; check the disk',
    ),
  cacheUnusable: (p: { readonly path: string; readonly reason: string }) =>
    new HonuaError(
      'HONUA_GIT_CACHE_UNUSABLE',
      'after-config-change',
      `the Git cache folder ${p.path} cannot be used: ${p.reason}`,
      'make it a folder that the controller owns and may write, on a disk with room',
    ),
  diskFull: (p: Said) =>
    new HonuaError(
      'HONUA_GIT_DISK_FULL',
      'later',
      `no room on disk for the Git cache${tail(p.detail)}`,
      'free disk space below spec.dataDir',
    ),
  closed: () =>
    new HonuaError('HONUA_GIT_CLOSED', 'never', 'the Git source is closed', 'nothing: the controller is stopping'),
}
