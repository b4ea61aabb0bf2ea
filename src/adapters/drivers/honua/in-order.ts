import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { resolveSecrets } from '../../../core/placeholders.ts'
import type { Resource, ResourceKey } from '../../../core/vocabulary.ts'
import { isWhole, type Outcome } from '../carry-out.ts'
import { forEachBounded } from '../parallel.ts'

const WHOLE: Outcome = { failures: [], stale: [], broken: null }

/** Sends one after the other and stops at the first that does not land; `send` gives null for one that did. Rejects only when aborted. */
export async function sendInOrder<Item>(
  items: readonly Item[],
  send: (item: Item) => Promise<Outcome | null>,
  signal: AbortSignal,
): Promise<Outcome> {
  for (const item of items) {
    signal.throwIfAborted()
    try {
      const outcome = await send(item)
      if (outcome !== null) return outcome
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HonuaError) return { failures: [], stale: [], broken: error }
      throw error
    }
  }
  return WHOLE
}

/**
 * Sends what does not hang on each other, at most `limit` at once. The first goes alone: what stands in the way of it (an approval, wrong
 * credentials) stands in the way of all. After the first that does not land no other is begun. Rejects only when aborted.
 */
export async function sendTogether<Item>(
  items: readonly Item[],
  limit: number,
  send: (item: Item) => Promise<Outcome | null>,
  signal: AbortSignal,
): Promise<Outcome> {
  const [first, ...others] = items
  if (first === undefined) return WHOLE
  const outcomes = [await sendInOrder([first], send, signal)]
  await forEachBounded(others, limit, async (item) => {
    if (outcomes.every(isWhole)) outcomes.push(await sendInOrder([item], send, signal))
  })
  return {
    failures: outcomes.flatMap(({ failures }) => failures),
    stale: outcomes.flatMap(({ stale: moved }) => moved),
    broken: outcomes.find(({ broken }) => broken !== null)?.broken ?? null,
  }
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
