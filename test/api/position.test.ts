import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Position } from '../../src/api/live/position.ts'
import { sha256 } from '../../src/core/canonical.ts'

const streams = fc.array(fc.constantFrom('source', 'environment/dev', 'environment/production'), { maxLength: 40 })

/** The commits of one history: each stream counts for itself. */
function commitsOf(order: readonly string[]) {
  const heads = new Map<string, number>()
  return order.map((stream) => {
    const sequence = (heads.get(stream) ?? 0) + 1
    heads.set(stream, sequence)
    return { stream, sequence, hash: sha256(`${stream} ${sequence}`) }
  })
}

describe('the position of the journals', () => {
  it('is the same after a restart, which knows the newest entries alone', () => {
    fc.assert(
      fc.property(streams, (order) => {
        const [running, restarted] = [new Position(), new Position()]
        const newest = new Map<string, ReturnType<typeof commitsOf>[number]>()
        for (const commit of commitsOf(order)) {
          running.move(commit.stream, commit.sequence, commit.hash)
          newest.set(commit.stream, commit)
        }
        for (const { stream, sequence, hash } of [...newest.values()].reverse()) restarted.move(stream, sequence, hash)
        expect(String(restarted)).toBe(String(running))
      }),
    )
  })

  it('is another one after each commit', () => {
    fc.assert(
      fc.property(streams, (order) => {
        const position = new Position()
        const seen = new Set([String(position)])
        for (const { stream, sequence, hash } of commitsOf(order)) {
          position.move(stream, sequence, hash)
          seen.add(String(position))
        }
        expect(seen.size).toBe(order.length + 1)
      }),
    )
  })

  it('is another one where the same number of events led elsewhere', () => {
    const [one, other] = [new Position(), new Position()]
    one.move('source', 3, sha256('one'))
    other.move('source', 3, sha256('other'))
    expect(String(one)).not.toBe(String(other))
  })
})
