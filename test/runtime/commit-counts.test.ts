import { describe, expect, it } from 'vitest'
import { gitErrors } from '../../src/core/errors/git.ts'
import { CommitCounts } from '../../src/runtime/commit-counts.ts'
import { memoryGit } from '../support/memory-git.ts'

describe('commits that touch an environment', () => {
  it('are those that change its folder, what is common, or the policy', async () => {
    const git = memoryGit()
    const first = git.commit({ 'environments/dev/a.yaml': '0' })
    git.commit({ 'environments/dev/a.yaml': '1' })
    git.commit({ 'environments/production/a.yaml': '1' })
    git.commit({ 'environments/common/a.yaml': '1' })
    git.commit({ 'README.md': '1' })
    const last = git.commit({ '.gitops/policy.yaml': '1' })
    const counts = new CommitCounts(git)
    expect(await counts.between('dev', first, last)).toBe(3)
    expect(await counts.between('staging', first, last)).toBe(2)
    expect(await counts.between('dev', last, last)).toBe(0)
  })

  it('are counted once for two commits, however often and by however many that is asked', async () => {
    let asked = 0
    const counts = new CommitCounts({
      commitsBetween: async () => {
        asked += 1
        return 4
      },
    })
    const answers = await Promise.all([1, 2, 3].map(() => counts.between('dev', 'a', 'b')))
    expect([...answers, await counts.between('dev', 'a', 'b'), asked]).toEqual([4, 4, 4, 4, 1])
  })

  it('are counted two at a time', async () => {
    let [running, most] = [0, 0]
    const counts = new CommitCounts({
      commitsBetween: async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        return 1
      },
    })
    await Promise.all(Array.from({ length: 20 }, (_, at) => counts.between(`e${at}`, 'a', 'b')))
    expect(most).toBe(2)
  })

  it('that cannot be counted now are counted when asked for again', async () => {
    let isGone = true
    const counts = new CommitCounts({
      commitsBetween: async () => {
        if (isGone) throw gitErrors.cacheDamaged({ detail: 'an object is gone' })
        return 2
      },
    })
    expect(await counts.between('dev', 'a', 'b')).toBeNull()
    isGone = false
    expect(await counts.between('dev', 'a', 'b')).toBe(2)
  })
})
