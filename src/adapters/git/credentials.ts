import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gitErrors } from '../../core/errors/git.ts'
import type { GitTransport } from '../../core/git-names.ts'

/** How the controller proves who it is. Read anew at each call, so that a rotated secret is used at once. */
export type GitCredentials =
  | { readonly type: 'none' }
  | {
      readonly type: 'token'
      readonly read: () => Promise<string>
      /** What the server wants beside the token; most take any. Default `x-access-token`. */
      readonly username?: string
    }
  | {
      readonly type: 'ssh-key'
      /** A private key, or a folder that holds `ssh-privatekey` and `known_hosts`. */
      readonly keyPath: string
      /** Default: `known_hosts` in the folder, else `<keyPath>.known_hosts` beside the key. */
      readonly knownHostsPath?: string
    }

/** What one network call needs to show the credentials. */
export interface Access {
  readonly env: Readonly<Record<string, string>>
  readonly config: readonly string[]
  /** Handed over on descriptor 3; in no argument, variable or file. */
  readonly secret: string | null
  /** Every form in which the secret might come back in Git's words. */
  readonly hide: readonly string[]
}

const NO_ACCESS: Access = { env: {}, config: [], secret: null, hide: [] }

/**
 * Reads the token from descriptor 3, which it inherits. Written inline rather than as an askpass script on disk, because the data
 * folder of a hardened service is mounted without permission to execute.
 */
const TOKEN_HELPER = `!f() { test "$1" = get && IFS= read -r token <&3 && printf 'username=%s\\npassword=%s\\n' "$HONUA_GIT_USER" "$token"; }; f`

/** Refuses a pairing that cannot work, e.g. a token for ssh. Throws HONUA_GIT_CREDENTIALS_MISMATCH. */
export function checkPairing(credentials: GitCredentials, transport: GitTransport, url: string): void {
  const given = credentials.type
  const web = transport === 'https' || transport === 'http'
  if (web && given === 'ssh-key') throw gitErrors.credentialsMismatch({ url, given, needed: 'token or none' })
  if (transport === 'ssh' && given !== 'ssh-key') throw gitErrors.credentialsMismatch({ url, given, needed: 'ssh-key' })
}

/** Reads the secret and says how to hand it to Git. Throws HONUA_GIT_CREDENTIALS_MISSING. */
export async function prepareAccess(credentials: GitCredentials, transport: GitTransport): Promise<Access> {
  if (transport === 'file') return NO_ACCESS
  switch (credentials.type) {
    case 'none':
      return NO_ACCESS
    case 'token':
      return tokenAccess((await credentials.read()).trim(), credentials.username ?? 'x-access-token')
    case 'ssh-key':
      return sshAccess(credentials.keyPath, credentials.knownHostsPath)
    default:
      return credentials satisfies never
  }
}

function tokenAccess(token: string, username: string): Access {
  if (token === '') throw gitErrors.credentialsMissing({ what: 'the token is empty' })
  if (/[\0-\x1f\x7f]/.test(token)) throw gitErrors.credentialsMissing({ what: 'the token holds control characters' })
  return {
    env: { HONUA_GIT_USER: username },
    config: [`credential.helper=${TOKEN_HELPER}`],
    secret: token,
    hide: [token, encodeURIComponent(token), Buffer.from(`${username}:${token}`).toString('base64')],
  }
}

async function sshAccess(keyPath: string, knownHostsPath: string | undefined): Promise<Access> {
  const inFolder = (await kindOf(keyPath)) === 'folder'
  const key = inFolder ? join(keyPath, 'ssh-privatekey') : keyPath
  const knownHosts = knownHostsPath ?? (inFolder ? join(keyPath, 'known_hosts') : `${keyPath}.known_hosts`)
  if ((await kindOf(key)) !== 'file') throw gitErrors.credentialsMissing({ what: `there is no private key ${key}` })
  if ((await kindOf(knownHosts)) !== 'file')
    throw gitErrors.credentialsMissing({ what: `there is no file of known host keys ${knownHosts}` })
  return { ...NO_ACCESS, env: { GIT_SSH_COMMAND: sshCommand(key, knownHosts) } }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  const found = await stat(path).catch(() => null)
  if (found === null) return 'nothing'
  return found.isDirectory() ? 'folder' : 'file'
}

/** The ssh call of THREATS "Running git safely": one key, given host keys only, no agent, no forwarding, no user configuration. */
function sshCommand(key: string, knownHosts: string): string {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${sshPath(knownHosts)}`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    `IdentityFile=${sshPath(key)}`,
    'PreferredAuthentications=publickey',
    'ForwardAgent=no',
    'ForwardX11=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'ProxyCommand=none',
    'ControlMaster=no',
    'ControlPath=none',
    'ConnectTimeout=10',
    'ServerAliveInterval=10',
    'ServerAliveCountMax=3',
  ]
  return ['ssh', '-F', 'none', ...options.map((option) => `-o${option}`)].map(shellQuoted).join(' ')
}

/** A path as an ssh option value: ssh splits at spaces and expands `%` and `${…}`. */
function sshPath(path: string): string {
  if (/["\\$\0-\x1f\x7f]/.test(path))
    throw gitErrors.credentialsMissing({ what: 'the path of the key holds characters that ssh does not take' })
  return `"${path.replaceAll('%', '%%')}"`
}

function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
