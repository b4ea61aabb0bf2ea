import { readdir, readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitSource } from '../../../src/ports/git.ts'
import { expectCode, failure } from '../../contract/git.suite.ts'
import { type HttpRemote, httpRemote, type SourceMaker, sourceMaker } from '../../support/git-remotes/index.ts'

const never = new AbortController().signal
const TIMEOUT_MS = 5_000

describe('a Git server that hangs', () => {
  let remote: HttpRemote
  let maker: SourceMaker
  let source: GitSource
  let commit: string

  beforeEach(async () => {
    remote = await httpRemote()
    maker = await sourceMaker()
    source = maker.make(remote, { timeoutMs: TIMEOUT_MS, fetchTimeoutMs: TIMEOUT_MS })
    await source.open()
    commit = await remote.commit({ 'a.yaml': '1' }, 'One')
  })
  afterEach(async () => {
    await maker.close()
    await remote.close()
  })

  const calls = {
    remoteHead: (signal: AbortSignal) => source.remoteHead(signal),
    fetch: (signal: AbortSignal) => source.fetch(commit, signal),
  }

  describe.each(['hang', 'hang-midway'] as const)('(%s)', (behaviour) => {
    it.each(['remoteHead', 'fetch'] as const)('ends %s at its deadline and leaves no process', async (call) => {
      remote.behave(behaviour)
      const asked = remote.nextRequest()
      const error = expectCode(calls[call](never), 'HONUA_GIT_TIMEOUT')
      await asked
      expect(await processesNaming(remote.url)).not.toEqual([])
      maker.clock.elapse(TIMEOUT_MS)
      expect((await error).message).toContain('within 5 s')
      expect(await processesNaming(remote.url)).toEqual([])
    })
  })

  it.each(['hang', 'hang-midway'] as const)(
    'ends a call that was answered halfway (%s) at its deadline',
    async (behaviour) => {
      const error = expectCode(calls.remoteHead(never), 'HONUA_GIT_TIMEOUT')
      // Refused without a token, then greeted; the question after that is left open.
      await remote.nextRequest()
      await remote.nextRequest()
      remote.behave(behaviour)
      await remote.nextRequest()
      maker.clock.elapse(TIMEOUT_MS)
      await error
      expect(remote.requests.at(-1)).toBe('POST /city.git/git-upload-pack')
      expect(await processesNaming(remote.url)).toEqual([])
    },
  )

  it.each(['remoteHead', 'fetch'] as const)('is left at once when %s is aborted', async (call) => {
    remote.behave('hang')
    const abort = new AbortController()
    const asked = remote.nextRequest()
    const error = failure(calls[call](abort.signal))
    await asked
    abort.abort(new Error('enough'))
    expect(await error).toMatchObject({ message: 'enough' })
    expect(await processesNaming(remote.url)).toEqual([])
  })

  it('does not keep the source from closing', async () => {
    remote.behave('hang')
    const asked = remote.nextRequest()
    const calls = [source.remoteHead(never), source.fetch(commit, never)].map((call) =>
      expectCode(call, 'HONUA_GIT_CLOSED'),
    )
    await asked
    await source.close()
    await Promise.all(calls)
    expect(await processesNaming(remote.url)).toEqual([])
  })

  it('does not keep the cache from serving, nor the next fetch from working', async () => {
    await source.fetch(commit, never)
    const next = await remote.commit({ 'a.yaml': '2' }, 'Two')
    remote.behave('hang')
    const asked = remote.nextRequest()
    const fetching = expectCode(source.fetch(next, never), 'HONUA_GIT_TIMEOUT')
    await asked
    expect(await source.treeId(commit, '')).not.toBeNull()
    maker.clock.elapse(TIMEOUT_MS)
    await fetching
    remote.behave('serve')
    await source.fetch(next, never)
    expect(await source.relation(commit, next)).toBe('descendant')
  })
})

/** Command lines of running processes that hold the text. Zombies have none. */
async function processesNaming(text: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // A process may end between the two calls.
    const line = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '')
    if (line.includes(text)) found.push(line.replaceAll('\0', ' '))
  }
  return found
}
