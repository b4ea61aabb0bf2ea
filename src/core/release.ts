/** A whole set of resources as content: a root that lists groups, groups that list resources by identity and content. */
import { sha256 } from './canonical.ts'
import { GroupedDigests, groupText, parseGroupText, type Stamped } from './grouped.ts'
import type { Digest, ResourceKey } from './vocabulary.ts'

/** One resource of a set, by identity and content. */
export interface ResourcePair {
  readonly key: ResourceKey
  readonly digest: Digest
}

const contents = new GroupedDigests<ResourcePair>((pair) => pair.digest)

/** Digest of a whole set: that of its root. Keys must not repeat; their order does not count. */
export function releaseDigest(pairs: readonly ResourcePair[]): Digest {
  return sha256(rootText(contents.groups(pairs).map(({ digest }) => digest)))
}

/** One text of a release, and its SHA-256. */
export interface ReleaseText {
  readonly digest: Digest
  text(): string
}

/** A whole set as texts to be kept by their digests: the groups, and last the root. One changed resource changes one group and the root. */
export function releaseTexts(pairs: readonly ResourcePair[]): readonly ReleaseText[] {
  const groups = contents.groups(pairs)
  const root = rootText(groups.map(({ digest }) => digest))
  return [
    ...groups.map(({ digest, items }) => ({ digest, text: () => groupText(items.map(stamped)) })),
    { digest: sha256(root), text: () => root },
  ]
}

/** The digests of the groups that a root lists. */
export function parseReleaseRoot(root: string): readonly Digest[] {
  return root.split('\n').slice(0, -1)
}

/** The resources that a group lists. */
export function parseReleaseGroup(group: string): readonly ResourcePair[] {
  return parseGroupText(group).map(({ key, stamp }) => ({ key, digest: stamp }))
}

/** The keys of two sets: how many have the same content, and which not, in order. */
export interface Comparison {
  readonly same: number
  readonly different: readonly ResourceKey[]
  readonly onlyOne: readonly ResourceKey[]
  readonly onlyOther: readonly ResourceKey[]
}

export function comparePairs(one: readonly ResourcePair[], other: readonly ResourcePair[]): Comparison {
  const [mine, theirs] = [one, other].map((pairs) => new Map(pairs.map(({ key, digest }) => [key, digest] as const)))
  const keys = (pairs: readonly ResourcePair[], is: (pair: ResourcePair) => boolean) =>
    pairs
      .filter(is)
      .map(({ key }) => key)
      .sort()
  const isDifferent = ({ key, digest }: ResourcePair) => theirs?.has(key) === true && theirs.get(key) !== digest
  return {
    same: one.filter(({ key, digest }) => theirs?.get(key) === digest).length,
    different: keys(one, isDifferent),
    onlyOne: keys(one, ({ key }) => theirs?.has(key) !== true),
    onlyOther: keys(other, ({ key }) => mine?.has(key) !== true),
  }
}

function rootText(groups: readonly Digest[]): string {
  return groups.map((digest) => `${digest}\n`).join('')
}

function stamped({ key, digest }: ResourcePair): Stamped {
  return { key, stamp: digest }
}
