import type { Digest } from '../../core/vocabulary.ts'
import type { Store } from '../../ports/store.ts'
import { DEPLOYMENTS } from '../records.ts'
import { DigestSet } from './digest-set.ts'
import { digestsIn, referencesOf } from './references.ts'

/** Contents read at once. */
const READ_AT_ONCE = 64

/**
 * Which contents are still referred to: from every kept event, every state (that journals begin with, and the newest, with what is owed in
 * it) and every kept deployment record, and from there on. Throws when the signal aborts, and what
 * reading throws: what cannot be read is never taken for empty.
 */
export async function markContents(store: Store, signal: AbortSignal): Promise<(digest: Digest) => boolean> {
  const marks = new Marks(store)
  for (const { stream } of store.extents()) {
    signal.throwIfAborted()
    const base = await store.base(stream)
    if (base !== undefined) marks.add(digestsIn(base.snapshot))
    for await (const { event } of store.journal(stream)) marks.add(digestsIn(event))
    // Read last: an event that came meanwhile is in the newest state, or was handed its contents a moment ago.
    const newest = await store.snapshot(stream)
    if (newest !== undefined) marks.add(digestsIn(newest.snapshot))
    await marks.follow()
  }
  for await (const { value } of store.documents(DEPLOYMENTS)) {
    signal.throwIfAborted()
    marks.add(digestsIn(value))
    await marks.follow()
  }
  return (digest) => marks.has(digest)
}

/** What was reached, and what is still to be read. */
class Marks {
  readonly #store: Store
  readonly #nodes = new Set<Digest>()
  /** Far more than nodes, and only ever asked for: kept in little room. */
  readonly #leaves = new DigestSet()
  #unread: Digest[] = []

  constructor(store: Store) {
    this.#store = store
  }

  has(digest: Digest): boolean {
    return this.#nodes.has(digest) || this.#leaves.has(digest)
  }

  add(digests: readonly Digest[]): void {
    for (const digest of digests) {
      if (this.#nodes.has(digest)) continue
      this.#nodes.add(digest)
      this.#unread.push(digest)
    }
  }

  /** Reads what was added, and what that refers to. */
  async follow(): Promise<void> {
    while (this.#unread.length > 0)
      for (const text of await this.#store.contents(this.#unread.splice(-READ_AT_ONCE))) {
        if (text === undefined) continue
        const { nodes, leaves } = referencesOf(text)
        this.add(nodes)
        for (const leaf of leaves) this.#leaves.add(leaf)
      }
  }
}
