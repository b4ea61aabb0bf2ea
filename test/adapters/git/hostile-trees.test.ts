import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GitSource } from '../../../src/ports/git.ts'
import { expectCode } from '../../contract/git.suite.ts'
import {
  fileRemote,
  type GitRemote,
  git,
  rawObject,
  type SourceMaker,
  sourceMaker,
} from '../../support/git-remotes/index.ts'

const never = new AbortController().signal

describe('what a hostile repository sends', () => {
  let remote: GitRemote
  let maker: SourceMaker
  let source: GitSource
  let good: string
  let blob: string

  beforeAll(async () => {
    remote = await fileRemote()
    blob = await rawObject(remote.repository, 'blob', 'x')
  })
  beforeEach(async () => {
    maker = await sourceMaker()
    source = maker.make(remote, { cacheDir: maker.cacheDir('cache') })
    await source.open()
    good = await remote.commit({ 'a.yaml': 'good' }, 'Good', { parent: null })
    await source.fetch(good, never)
  })
  afterEach(() => maker.close())
  afterAll(() => remote.close())

  /** A commit on main whose tree holds the entries as given, checked by nobody. */
  async function push(...entries: readonly (readonly [mode: string, name: string, oid?: string])[]) {
    const raw = entries.map(([mode, name, oid]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid ?? blob, 'hex')]),
    )
    const tree = await rawObject(remote.repository, 'tree', Buffer.concat(raw))
    const who = 'A Tester <tester@example.org> 1760000001 +0000'
    const commit = await rawObject(
      remote.repository,
      'commit',
      `tree ${tree}\nparent ${good}\nauthor ${who}\ncommitter ${who}\n\nBad\n`,
    )
    await remote.setBranch('main', commit)
    return commit
  }

  it.each([
    ['.git', [['100644', '.git']]],
    ['.GIT', [['100644', '.GIT']]],
    ['..', [['100644', '..']]],
    ['.', [['100644', '.']]],
    ['git~1', [['100644', 'git~1']]],
    ['a/b', [['100644', 'a/b']]],
    [
      'a name twice',
      [
        ['100644', 'a'],
        ['100644', 'a'],
      ],
    ],
    [
      'a wrong order',
      [
        ['100644', 'b'],
        ['100644', 'a'],
      ],
    ],
    ['.gitmodules as a link', [['120000', '.gitmodules']]],
  ] as const)('a tree with %s is refused, and the last good state is kept', async (_, entries) => {
    const bad = await push(...entries)
    const error = await expectCode(source.fetch(bad, never), 'HONUA_GIT_REJECTED')
    expect(error.retry).toBe('never')
    expect(await source.has(bad)).toBe(false)
    const [entry] = await source.tree((await source.treeId(good, '')) ?? '')
    expect(Buffer.from(await source.blob(entry?.oid ?? '', 10)).toString()).toBe('good')
    expect((await packs()).filter((name) => /tmp|lock|keep/.test(name))).toEqual([])
  })

  it('a .gitmodules whose URL is an option is refused', async () => {
    const modules = await rawObject(remote.repository, 'blob', '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n')
    await expectCode(source.fetch(await push(['100644', '.gitmodules', modules]), never), 'HONUA_GIT_REJECTED')
  })

  it('names that Git lets through come out as they are, for the loader to refuse', async () => {
    const names = ['\u001b]0;x', '-rf', 'A', 'a', 'a\nb', 'back\\slash']
    const commit = await push(...names.map((name) => ['100644', name] as const))
    await source.fetch(commit, never)
    const entries = await source.tree((await source.treeId(commit, '')) ?? '')
    expect(entries.map((entry) => entry.name)).toEqual(names)
  })

  it('submodules, attributes and LFS pointers bring nothing and change nothing', async () => {
    const text = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'
    const commit = await remote.commit(
      {
        '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = https://git.invalid/x\n',
        '.lfsconfig': '[lfs]\n\turl = https://git.invalid/lfs\n',
        '.gitattributes': '* filter=lfs working-tree-encoding=UTF-16 ident export-ignore\n',
        'a.yaml': text,
        x: { mode: '160000', text: '1'.repeat(40) },
      },
      'Modules',
    )
    await source.fetch(commit, never)
    const entries = await source.tree((await source.treeId(commit, '')) ?? '')
    expect(entries.find((entry) => entry.name === 'x')?.mode).toBe('160000')
    expect(await source.treeId(commit, 'x')).toBeNull()
    const oid = entries.find((entry) => entry.name === 'a.yaml')?.oid ?? ''
    expect(Buffer.from(await source.blob(oid, 1000)).toString()).toBe(text)
  })

  it('replace refs, grafts and tags of the remote change nothing', async () => {
    const other = await remote.commit({ 'a.yaml': 'attack' }, 'Attack', { branch: 'other', parent: null })
    const next = await remote.commit({ 'a.yaml': 'next' }, 'Next')
    const [goodTree, otherTree] = await Promise.all(
      [next, other].map((commit) => git(['-C', remote.repository, 'rev-parse', `${commit}^{tree}`])),
    )
    await git(['-C', remote.repository, 'update-ref', `refs/replace/${goodTree}`, otherTree ?? ''])
    await git(['-C', remote.repository, 'update-ref', `refs/replace/${next}`, other])
    await git(['-C', remote.repository, 'update-ref', 'refs/tags/v1', next])
    await source.fetch(next, never)
    expect(await source.treeId(next, '')).toBe(goodTree)
    const refs = await readdir(join(maker.cacheDir('cache'), 'repo.git', 'refs'), { recursive: true })
    expect(refs.filter((name) => /[0-9a-f]{40}|replace|v1/.test(name)).sort()).toEqual(
      [`honua/kept/${good}`, `honua/kept/${next}`].sort(),
    )
  })

  it('a pack above the limit is cut off, and leaves nothing', async () => {
    const small = maker.make(remote, { cacheDir: maker.cacheDir('small'), fetchBytesMax: 64 * 1024 })
    await small.open()
    const noise = Array.from({ length: 40_000 }, (_, index) => ((index * 2654435761) >>> 0).toString(36)).join('')
    const commit = await remote.commit({ 'big.yaml': noise }, 'Big')
    await expectCode(small.fetch(commit, never), 'HONUA_GIT_TOO_LARGE')
    expect(await readdir(join(maker.cacheDir('small'), 'repo.git', 'objects', 'pack'))).toEqual([])
  })

  const packs = () => readdir(join(maker.cacheDir('cache'), 'repo.git', 'objects', 'pack'))
})
