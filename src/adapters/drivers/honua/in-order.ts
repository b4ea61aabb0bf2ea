import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { resolveSecrets } from '../../../core/placeholders.ts'
import type { Resource, ResourceKey } from '../../../core/vocabulary.ts'
import type { Outcome } from '../carry-out.ts'

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
  return { failures: [], stale: [], broken: null }
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
