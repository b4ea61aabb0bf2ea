import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/**
 * `over` laid upon `base`, as JSON Merge Patch (RFC 7396): mappings are merged field by field, null deletes the field, anything else
 * (sequences too) replaces. Neither is changed.
 */
export function mergePatch(base: JsonObject, over: JsonObject): JsonObject {
  const merged: { [key: string]: Json } = { ...base }
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key]
    else if (isJsonObject(value)) {
      const below = Object.hasOwn(merged, key) ? merged[key] : undefined
      merged[key] = mergePatch(isJsonObject(below) ? below : {}, value)
    } else merged[key] = value
  }
  return merged
}
