import { isJsonObject, type Json } from '../json.ts'

/** A name that could be taken for a place in the list. */
const PLACE = /^\d+$/

/** The items by their `name` (or `id`), when each is an object that has one of its own and none looks like a place; null otherwise. */
export function itemsByName(list: readonly Json[]): ReadonlyMap<string, Json> | null {
  const byName = new Map<string, Json>()
  for (const item of list) {
    const name = nameOf(item)
    if (name === undefined || byName.has(name) || PLACE.test(name)) return null
    byName.set(name, item)
  }
  return byName
}

function nameOf(item: Json): string | undefined {
  if (!isJsonObject(item)) return undefined
  for (const field of ['name', 'id']) {
    const value = Object.hasOwn(item, field) ? item[field] : undefined
    if (typeof value === 'string') return value
  }
  return undefined
}
