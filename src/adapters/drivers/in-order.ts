/** How the writes of one apply are sent: in order, and side by side where that is the same. */
import { HonuaError } from '../../core/errors/honua-error.ts'
import { targetErrors } from '../../core/errors/target.ts'
import { resolveSecrets } from '../../core/placeholders.ts'
import type { Resource, ResourceKey } from '../../core/vocabulary.ts'
import { isWhole, type Outcome } from './carry-out.ts'
import { forEachBounded } from './parallel.ts'

const WHOLE: Outcome = { failures: [], stale: [], broken: null }

/** Sends one; what went wrong with it is its outcome. Rejects only when aborted. */
async function sendOne<Item>(item: Item, { send, keysOf, signal }: Series<Item>): Promise<Outcome> {
  signal.throwIfAborted()
  try {
    return (await send(item)) ?? WHOLE
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof HonuaError) {
      const isLost = error.code === 'HONUA_TARGET_UNREACHABLE'
      const message = isLost ? `no answer, not there when read back: ${error.message}` : error.message
      const unclear = keysOf(item).map((key) => ({ key, message }))
      return { failures: [], stale: [], broken: error, unclear }
    }
    throw error
  }
}

/**
 * Sends what does not hang on each other, at most `limit` at once. The first goes alone: what stands in the way of it (an approval, wrong
 * credentials) stands in the way of all. After the first that does not land no other is begun. Rejects only when aborted.
 */
async function sendTogether<Item>(items: readonly Item[], series: Series<Item>): Promise<Outcome> {
  const [first, ...others] = items
  if (first === undefined) return WHOLE
  const outcomes = [await sendOne(first, series)]
  await forEachBounded(others, series.limit, async (item) => {
    if (outcomes.every(isWhole)) outcomes.push(await sendOne(item, series))
  })
  return {
    failures: outcomes.flatMap(({ failures }) => failures),
    stale: outcomes.flatMap(({ stale: moved }) => moved),
    broken: outcomes.find(({ broken }) => broken !== null)?.broken ?? null,
    unclear: outcomes.flatMap(({ unclear = [] }) => unclear),
  }
}

/** The writes of one apply. */
export interface Series<Item> {
  readonly items: readonly Item[]
  /** Neighbours of one sort do not hang on each other; null: it goes alone. */
  readonly sortOf: (item: Item) => string | null
  /** What an item writes. */
  readonly keysOf: (item: Item) => readonly ResourceKey[]
  /** Items in flight at once. */
  readonly limit: number
  /** Null for one that landed. */
  readonly send: (item: Item) => Promise<Outcome | null>
  readonly signal: AbortSignal
}

/** Sends all in order, neighbours of one sort together, and stops behind the first of them that does not land. Rejects only when aborted. */
export async function sendBySort<Item>(series: Series<Item>): Promise<Outcome> {
  const groups: Item[][] = []
  let before: string | null = null
  for (const item of series.items) {
    const sort = series.sortOf(item)
    if (sort !== null && sort === before) groups.at(-1)?.push(item)
    else groups.push([item])
    before = sort
  }
  for (const group of groups) {
    const outcome = await sendTogether(group, series)
    if (!isWhole(outcome)) return outcome
  }
  return WHOLE
}

/** It moved since it was observed, and was left alone. */
export function stale(key: ResourceKey): Outcome {
  return { failures: [], stale: [key], broken: null }
}

/** The server does not take it. */
export function refused(key: ResourceKey, message: string): Outcome {
  return { failures: [{ key, message }], stale: [], broken: null }
}

/** As it is written to the server. Throws HONUA_TARGET_SECRET_MISSING for a secret that was not gathered. */
export function withSecrets(target: string, resource: Resource, secrets: ReadonlyMap<string, string>): Resource {
  return resolveSecrets(resource, (name) => {
    const value = secrets.get(name)
    if (value === undefined) throw targetErrors.secretMissing({ target, secretRef: name })
    return value
  })
}
