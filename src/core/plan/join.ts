import { GroupedDigests, sortedByKey } from '../grouped.ts'
import type { DeclaredResource, LiveResource, ResourceKey } from '../vocabulary.ts'

/** One key with what stands on either side; on one of them at least. */
export type Joined =
  | { readonly declared: DeclaredResource; readonly live: LiveResource | undefined }
  | { readonly declared: undefined; readonly live: LiveResource }

/** Two sets laid side by side. */
export interface Join {
  /** Live resources that hold just what is declared under their keys, in groups. */
  readonly same: readonly (readonly LiveResource[])[]
  /** All others, sorted by key. */
  readonly rest: readonly Joined[]
}

const ofDeclared = new GroupedDigests<DeclaredResource>(({ digest }) => digest)
const ofLive = new GroupedDigests<LiveResource>(({ digest }) => digest)

/** Both lists by key. Groups that are equal on both sides are not looked into: a small difference between large sets costs little. */
export function joinEqual(declared: readonly DeclaredResource[], live: readonly LiveResource[]): Join {
  const [wanted, found] = [ofDeclared.groups(declared), ofLive.groups(live)]
  const here = new Set(wanted.map(({ digest }) => digest))
  const there = new Map(found.map(({ digest, items }) => [digest, items]))
  return {
    same: wanted.flatMap(({ digest }) => {
      const items = there.get(digest)
      return items === undefined ? [] : [items]
    }),
    rest: joinByKey(
      wanted.filter(({ digest }) => !there.has(digest)).flatMap(({ items }) => items),
      found.filter(({ digest }) => !here.has(digest)).flatMap(({ items }) => items),
    ),
  }
}

/**
 * Both lists merged by key, in one pass over the two. A target that tells a resource twice is believed the first time: the second must
 * not look like something that nobody declared.
 */
export function joinByKey(declared: readonly DeclaredResource[], live: readonly LiveResource[]): readonly Joined[] {
  const [left, right] = [sortedByKey(declared), sortedByKey(live)]
  const joined: Joined[] = []
  let at = 0
  for (const one of left) {
    while (right[at]?.key !== one.key && isBefore(right[at], one.key)) at = takeAlone(right, at, joined)
    const match = right[at]
    joined.push({ declared: one, live: match?.key === one.key ? match : undefined })
    while (right[at]?.key === one.key) at += 1
  }
  while (at < right.length) at = takeAlone(right, at, joined)
  return joined
}

/** Takes the live resource at `at`, which is not declared, and skips those told again; returns where to go on. */
function takeAlone(live: readonly LiveResource[], at: number, joined: Joined[]): number {
  const alone = live[at]
  if (alone === undefined) return at + 1
  joined.push({ declared: undefined, live: alone })
  let next = at + 1
  while (live[next]?.key === alone.key) next += 1
  return next
}

function isBefore(resource: LiveResource | undefined, key: ResourceKey): boolean {
  return resource !== undefined && resource.key < key
}
