import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GitSource } from '../../../src/ports/git.ts'
import { expectCode } from '../../contract/git.suite.ts'
import { type HttpRemote, httpRemote, type SourceMaker, sourceMaker } from '../../support/git-remotes/index.ts'

const never = new AbortController().signal

describe('a server that gives no commits by id', () => {
  let remote: HttpRemote
  let maker: SourceMaker
  let source: GitSource
  let commit: string

  beforeAll(async () => {
    remote = await httpRemote()
    remote.behave('serve-old')
  })
  beforeEach(async () => {
    maker = await sourceMaker()
    source = maker.make(remote, { cacheDir: maker.cacheDir('cache') })
    await source.open()
    commit = await remote.commit({ 'a.yaml': '1' }, 'One', { parent: null })
  })
  afterEach(() => maker.close())
  afterAll(() => remote.close())

  it('gives the head', async () => {
    await source.fetch(await source.remoteHead(never), never)
    expect(await source.has(commit)).toBe(true)
  })

  it('gives an older commit of the branch, which is then kept', async () => {
    const next = await remote.commit({ 'a.yaml': '2' }, 'Two')
    await source.fetch(commit, never)
    await source.fetch(next, never)
    expect(await source.relation(commit, next)).toBe('descendant')
    await source.close()
    const again = maker.make(remote, { cacheDir: maker.cacheDir('cache') })
    await again.open()
    expect(await again.has(commit)).toBe(true)
  })

  it('cannot give a commit that the branch left, which has moved', async () => {
    await remote.commit({ 'a.yaml': 'other' }, 'Start again', { parent: null })
    await expectCode(source.fetch(commit, never), 'HONUA_GIT_MOVED')
  })

  it('names the branch when that is gone meanwhile', async () => {
    await remote.deleteBranch('main')
    await expectCode(source.fetch(commit, never), 'HONUA_GIT_BRANCH_MISSING')
  })
})
