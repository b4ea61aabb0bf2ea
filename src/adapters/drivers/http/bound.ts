/** Which kinds must be written one after the other, because their resources may need each other. Templates do not say so; the content does. */
import { isJsonObject, type Json } from '../../../core/json.ts'
import { kindOf } from '../../../core/resource.ts'
import type { Pending } from '../carry-out.ts'

/**
 * Kinds of which one resource names another that is written with it: in any text or key of what is written or taken away, whole or as a
 * word, or as its namespace. A chance likeness costs time only.
 */
export function kindsBound(pending: readonly Pending[]): ReadonlySet<string> {
  const names = new Map<string, Set<string>>()
  for (const { change } of pending) {
    const known = names.get(kindOf(change.key)) ?? new Set()
    names.set(kindOf(change.key), known.add(nameOf(change.key)))
  }
  const bound = new Set<string>()
  for (const { change, desired, before } of pending) {
    const kind = kindOf(change.key)
    if (bound.has(kind)) continue
    const own = nameOf(change.key)
    const others = names.get(kind) ?? new Set()
    const said = [desired, before].flatMap((one) =>
      one === null ? [] : [one.namespace, ...textsIn(one.metadata), ...textsIn(one.spec)],
    )
    if (said.some((text) => wordsOf(text).some((word) => word !== own && others.has(word)))) bound.add(kind)
  }
  return bound
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : []
}

/** Names stand in references whole, behind those of what they are in (`cadastre:roads`, `/groups/roads`), or among other words. */
function wordsOf(text: string): readonly string[] {
  return [text, ...text.split(/[\s/:,;|]+/), ...text.split(/[^\p{L}\p{N}_-]+/u)]
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
