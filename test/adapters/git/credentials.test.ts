import { chmod, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openGitSource } from '../../../src/adapters/git/index.ts'
import { expectCode } from '../../contract/git.suite.ts'
import type { GitRemote } from '../../support/git-remotes/index.ts'
import {
  fileRemote,
  type HttpRemote,
  handClock,
  httpRemote,
  recordingLog,
  type SourceMaker,
  SSHD,
  type SshRemote,
  sourceMaker,
  sshRemote,
} from '../../support/git-remotes/index.ts'

const never = new AbortController().signal
const absent = '1'.repeat(40)

let maker: SourceMaker
beforeEach(async () => {
  maker = await sourceMaker()
})
afterEach(() => maker.close())

async function opened(remote: Pick<GitRemote, 'url' | 'credentials'>) {
  const source = maker.make(remote)
  await source.open()
  return source
}

/** Everything a person or a log could get out of an error. */
const everything = (error: Error) =>
  [inspect(error, { depth: null, showHidden: true }), error.stack, JSON.stringify(error)].join('\n')

describe('a token over HTTP', () => {
  let remote: HttpRemote
  beforeAll(async () => {
    remote = await httpRemote()
    await remote.commit({ 'a.yaml': '1' }, 'One')
  })
  afterEach(() => remote.behave('serve'))
  afterAll(() => remote.close())

  it('that is wrong is refused by name, and stands in no part of the error', async () => {
    const { credentials, secret } = remote.wrong ?? { credentials: remote.credentials, secret: '' }
    const source = await opened({ url: remote.url, credentials })
    for (const call of [source.remoteHead(never), source.fetch(absent, never)]) {
      const error = await expectCode(call, 'HONUA_GIT_AUTH')
      expect(error.message).toContain(remote.url)
      expect(everything(error)).not.toContain(secret)
      expect(error.cause).toBeUndefined()
    }
    expect(JSON.stringify(maker.log)).not.toContain(secret)
  })

  it('that is missing where one is needed is refused by name', async () => {
    const source = await opened({ url: remote.url, credentials: { type: 'none' } })
    await expectCode(source.remoteHead(never), 'HONUA_GIT_AUTH')
  })

  it.each(['', '  \n', 'two\nlines', 'nul\0'])('that reads %j is refused before git starts', async (token) => {
    const before = remote.requests.length
    const source = await opened({ url: remote.url, credentials: { type: 'token', read: async () => token } })
    await expectCode(source.remoteHead(never), 'HONUA_GIT_CREDENTIALS_MISSING')
    expect(remote.requests).toHaveLength(before)
  })

  it('that is replaced is used at the next call', async () => {
    let token = 'outdated'
    const source = await opened({ url: remote.url, credentials: { type: 'token', read: async () => token } })
    await expectCode(source.remoteHead(never), 'HONUA_GIT_AUTH')
    token = remote.token
    expect(await source.remoteHead(never)).toMatch(/^[0-9a-f]{40}$/)
  })

  it('is never sent after a redirect', async () => {
    const source = await opened(remote)
    remote.behave('redirect')
    await expectCode(source.remoteHead(never), 'HONUA_GIT_REDIRECTED')
  })

  it('for a repository that does not exist gives its name', async () => {
    const source = await opened({ ...remote, url: remote.url.replace('city', 'town') })
    const error = await expectCode(source.remoteHead(never), 'HONUA_GIT_REPOSITORY_MISSING')
    expect(error.message).toContain('/town.git')
  })
})

describe.skipIf(SSHD === null)(`a key over SSH${SSHD === null ? ' (skipped: no sshd on this computer)' : ''}`, () => {
  let remote: SshRemote
  beforeAll(async () => {
    remote = await sshRemote()
    await remote.commit({ 'a.yaml': '1' }, 'One')
  })
  afterAll(() => remote.close())

  it('works as a file with known_hosts beside it, from a path with odd characters', async () => {
    const keyPath = join(maker.folder, "it's 50% of a key")
    await cp(remote.keyPath, keyPath)
    await cp(join(remote.secretFolder, 'known_hosts'), `${keyPath}.known_hosts`)
    const source = await opened({ url: remote.url, credentials: { type: 'ssh-key', keyPath } })
    expect(await source.remoteHead(never)).toMatch(/^[0-9a-f]{40}$/)
  })

  it('that the server does not know is refused by name, and stands in no part of the error', async () => {
    const { credentials, secret } = remote.wrong ?? { credentials: remote.credentials, secret: '' }
    const source = await opened({ url: remote.url, credentials })
    const error = await expectCode(source.remoteHead(never), 'HONUA_GIT_AUTH')
    expect(secret).not.toBe('')
    expect(everything(error)).not.toContain(secret)
  })

  it('that others may read is refused by name', async () => {
    const keyPath = join(maker.folder, 'open-key')
    await cp(remote.keyPath, keyPath)
    await chmod(keyPath, 0o644)
    const credentials = { type: 'ssh-key', keyPath, knownHostsPath: join(remote.secretFolder, 'known_hosts') } as const
    const source = await opened({ url: remote.url, credentials })
    await expectCode(source.remoteHead(never), 'HONUA_GIT_AUTH')
  })

  it.each(['emptyKnownHosts', 'foreignKnownHosts'] as const)(
    'is not shown to a host that %s does not vouch for',
    async (which) => {
      const credentials = { type: 'ssh-key', keyPath: remote.keyPath, knownHostsPath: remote[which] } as const
      const source = await opened({ url: remote.url, credentials })
      await expectCode(source.remoteHead(never), 'HONUA_GIT_UNTRUSTED')
      await expectCode(source.remoteHead(never), 'HONUA_GIT_UNTRUSTED')
    },
  )

  it('that is missing, or lacks known_hosts, is named before ssh starts', async () => {
    const nothing = join(maker.folder, 'nothing')
    const alone = join(maker.folder, 'alone')
    await cp(remote.keyPath, alone)
    for (const keyPath of [nothing, alone]) {
      const source = await opened({ url: remote.url, credentials: { type: 'ssh-key', keyPath } })
      const error = await expectCode(source.remoteHead(never), 'HONUA_GIT_CREDENTIALS_MISSING')
      expect(error.message).toContain(keyPath)
    }
  })
})

describe('openGitSource', () => {
  const open =
    (url: string, branch: string, credentials: Parameters<typeof openGitSource>[0]['credentials']) => async () =>
      openGitSource({
        url,
        branch,
        credentials,
        cacheDir: join(maker.folder, 'never'),
        timeoutMs: 1,
        clock: handClock(),
        log: recordingLog([]),
      })
  const none = { type: 'none' } as const
  const key = { type: 'ssh-key', keyPath: '/key' } as const
  const token = { type: 'token', read: async () => 'x' } as const

  it.each(['--upload-pack=x', 'ext::sh -c x', 'fd::3', 'ssh://-oX/y', 'https://u:S3CRET@h/x', 'https://h/x\n'])(
    'refuses the URL %j without repeating it',
    async (url) => {
      const error = await expectCode(open(url, 'main', none), 'HONUA_GIT_URL_INVALID')
      expect(everything(error)).not.toContain('S3CRET')
    },
  )

  it.each(['-x', 'a..b', '@{', 'refs/heads/../../x', 'a\u0007'])('refuses the branch %j', async (branch) => {
    await expectCode(open('/srv/city.git', branch, none), 'HONUA_GIT_REF_INVALID')
  })

  it('refuses credentials that do not fit the URL', async () => {
    await expectCode(open('https://h/x', 'main', key), 'HONUA_GIT_CREDENTIALS_MISMATCH')
    await expectCode(open('ssh://h/x', 'main', token), 'HONUA_GIT_CREDENTIALS_MISMATCH')
    await expectCode(open('git@h:x', 'main', none), 'HONUA_GIT_CREDENTIALS_MISMATCH')
  })

  it('shows the URL without user', async () => {
    expect((await open('ssh://git@h:22/x', 'main', key)()).displayUrl).toBe('ssh://h:22/x')
  })

  it('a program that is no git is named', async () => {
    const remote = await fileRemote()
    try {
      await expectCode(maker.make(remote, { gitPath: '/nonexistent/git' }).open(), 'HONUA_GIT_PROGRAM_MISSING')
      await expectCode(maker.make(remote, { gitPath: '/bin/false' }).open(), 'HONUA_GIT_PROGRAM_MISSING')
    } finally {
      await remote.close()
    }
  })
})
