import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  fileRemote,
  type GitRecorder,
  type GitRemote,
  gitRecorder,
  httpRemote,
  type SourceMaker,
  sourceMaker,
} from '../../support/git-remotes/index.ts'

const never = new AbortController().signal

/** Everything a Git process of the cache sees, but for the folders and the protocol. */
const FIXED = {
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
  SSH_ASKPASS: '/bin/false',
  SSH_ASKPASS_REQUIRE: 'never',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
  GIT_SSH_VARIANT: 'ssh',
  GIT_DEFAULT_REF_FORMAT: 'files',
}

const HOSTILE = {
  GIT_DIR: '/nonexistent',
  GIT_EXEC_PATH: '/nonexistent',
  GIT_SSH_COMMAND: 'touch /nonexistent/canary',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'core.fsmonitor',
  GIT_CONFIG_VALUE_0: 'touch /nonexistent/canary',
  GIT_TRACE: '1',
  GIT_PROXY_COMMAND: 'x',
  LD_LIBRARY_PATH: '/nonexistent',
  EDITOR: 'x',
  PAGER: 'x',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:1',
  ALL_PROXY: 'http://127.0.0.1:1',
  XDG_CONFIG_HOME: '/nonexistent',
}

describe('what a Git process sees', () => {
  let maker: SourceMaker
  let recorder: GitRecorder
  let remote: GitRemote

  beforeEach(async () => {
    for (const [name, value] of Object.entries(HOSTILE)) vi.stubEnv(name, value)
    maker = await sourceMaker()
    recorder = await gitRecorder(maker.folder)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await maker.close()
    await remote.close()
  })

  async function useEverything() {
    const source = maker.make(remote, { gitPath: recorder.path, cacheDir: maker.cacheDir('cache') })
    await source.open()
    const first = await remote.commit({ 'a.yaml': '1' }, 'One')
    await source.fetch(first, never)
    const second = await remote.commit({ 'a.yaml': '2' }, 'Two')
    expect(await source.remoteHead(never)).toBe(second)
    await source.fetch(second, never)
    expect(await source.relation(second, first)).toBe('rewritten')
    return source
  }

  it('is the fixed list exactly, whatever the controller was started with', async () => {
    remote = await fileRemote()
    await useEverything()
    const cache = maker.cacheDir('cache')
    const starts = (await recorder.starts()).filter((start) => start.args[0] !== 'version')
    const commands = starts.map((start) => start.args.find((word) => /^[a-z]+(-[a-z]+)?$/.test(word)))
    expect(new Set(commands)).toEqual(new Set(['init', 'fetch', 'cat-file', 'ls-remote', 'merge-base']))
    for (const { args, env } of starts) {
      // simple-git adds the last one: it makes Git refuse shortened options.
      const { PATH, PWD, OLDPWD, SHLVL, _, GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS: added, ...rest } = env
      expect(added).toBe(args.includes('init') || args.includes('merge-base') ? 'true' : undefined)
      expect(PATH?.split(':')).toEqual([
        maker.folder,
        '/usr/local/bin',
        '/usr/bin',
        '/bin',
        '/usr/local/sbin',
        '/usr/sbin',
        '/sbin',
      ])
      // What a shell adds by itself.
      expect([OLDPWD, SHLVL, _].join('')).not.toContain('nonexistent')
      expect(PWD ?? `${cache}/home`).toBe(`${cache}/home`)
      expect(rest).toEqual({
        ...FIXED,
        HOME: `${cache}/home`,
        XDG_CONFIG_HOME: `${cache}/home`,
        GIT_CEILING_DIRECTORIES: cache,
        GIT_ALLOW_PROTOCOL: 'file',
        ...(args.includes('ls-remote') ? {} : { GIT_DIR: `${cache}/repo.git` }),
      })
    }
  })

  it('holds the token in no argument and no variable', async () => {
    const http = await httpRemote()
    remote = http
    await useEverything()
    const noted = await recorder.text()
    for (const form of [
      http.token,
      encodeURIComponent(http.token),
      Buffer.from(`x-access-token:${http.token}`).toString('base64'),
    ])
      expect(noted).not.toContain(form)
  })

  it('is one start for a poll without change, whatever the transport', async () => {
    remote = await httpRemote()
    const source = await useEverything()
    await recorder.forget()
    for (let poll = 0; poll < 3; poll += 1) await source.remoteHead(never)
    const starts = await recorder.starts()
    expect(starts).toHaveLength(3)
    expect(starts.every((start) => start.args.includes('ls-remote'))).toBe(true)
  })

  it('is no start at all for reading, beyond one cat-file', async () => {
    remote = await fileRemote()
    const source = await useEverything()
    const commit = await source.remoteHead(never)
    await recorder.forget()
    for (let round = 0; round < 20; round += 1) {
      const [entry] = await source.tree((await source.treeId(commit, '')) ?? '')
      await source.blob(entry?.oid ?? '', 10)
      await source.commitInfo(commit)
    }
    expect(await recorder.starts()).toEqual([])
  })
})
