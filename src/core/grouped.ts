import { sha256 } from './canonical.ts'
import type { Digest, ResourceKey } from './vocabulary.ts'

/** What sets are made of. */
interface Keyed {
  readonly key: ResourceKey
}

/** Neighbours in a set sorted by key, and the digest of their text. */
export interface Group<Item extends Keyed> {
  readonly items: readonly Item[]
  readonly digest: Digest
}

/** One of a set: what it is called, and the text that stands for what it is. */
export interface Stamped extends Keyed {
  readonly stamp: string
}

/** On average this many keys make a group: one change among ten thousand then hashes some sixty lines and 150 digests. */
const GROUP_SIZE = 64

/**
 * Digests of large sets that change little. A set sorted by key falls into groups whose bounds depend on the keys alone, so that a change
 * in one place leaves the other groups as they were. A group of the very same objects as before is neither hashed nor looked at
 * again; that never changes a digest, as items are never changed in place.
 */
export class GroupedDigests<Item extends Keyed> {
  readonly #stampOf: (item: Item) => string
  /** By the first of a group: what is remembered lives as long as the set it was seen in. */
  readonly #known = new WeakMap<Item, Group<Item>>()

  constructor(stampOf: (item: Item) => string) {
    this.#stampOf = stampOf
  }

  /** The groups of a set, in the order of keys. */
  groups(set: readonly Item[]): readonly Group<Item>[] {
    return this.#grouped(set) ?? this.#grouped(sortedByKey(set)) ?? []
  }

  /** Undefined when the items are not in the order of their keys. */
  #grouped(items: readonly Item[]): readonly Group<Item>[] | undefined {
    const groups: Group<Item>[] = []
    let before = ''
    for (let at = 0; at < items.length; ) {
      const group = this.#knownAt(items, at) ?? this.#hashed(items, at)
      if (group === undefined || (group.items[0]?.key ?? '') < before) return undefined
      groups.push(group)
      at += group.items.length
      before = group.items.at(-1)?.key ?? ''
    }
    return groups
  }

  #knownAt(items: readonly Item[], from: number): Group<Item> | undefined {
    const first = items[from]
    const known = first === undefined ? undefined : this.#known.get(first)
    const isSame = known?.items.every((item, n) => item === items[from + n]) ?? false
    return known !== undefined && isSame && isBound(items, from + known.items.length) ? known : undefined
  }

  #hashed(all: readonly Item[], from: number): Group<Item> | undefined {
    const items = all.slice(from, groupEnd(all, from))
    const [first] = items
    if (first === undefined || sortedByKey(items) !== items) return undefined
    const digest = sha256(groupText(items.map((item) => ({ key: item.key, stamp: this.#stampOf(item) }))))
    const group = { items, digest }
    this.#known.set(first, group)
    return group
  }
}

/** What is hashed for a group: `key`, newline, `stamp`, newline for each. Neither holds a newline. */
export function groupText(group: readonly Stamped[]): string {
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
export function sortedByKey<Item extends Keyed>(set: readonly Item[]): readonly Item[] {
  let before = ''
  for (const { key } of set) {
    if (key < before) return [...set].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    before = key
  }
  return set
}

function groupEnd(items: readonly Keyed[], from: number): number {
  let end = from + 1
  while (!isBound(items, end)) end += 1
  return end
}

/** Whether a group may begin, and the one before ends, at `at`. */
function isBound(items: readonly Keyed[], at: number): boolean {
  const item = items[at]
  return item === undefined || hash(item.key) % GROUP_SIZE === 0
}

/** FNV-1a, 32 bits: spreads the bounds evenly; nothing rests on its strength. */
function hash(key: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  return value >>> 0
}
