import { sortedByKey } from '../grouped.ts'
import type { DeclaredResource, LiveResource, ResourceKey } from '../vocabulary.ts'

/** One key with what stands on either side; on one of them at least. */
export type Joined =
  | { readonly declared: DeclaredResource; readonly live: LiveResource | undefined }
  | { readonly declared: undefined; readonly live: LiveResource }

/**
 * Both sides side by side, by key. They come sorted, so this is one walk without any table: with ten thousand resources that are as
 * they should be it is most of what planning costs. A target that names a key twice is taken at its first word: the second must
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

/** Adds what is live alone and steps over its namesakes. */
function takeAlone(live: readonly LiveResource[], at: number, joined: Joined[]): number {
  const one = live[at]
  if (one === undefined) return at + 1
  joined.push({ declared: undefined, live: one })
  let next = at + 1
  while (live[next]?.key === one.key) next += 1
  return next
}

function isBefore(resource: LiveResource | undefined, key: ResourceKey): boolean {
  return resource !== undefined && resource.key < key
}
