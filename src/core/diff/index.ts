/** What differs between what is live and what is desired, field by field and by meaning. */
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { FieldChange, IgnoreRule, Resource } from '../vocabulary.ts'
import { isAtOrBelow, pointerTo } from './pointer.ts'

/** A field that is there on at least one side. */
type Side = Json | undefined

/**
 * Differences in metadata and spec, in document order: numbers by value, key order ignored. Lists of things with a unique `name` (or
 * `id`) are matched by it, other lists by place. What an ignore rule covers is left out. Empty when the two mean the same.
 */
export function diffResources(
  live: Resource,
  desired: Resource,
  ignore: readonly IgnoreRule[] = [],
): readonly FieldChange[] {
  if (live.digest === desired.digest) return []
  const changes: FieldChange[] = []
  if (live.apiVersion !== desired.apiVersion)
    changes.push({ pointer: '/apiVersion', before: live.apiVersion, after: desired.apiVersion })
  diffValues('/metadata', live.metadata, desired.metadata, changes)
  diffValues('/spec', live.spec, desired.spec, changes)
  const rules = ignore.filter((rule) => rule.kind === '*' || rule.kind === desired.kind)
  return rules.length === 0
    ? changes
    : changes.filter((change) => !rules.some((rule) => isAtOrBelow(change.pointer, rule.pointer)))
}

function diffValues(pointer: string, before: Side, after: Side, changes: FieldChange[]): void {
  if (before === after) return
  if (isJsonObject(before) && isJsonObject(after)) diffObjects(pointer, before, after, changes)
  else if (Array.isArray(before) && Array.isArray(after)) diffLists(pointer, before, after, changes)
  else changes.push({ pointer, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })
}

function diffObjects(pointer: string, before: JsonObject, after: JsonObject, changes: FieldChange[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    diffValues(pointerTo(pointer, key), own(before, key), own(after, key), changes)
}

function diffLists(pointer: string, before: readonly Json[], after: readonly Json[], changes: FieldChange[]): void {
  const named = namesOf(before)
  const wanted = namesOf(after)
  if (named === null || wanted === null) {
    for (let at = 0; at < Math.max(before.length, after.length); at += 1)
      diffValues(pointerTo(pointer, at), before[at], after[at], changes)
    return
  }
  for (const name of new Set([...named.keys(), ...wanted.keys()]))
    diffValues(pointerTo(pointer, name), named.get(name), wanted.get(name), changes)
  if (changesOrder([...named.keys()], [...wanted.keys()]))
    changes.push({ pointer, before: [...named.keys()], after: [...wanted.keys()] })
}

/** The items by name, when every item is an object with a name of its own; null otherwise. An empty list has no names to clash. */
function namesOf(list: readonly Json[]): ReadonlyMap<string, Json> | null {
  const byName = new Map<string, Json>()
  for (const item of list) {
    const name = isJsonObject(item) ? (own(item, 'name') ?? own(item, 'id')) : undefined
    if (typeof name !== 'string' || byName.has(name)) return null
    byName.set(name, item)
  }
  return byName
}

/** Whether the names that both lists hold stand in another order. */
function changesOrder(before: readonly string[], after: readonly string[]): boolean {
  const shared = new Set(before.filter((name) => after.includes(name)))
  const kept = after.filter((name) => shared.has(name))
  return before.filter((name) => shared.has(name)).some((name, at) => name !== kept[at])
}

function own(object: JsonObject, key: string): Side {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
