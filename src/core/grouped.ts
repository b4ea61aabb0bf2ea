import { sha256 } from './canonical.ts'
import { Lru } from './lru.ts'
import type { Digest, ResourceKey } from './vocabulary.ts'

/** One of a set: what it is called, and the text that stands for what it is. */
export interface Stamped {
  readonly key: ResourceKey
  readonly stamp: string
}

interface Known {
  readonly keys: readonly string[]
  readonly stamps: readonly string[]
  readonly digest: Digest
}

/** On average this many keys make a group: one change among ten thousand then hashes some sixty lines and 150 digests. */
const GROUP_SIZE = 64
/** Keys of which the groups are remembered; about 10 MB of texts, most of which the resources themselves share. */
const REMEMBERED_KEYS = 50_000

/**
 * Digests of large sets that change little. A set sorted by key falls into groups whose bounds depend on the keys alone, so that a change
 * in one place leaves the other groups as they were; those that were hashed lately are not hashed again. What is remembered never
 * changes a digest.
 */
export class GroupedDigests<Item extends { readonly key: ResourceKey }> {
  readonly #stampOf: (item: Item) => string
  readonly #known = new Lru<Known>(REMEMBERED_KEYS)

  constructor(stampOf: (item: Item) => string) {
    this.#stampOf = stampOf
  }

  /** The digests of the groups' texts, in order. */
  groups(set: readonly Item[]): readonly Digest[] {
    const items = sortedByKey(set)
    const digests: Digest[] = []
    for (let at = 0; at < items.length; ) {
      const known = this.#knownAt(items, at) ?? this.#hashed(items, at)
      digests.push(known.digest)
      at += known.keys.length
    }
    return digests
  }

  #knownAt(items: readonly Item[], from: number): Known | undefined {
    const known = this.#known.get(items[from]?.key ?? '')
    if (known === undefined) return undefined
    const isSame = known.keys.every((key, n) => {
      const item = items[from + n]
      return item !== undefined && item.key === key && this.#stampOf(item) === known.stamps[n]
    })
    return isSame && isBound(items, from + known.keys.length) ? known : undefined
  }

  #hashed(items: readonly Item[], from: number): Known {
    const group = items.slice(from, groupEnd(items, from))
    const keys = group.map((item) => item.key)
    const stamps = group.map(this.#stampOf)
    const digest = sha256(groupText(keys.map((key, n) => ({ key, stamp: stamps[n] ?? '' }))))
    const known = { keys, stamps, digest }
    this.#known.set(keys[0] ?? '', known, keys.length)
    return known
  }
}

/** The texts of a set's groups, in order: what `GroupedDigests` hashes. */
export function groupTexts(set: readonly Stamped[]): readonly string[] {
  const items = sortedByKey(set)
  const texts: string[] = []
  for (let at = 0; at < items.length; ) {
    const end = groupEnd(items, at)
    texts.push(groupText(items.slice(at, end)))
    at = end
  }
  return texts
}

/** `key`, newline, `stamp`, newline for each. Neither holds a newline. */
function groupText(group: readonly Stamped[]): string {
  return group.map(({ key, stamp }) => `${key}\n${stamp}\n`).join('')
}

/** Reads back the text of one group. */
export function parseGroupText(text: string): readonly Stamped[] {
  const lines = text.split('\n')
  const group: Stamped[] = []
  for (let at = 0; at + 1 < lines.length; at += 2) group.push({ key: lines[at] ?? '', stamp: lines[at + 1] ?? '' })
  return group
}

/** The set in the order of its keys; the very same list when it is so already. */
export function sortedByKey<Item extends { readonly key: ResourceKey }>(set: readonly Item[]): readonly Item[] {
  let before = ''
  for (const { key } of set) {
    if (key < before) return [...set].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    before = key
  }
  return set
}

function groupEnd(items: readonly { readonly key: ResourceKey }[], from: number): number {
  let end = from + 1
  while (!isBound(items, end)) end += 1
  return end
}

/** Whether a group may begin, and the one before ends, at `at`. */
function isBound(items: readonly { readonly key: ResourceKey }[], at: number): boolean {
  const item = items[at]
  return item === undefined || hash(item.key) % GROUP_SIZE === 0
}

/** FNV-1a, 32 bits: spreads the bounds evenly; nothing rests on its strength. */
function hash(key: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  return value >>> 0
}
