/** A whole set of resources as content: a root that lists groups, groups that list resources by identity and content. */
import { sha256 } from './canonical.ts'
import { GroupedDigests, groupTexts, parseGroupText } from './grouped.ts'
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

/** A whole set as texts to be kept by their SHA-256: the groups, then the root. One changed resource changes one group and the root. */
export function releaseTexts(pairs: readonly ResourcePair[]): {
  readonly groups: readonly string[]
  readonly root: string
} {
  const groups = groupTexts(pairs.map(({ key, digest }) => ({ key, stamp: digest })))
  return { groups, root: rootText(groups.map(sha256)) }
}

/** The digests of the groups that a root lists. */
export function parseReleaseRoot(root: string): readonly Digest[] {
  return root.split('\n').slice(0, -1)
}

/** The resources that a group lists. */
export function parseReleaseGroup(group: string): readonly ResourcePair[] {
  return parseGroupText(group).map(({ key, stamp }) => ({ key, digest: stamp }))
}

function rootText(groups: readonly Digest[]): string {
  return groups.map((digest) => `${digest}\n`).join('')
}
