import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/core/canonical.ts'
import { GroupedDigests } from '../../src/core/grouped.ts'
import {
  comparePairs,
  parseReleaseGroup,
  parseReleaseRoot,
  type ResourcePair,
  releaseDigest,
  releaseTexts,
} from '../../src/core/release.ts'

const pairs = fc.uniqueArray(
  fc.record({ key: fc.string({ unit: 'grapheme-ascii', minLength: 1 }), digest: fc.integer().map(String).map(sha256) }),
  { selector: ({ key }) => key, maxLength: 300 },
)

describe('a release', () => {
  it('is the same whatever the order of its resources, and kept under the digest of its root', () => {
    fc.assert(
      fc.property(pairs, fc.infiniteStream(fc.nat()), (set, order) => {
        const shuffled = [...set].map((pair) => ({ pair, at: order.next().value ?? 0 }))
        const mixed = shuffled.sort((a, b) => a.at - b.at).map(({ pair }) => pair)
        expect(releaseDigest(mixed)).toBe(releaseDigest(set))
        expect(releaseTexts(mixed).at(-1)?.digest).toBe(releaseDigest(set))
      }),
    )
  })

  it('reads back from its texts as the pairs it was made of', () => {
    fc.assert(
      fc.property(pairs, (set) => {
        const kept = new Map(releaseTexts(set).map(({ text }) => [sha256(text()), text()]))
        const root = kept.get(releaseDigest(set)) ?? ''
        const read = parseReleaseRoot(root).flatMap((digest) => parseReleaseGroup(kept.get(digest) ?? ''))
        expect(read).toEqual([...set].sort((a, b) => (a.key < b.key ? -1 : 1)))
      }),
    )
  })

  it('is another release once any content, key or member differs', () => {
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
        expect(releaseDigest(one) === releaseDigest(other)).toBe(isSame)
      }),
    )
  })

  it('of ten thousand resources shares all but one group and the root with the release after a change', () => {
    const set = Array.from({ length: 10_000 }, (_, n) => ({ key: `Layer/default/l${n}`, digest: sha256(`${n}`) }))
    const changed = set.map((pair, n) => (n === 4_711 ? { ...pair, digest: sha256('other') } : pair))
    const before = new Set(releaseTexts(set).map(({ digest }) => digest))
    const fresh = releaseTexts(changed).filter(({ digest }) => !before.has(digest))
    expect(fresh).toHaveLength(2)
    expect(before.size).toBeGreaterThan(100)
    expect(before.size).toBeLessThan(250)
  })
})

describe('digests of groups', () => {
  it('never depend on what was hashed before', () => {
    const used = new GroupedDigests<ResourcePair>(({ digest }) => digest)
    fc.assert(
      fc.property(pairs, fc.array(fc.nat()), (set, picks) => {
        used.groups(set)
        const drop = new Set(picks.map((pick) => pick % Math.max(1, set.length)))
        const next = set
          .filter((_, at) => !drop.has(at))
          .map((pair, at) => (at % 7 === 0 ? { ...pair, digest: sha256('x') } : pair))
        expect(used.groups(next)).toEqual(new GroupedDigests<ResourcePair>(({ digest }) => digest).groups(next))
      }),
    )
  })
})

function sorted(set: readonly ResourcePair[]): readonly ResourcePair[] {
  return [...set].sort((a, b) => (a.key < b.key ? -1 : 1))
}

describe('the comparison of two releases', () => {
  it('puts each key of both in exactly one place, and is the same seen from the other side', () => {
    fc.assert(
      fc.property(pairs, pairs, fc.nat(), (one, fresh, shared) => {
        const other = [...one.slice(0, shared), ...fresh.filter(({ key }) => !one.some((pair) => pair.key === key))]
        const found = comparePairs(one, other)
        expect(found.same + found.different.length + found.onlyOne.length).toBe(one.length)
        expect(found.same + found.different.length + found.onlyOther.length).toBe(other.length)
        const { same, different, onlyOne, onlyOther } = comparePairs(other, one)
        expect({ same, different, onlyOne: onlyOther, onlyOther: onlyOne }).toEqual(found)
      }),
    )
  })

  it('tells another content of the same key', () => {
    const pair = (key: string, text: string) => ({ key, digest: sha256(text) })
    expect(comparePairs([pair('a', '1'), pair('b', '1')], [pair('a', '1'), pair('b', '2')])).toEqual({
      same: 1,
      different: ['b'],
      onlyOne: [],
      onlyOther: [],
    })
  })
})
