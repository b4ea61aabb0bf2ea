import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HonuaError } from '../../src/core/errors/honua-error.ts'
import type { GitSource } from '../../src/ports/git.ts'
import type { CommitOptions, Files } from '../support/git-remotes/bare.ts'

/** One remote under the suite's control and sources that look at it; an adapter or a fake brings both. */
export interface GitSubject {
  commit(files: Files, message: string, options?: CommitOptions): Promise<string>
  deleteBranch(branch: string): Promise<void>
  setBranch(branch: string, commit: string): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  /** A source, opened. Sources with the same `cache` share what they fetched; by default each has its own. */
  source(options: { readonly branch: string; readonly cache?: string }): Promise<GitSource>
  close(): Promise<void>
}

export interface GitContract {
  readonly name: string
  readonly open: () => Promise<GitSubject>
  /** Why the suite cannot run here, printed with its title; null when it can. */
  readonly skip?: string | null
}

/** What every GitSource does, whatever is behind it. */
export function gitContract({ name, open, skip = null }: GitContract): void {
  describe.skipIf(skip !== null)(`a Git source over ${name}${skip === null ? '' : ` (skipped: ${skip})`}`, () => {
    let subject: GitSubject
    let branch = ''
    let tests = 0
    const never = new AbortController().signal
    const push = (files: Files, message = 'Change') => subject.commit(files, message, { branch })
    const watch = (cache?: string) => subject.source(cache === undefined ? { branch } : { branch, cache })
    const fetched = async (files: Files) => {
      const source = await watch()
      const commit = await push(files)
      await source.fetch(commit, never)
      return { source, commit }
    }

    beforeAll(async () => {
      subject = await open()
    })
    beforeEach(() => {
      tests += 1
      branch = `branch-${tests}`
    })
    afterAll(async () => {
      await subject.close()
    })

    it('sees each push as the new head', async () => {
      const source = await watch()
      const first = await push({ 'a.yaml': '1' })
      expect(await source.remoteHead(never)).toBe(first)
      const second = await push({ 'a.yaml': '2' })
      expect(await source.remoteHead(never)).toBe(second)
    })

    it('holds a commit after it was fetched, not before', async () => {
      const source = await watch()
      const commit = await push({ 'a.yaml': '1' })
      expect(await source.has(commit)).toBe(false)
      await source.fetch(commit, never)
      expect(await source.has(commit)).toBe(true)
    })

    it('reads trees and blobs of a fetched commit byte for byte', async () => {
      const text = 'naïve\r\n\ttext without final newline'
      const { source, commit } = await fetched({
        'environments/dev/a.yaml': text,
        'environments/dev/run.sh': { mode: '100755', text: '' },
        'environments/dev/link': { mode: '120000', text: '../../etc/passwd' },
      })
      const id = await source.treeId(commit, 'environments/dev')
      const entries = await source.tree(id ?? '')
      expect(entries.map((entry) => [entry.mode, entry.name])).toEqual([
        ['100644', 'a.yaml'],
        ['120000', 'link'],
        ['100755', 'run.sh'],
      ])
      expect(Buffer.from(await source.blob(entries[0]?.oid ?? '', 100)).toString()).toBe(text)
      expect(await source.blob(entries[2]?.oid ?? '', 100)).toHaveLength(0)
    })

    it('tells the tree id of a folder, null for a file or nothing, the root for an empty path', async () => {
      const { source, commit } = await fetched({ 'environments/dev/a.yaml': '1', 'b.yaml': '2' })
      const root = await source.treeId(commit, '')
      const entries = await source.tree(root ?? '')
      expect(entries.find((entry) => entry.name === 'environments')).toMatchObject({
        mode: '040000',
        oid: await source.treeId(commit, 'environments'),
      })
      expect(await source.treeId(commit, 'b.yaml')).toBeNull()
      expect(await source.treeId(commit, 'environments/prod')).toBeNull()
      expect(await source.treeId(commit, 'environments/dev/a.yaml/x')).toBeNull()
    })

    it('a change in one folder leaves the tree id of the other as it was', async () => {
      const { source, commit } = await fetched({ 'environments/dev/a.yaml': '1', 'environments/prod/a.yaml': '1' })
      const next = await push({ 'environments/dev/a.yaml': '2' })
      await source.fetch(next, never)
      const of = (of: string, folder: string) => source.treeId(of, `environments/${folder}`)
      expect(await of(next, 'prod')).toBe(await of(commit, 'prod'))
      expect(await of(next, 'dev')).not.toBe(await of(commit, 'dev'))
    })

    it('reads a thousand blobs asked for at once', async () => {
      const files = Object.fromEntries(
        Array.from({ length: 1000 }, (_, index) => [`f/${index}.yaml`, `value: ${index}`]),
      )
      const { source, commit } = await fetched(files)
      const entries = await source.tree((await source.treeId(commit, 'f')) ?? '')
      const texts = await Promise.all(entries.map((entry) => source.blob(entry.oid, 100)))
      expect(texts.map((bytes) => Buffer.from(bytes).toString()).sort()).toEqual(Object.values(files).sort())
    })

    it('refuses a blob above the limit and gives one at the limit', async () => {
      const { source, commit } = await fetched({ 'a.yaml': 'x'.repeat(1000) })
      const [entry] = await source.tree((await source.treeId(commit, '')) ?? '')
      await expectCode(source.blob(entry?.oid ?? '', 999), 'HONUA_GIT_BLOB_TOO_LARGE')
      expect(await source.blob(entry?.oid ?? '', 1000)).toHaveLength(1000)
    })

    it('an object that is not there, or of another type, is missing', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      const root = (await source.treeId(commit, '')) ?? ''
      const absent = '1'.repeat(40)
      for (const call of [
        source.blob(absent, 10),
        source.blob(root, 1000),
        source.tree(absent),
        source.commitInfo(absent),
        source.treeId(root, ''),
        source.relation(commit, absent),
      ])
        await expectCode(call, 'HONUA_GIT_OBJECT_MISSING')
    })

    it('tells who committed what and when, with active characters written out', async () => {
      const source = await watch()
      const commit = await subject.commit(
        { 'a.yaml': '1' },
        'Add \u001b]0;x\u0007 layer\nof \u202eparcels\n\nBody.\n',
        {
          branch,
          author: 'Zoë \u009bQ <zoe@example.org>',
          at: 1_750_000_000,
        },
      )
      await source.fetch(commit, never)
      expect(await source.commitInfo(commit)).toEqual({
        commit,
        author: 'Zoë \\x9bQ <zoe@example.org>',
        subject: 'Add \\x1b]0;x\\x07 layer of \\u{202e}parcels',
        committedAt: 1_750_000_000_000,
      })
    })

    it('knows a descendant from a commit itself and from an older one', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      await push({ 'a.yaml': '2' })
      const third = await push({ 'a.yaml': '3' })
      await source.fetch(third, never)
      expect(await source.relation(commit, commit)).toBe('same')
      expect(await source.relation(commit, third)).toBe('descendant')
      expect(await source.relation(third, commit)).toBe('rewritten')
    })

    it('knows a descendant however far back the older one is', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      let newest = commit
      for (let count = 0; count < 20; count += 1) newest = await push({ 'a.yaml': `later ${count}` })
      await source.fetch(newest, never)
      expect(await source.relation(commit, newest)).toBe('descendant')
    })

    it('counts the commits between two, of those that touch what is asked for, up to a bound', async () => {
      const { source, commit } = await fetched({ 'environments/dev/a.yaml': '0', 'environments/dev-2/a.yaml': '0' })
      for (const [path, text] of [
        ['environments/dev/a.yaml', '1'],
        ['environments/dev-2/a.yaml', '1'],
        ['.gitops/policy.yaml', '1'],
        ['environments/dev/deep/b.yaml', '1'],
        ['README', '1'],
      ] as const)
        await push({ [path]: text })
      const head = await source.remoteHead(never)
      await source.fetch(head, never)
      const between = (from: string, to: string, paths: readonly string[], most = 100) =>
        source.commitsBetween(from, to, { paths, most })
      expect(await between(commit, head, ['environments/dev', '.gitops'])).toBe(3)
      expect(await between(commit, head, ['environments/dev-2', 'environments/common'])).toBe(1)
      expect(await between(commit, head, ['environments/*', 'environments/nowhere'])).toBe(0)
      expect(await between(commit, head, ['environments/dev', '.gitops'], 2)).toBe(2)
      expect(await between(head, head, ['environments/dev'])).toBe(0)
      expect(await between(head, commit, ['environments/dev'])).toBe(0)
      expect(await between(commit, '5'.repeat(40), ['environments/dev'])).toBeNull()
    })

    it('a force-push is a rewrite, and the abandoned commit stays readable', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      const other = await subject.commit({ 'a.yaml': 'other' }, 'Start again', { branch, parent: null })
      expect(await source.remoteHead(never)).toBe(other)
      await source.fetch(other, never)
      expect(await source.relation(commit, other)).toBe('rewritten')
      expect(await source.treeId(commit, '')).not.toBe(await source.treeId(other, ''))
    })

    it('a predecessor that the cache never held counts as rewritten', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      expect(await source.relation('2'.repeat(40), commit)).toBe('rewritten')
    })

    it('says that a branch does not exist, even when a longer ref ends like it', async () => {
      const source = await watch()
      await subject.commit({ 'a.yaml': '1' }, 'Decoy', { branch: `refs/heads/${branch}` })
      await expectCode(source.remoteHead(never), 'HONUA_GIT_BRANCH_MISSING')
    })

    it('a deleted branch is missing, and the cache serves on', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      await subject.deleteBranch(branch)
      await expectCode(source.remoteHead(never), 'HONUA_GIT_BRANCH_MISSING')
      expect(await source.treeId(commit, '')).not.toBeNull()
    })

    it('fetches the commit asked for though the branch moved on meanwhile', async () => {
      const source = await watch()
      const commit = await push({ 'a.yaml': '1' })
      await push({ 'a.yaml': '2' })
      await source.fetch(commit, never)
      expect(await source.has(commit)).toBe(true)
    })

    it('a commit that the remote does not have has moved', async () => {
      const { source } = await fetched({ 'a.yaml': '1' })
      await expectCode(source.fetch('3'.repeat(40), never), 'HONUA_GIT_MOVED')
    })

    it('fetching twice, at once or again, is as good as once', async () => {
      const source = await watch()
      const commit = await push({ 'a.yaml': '1' })
      await Promise.all([source.fetch(commit, never), source.fetch(commit, never)])
      await source.fetch(commit, never)
      expect(await source.has(commit)).toBe(true)
    })

    it('serves from the cache while the remote is gone, and sees it again by itself', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      const next = await push({ 'a.yaml': '2' })
      await subject.stop()
      try {
        const error = await failure(source.remoteHead(never))
        expect(error).toBeInstanceOf(HonuaError)
        await expect(source.fetch(next, never)).rejects.toBeInstanceOf(HonuaError)
        const [entry] = await source.tree((await source.treeId(commit, '')) ?? '')
        expect(Buffer.from(await source.blob(entry?.oid ?? '', 10)).toString()).toBe('1')
      } finally {
        await subject.start()
      }
      expect(await source.remoteHead(never)).toBe(next)
    })

    it('after a restart the cache serves with the remote gone', async () => {
      const first = await watch(`shared-${branch}`)
      const commit = await push({ 'environments/dev/a.yaml': '1' })
      await first.fetch(commit, never)
      await first.close()
      await subject.stop()
      try {
        const second = await watch(`shared-${branch}`)
        expect(await second.has(commit)).toBe(true)
        expect(await second.treeId(commit, 'environments/dev')).not.toBeNull()
      } finally {
        await subject.start()
      }
    })

    it('a first start without the remote opens, and then fails by name', async () => {
      await subject.stop()
      try {
        const source = await watch()
        await expect(source.remoteHead(never)).rejects.toBeInstanceOf(HonuaError)
        expect(await source.has('4'.repeat(40))).toBe(false)
      } finally {
        await subject.start()
      }
    })

    it('refuses what is no id before anything is asked', async () => {
      const source = await watch()
      for (const text of [
        '',
        'main',
        '-x',
        'HEAD',
        'A'.repeat(40),
        `${'a'.repeat(40)}\n`,
        'a'.repeat(39),
        '0'.repeat(40),
      ])
        for (const call of [
          () => source.fetch(text, never),
          () => source.has(text),
          () => source.relation(text, '1'.repeat(40)),
          () => source.relation('1'.repeat(40), text),
          () => source.commitInfo(text),
          () => source.commitsBetween(text, '1'.repeat(40), { paths: [], most: 1 }),
          () => source.commitsBetween('1'.repeat(40), text, { paths: [], most: 1 }),
          () => source.treeId(text, ''),
          () => source.tree(text),
          () => source.blob(text, 1),
        ])
          await expectCode(async () => call(), 'HONUA_GIT_REF_INVALID')
    })

    it('an aborted call ends with the reason of its signal', async () => {
      const source = await watch()
      const reason = new Error('enough')
      const commit = await push({ 'a.yaml': '1' })
      expect(await failure(source.remoteHead(AbortSignal.abort(reason)))).toBe(reason)
      expect(await failure(source.fetch(commit, AbortSignal.abort(reason)))).toBe(reason)
      await source.fetch(commit, never)
    })

    it('a closed source refuses every call', async () => {
      const { source, commit } = await fetched({ 'a.yaml': '1' })
      await source.close()
      await source.close()
      for (const call of [
        () => source.remoteHead(never),
        () => source.fetch(commit, never),
        () => source.has(commit),
        () => source.treeId(commit, ''),
      ])
        await expectCode(async () => call(), 'HONUA_GIT_CLOSED')
    })
  })
}

/** The error a promise rejects with; fails when it resolves. */
export async function failure(work: Promise<unknown> | (() => Promise<unknown>)): Promise<unknown> {
  let value: unknown
  try {
    value = await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error
  }
  throw new Error(`expected a failure, got ${JSON.stringify(value)}`)
}

/** Expects a HonuaError with this code. */
export async function expectCode(work: Promise<unknown> | (() => Promise<unknown>), code: string): Promise<HonuaError> {
  const error = await failure(work)
  expect(error).toMatchObject({ code })
  if (!(error instanceof HonuaError)) throw error
  return error
}
