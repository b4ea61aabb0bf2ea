import type { GitTransport } from '../../core/git-names.ts'
import { PROGRAM_FOLDERS } from '../process/run-group.ts'
import type { CacheLayout } from './layout.ts'

export interface GitSetting {
  readonly layout: CacheLayout
  readonly transport: GitTransport
  /** Folder of the git program, added to PATH. */
  readonly programFolder: string
}

/**
 * The complete environment of every Git process; nothing is inherited, so no ambient GIT_*, editor, pager, proxy or loader variable
 * reaches it. No system or user configuration, no prompt, no replace refs, one protocol.
 */
export function gitEnvironment(setting: GitSetting): Readonly<Record<string, string>> {
  const { layout, transport, programFolder } = setting
  return {
    PATH: [...new Set([programFolder, ...PROGRAM_FOLDERS])].join(':'),
    HOME: layout.home,
    XDG_CONFIG_HOME: layout.home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    SSH_ASKPASS_REQUIRE: 'never',
    GIT_ALLOW_PROTOCOL: transport,
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CEILING_DIRECTORIES: layout.root,
    GIT_PAGER: 'cat',
    GIT_SSH_VARIANT: 'ssh',
    // Newer Git may choose another form for refs; the cache check knows this one.
    GIT_DEFAULT_REF_FORMAT: 'files',
  }
}

/** `gitEnvironment` for calls that work on the cache. `ls-remote` goes without: it then reads no repository's configuration at all. */
export function cacheEnvironment(setting: GitSetting): Readonly<Record<string, string>> {
  return { ...gitEnvironment(setting), GIT_DIR: setting.layout.repository }
}

/** Git itself breaks off a transfer that moves nearly nothing for so long, s. */
export const STALLED_S = 30

/** `name=value` settings of every Git call. Git 2.39 ignores those it does not know yet. */
export function gitConfig(setting: GitSetting): readonly string[] {
  const { layout, transport } = setting
  return [
    'protocol.allow=never',
    `protocol.${transport}.allow=always`,
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'core.symlinks=false',
    'core.attributesFile=/dev/null',
    'core.protectHFS=true',
    'core.protectNTFS=true',
    'core.fsync=committed,reference',
    'core.sshCommand=',
    'core.alternateRefsCommand=',
    'safe.bareRepository=explicit',
    `safe.directory=${layout.repository}`,
    'transfer.fsckObjects=true',
    'fetch.fsckObjects=true',
    'transfer.credentialsInUrl=die',
    'transfer.bundleURI=false',
    'fetch.recurseSubmodules=no',
    'submodule.recurse=false',
    'fetch.writeCommitGraph=false',
    'fetch.unpackLimit=1',
    'gc.auto=0',
    'maintenance.auto=false',
    'credential.helper=',
    'http.followRedirects=false',
    'http.sslVerify=true',
    'http.lowSpeedLimit=1000',
    `http.lowSpeedTime=${STALLED_S}`,
    'log.showSignature=false',
    'advice.detachedHead=false',
    'init.defaultBranch=none',
  ]
}

/** The same settings as arguments before the command. */
export function configArgs(config: readonly string[]): readonly string[] {
  return config.flatMap((setting) => ['-c', setting])
}
