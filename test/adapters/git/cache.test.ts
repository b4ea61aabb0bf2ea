import {
  access,
  appendFile,
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HonuaError } from '../../../src/core/errors/honua-error.ts'
import type { GitSource } from '../../../src/ports/git.ts'
import { expectCode, failure } from '../../contract/git.suite.ts'
import { fileRemote, type GitRemote, git, type SourceMaker, sourceMaker } from '../../support/git-remotes/index.ts'

const never = new AbortController().signal

describe('the cache', () => {
  let remote: GitRemote
  let maker: SourceMaker
  let commit: string
  let repository: string
  let canary: string

  beforeAll(async () => {
    remote = await fileRemote()
    commit = await remote.commit({ 'environments/dev/a.yaml': 'good' }, 'Good')
  })
  beforeEach(async () => {
    maker = await sourceMaker()
    repository = join(maker.cacheDir('cache'), 'repo.git')
    canary = join(maker.folder, 'canary')
    const source = await reopened()
    await source.fetch(commit, never)
    await source.close()
  })
  afterEach(() => maker.close())
  afterAll(() => remote.close())

  const at = (...names: readonly string[]) => join(repository, ...names)

  async function reopened(options: Parameters<SourceMaker['make']>[1] = {}): Promise<GitSource> {
    const source = maker.make(remote, { cacheDir: maker.cacheDir('cache'), ...options })
    await source.open()
    return source
  }

  async function expectRebuilt(): Promise<void> {
    const source = await reopened()
    expect(await source.has(commit)).toBe(false)
    expect(await source.remoteHead(never)).toBe(commit)
    await source.fetch(commit, never)
    expect(await source.treeId(commit, 'environments/dev')).not.toBeNull()
    await expect(access(canary)).rejects.toMatchObject({ code: 'ENOENT' })
  }

  it('that nobody touched is used again', async () => {
    const source = await reopened()
    expect(await source.has(commit)).toBe(true)
  })

  it('is private', async () => {
    expect((await stat(maker.cacheDir('cache'))).mode & 0o777).toBe(0o700)
  })

  it.each([
    ['core.fsmonitor', (command: string) => `[core]\n\tfsmonitor = ${command}\n`],
    ['core.hooksPath', () => '[core]\n\thooksPath = hooks\n'],
    ['core.sshCommand', (command: string) => `[core]\n\tsshCommand = ${command}\n`],
    ['an alias', (command: string) => `[alias]\n\tfetch = !${command}\n`],
    ['include.path', () => '[include]\n\tpath = /nonexistent\n'],
    ['url.insteadOf', (command: string) => `[url "ext::${command} "]\n\tinsteadOf = file://\n`],
    ['credential.helper', (command: string) => `[credential]\n\thelper = !${command}\n`],
    ['uploadpack.packObjectsHook', (command: string) => `[uploadpack]\n\tpackObjectsHook = ${command}\n`],
  ])('with %s in its configuration is made anew, and nothing is executed', async (_, text) => {
    await appendFile(at('config'), text(`touch ${canary}`))
    await expectRebuilt()
  })

  it.each(['post-checkout', 'reference-transaction', 'pre-auto-gc'])('with a %s hook is made anew', async (hook) => {
    await mkdir(at('hooks'))
    await writeFile(at('hooks', hook), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 })
    await expectRebuilt()
  })

  it.each([
    ['objects/info/alternates', '/nonexistent\n'],
    ['info/grafts', `${'1'.repeat(40)}\n`],
    ['info/attributes', '* filter=x\n'],
    ['config.worktree', '[core]\n'],
    ['commondir', '/nonexistent\n'],
    ['shallow', `${'1'.repeat(40)}\n`],
    ['packed-refs', `${'1'.repeat(40)} refs/replace/${'2'.repeat(40)}\n`],
    ['refs/replace/x', `${'1'.repeat(40)}\n`],
    [`refs/honua/kept/${'1'.repeat(40)}`, `${'2'.repeat(40)}\n`],
    ['HEAD', 'ref: refs/heads/x\n'],
    ['honua.json', '{'],
  ])('with a foreign %s is made anew', async (name, text) => {
    await mkdir(at(name, '..'), { recursive: true })
    await writeFile(at(name), text)
    await expectRebuilt()
  })

  it('with a link in place of a folder is made anew', async () => {
    await rename(at('objects'), join(maker.folder, 'elsewhere'))
    await symlink(join(maker.folder, 'elsewhere'), at('objects'))
    await expectRebuilt()
  })

  it('of another URL is made anew', async () => {
    const other = await fileRemote()
    try {
      const head = await other.commit({ 'b.yaml': 'other' }, 'Other')
      const source = maker.make(other, { cacheDir: maker.cacheDir('cache') })
      await source.open()
      expect(await source.has(commit)).toBe(false)
      await source.fetch(head, never)
      expect(await source.has(head)).toBe(true)
    } finally {
      await other.close()
    }
  })

  it('of another branch of the same repository is used on', async () => {
    const source = await reopened({ branch: 'other' })
    expect(await source.has(commit)).toBe(true)
  })

  it.each(['truncated', 'removed', 'empty'] as const)('with its pack %s before the start is made anew', async (how) => {
    for (const pack of await packs()) {
      const path = at('objects', 'pack', pack)
      const bytes = await readFile(path)
      await rm(path)
      if (how !== 'removed') await writeFile(path, how === 'empty' ? '' : bytes.subarray(0, bytes.length >> 1))
    }
    await expectRebuilt()
  })

  it('damaged while it runs keeps what it has while the remote is gone, and is made anew by the next fetch', async () => {
    const source = await reopened()
    const id = (await source.treeId(commit, 'environments/dev')) ?? ''
    for (const pack of await packs()) await flipBytes(at('objects', 'pack', pack))
    expect(await failure(source.tree(id))).toBeInstanceOf(HonuaError)
    expect(await source.has(commit)).toBe(false)
    await remote.stop()
    await expectCode(source.fetch(commit, never), 'HONUA_GIT_REPOSITORY_MISSING')
    expect(await packs()).not.toEqual([])
    await remote.start()
    await source.fetch(commit, never)
    expect(await source.has(commit)).toBe(true)
    expect(await source.tree(id)).toMatchObject([{ name: 'a.yaml' }])
  })

  it('is cleared of what a killed fetch left, and serves on', async () => {
    const left = [
      'objects/pack/tmp_pack_x',
      'objects/pack/pack-1.keep',
      'config.lock',
      `refs/honua/kept/${commit}.lock`,
    ]
    for (const name of left) await writeFile(at(name), '')
    const source = await reopened()
    expect(await source.has(commit)).toBe(true)
    for (const name of left) await expect(access(at(name))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('keeps every kept commit through a collection of garbage', async () => {
    await git(['--git-dir', repository, 'gc', '--quiet', '--prune=now'])
    expect(await git(['--git-dir', repository, 'cat-file', '-t', commit])).toBe('commit')
  })

  it('stays small however many commits come, and forgets none of them', async () => {
    const source = await reopened()
    const commits: string[] = []
    for (let index = 0; index < 54; index += 1) {
      const next = await remote.commit({ 'a.yaml': `${index}` }, 'Next', { branch: 'many' })
      commits.push(next)
      await source.fetch(next, never)
    }
    await source.close()
    expect((await packs()).filter((name) => name.endsWith('.pack')).length).toBeLessThan(10)
    const again = await reopened()
    for (const each of [commit, ...commits]) expect(await again.has(each)).toBe(true)
  })

  it('that cannot be made is named', async () => {
    await writeFile(join(maker.folder, 'file'), '')
    await expectCode(reopened({ cacheDir: join(maker.folder, 'file', 'cache') }), 'HONUA_GIT_CACHE_UNUSABLE')
  })

  it('holds a repository of SHA-256 ids too', async () => {
    const path = join(maker.folder, 'sha256.git')
    await git(['init', '--quiet', '--bare', '--object-format=sha256', '--initial-branch=main', path])
    const id = await git(
      ['-C', path, 'fast-import', '--quiet', '--done'],
      'commit refs/heads/main\nmark :1\ncommitter T <t@example.org> 1760000000 +0000\ndata 1\nx\nM 100644 inline a\ndata 1\ny\nget-mark :1\ndone\n',
    )
    const source = maker.make({ url: path, credentials: { type: 'none' } })
    await source.open()
    expect(await source.remoteHead(never)).toBe(id)
    await source.fetch(id, never)
    const [entry] = await source.tree((await source.treeId(id, '')) ?? '')
    expect(Buffer.from(await source.blob(entry?.oid ?? '', 10)).toString()).toBe('y')
  })

  const packs = async () => (await readdir(at('objects', 'pack'))).filter((name) => name.endsWith('.pack'))
})

/** Changes the packed objects in place; header and checksum of the pack stay. */
async function flipBytes(path: string): Promise<void> {
  await chmod(path, 0o600)
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  const bytes = Buffer.alloc(size - 12 - 20)
  await file.read(bytes, 0, bytes.length, 12)
  await file.write(
    bytes.map((byte) => byte ^ 0x55),
    0,
    bytes.length,
    12,
  )
  await file.close()
}
