/** Reading JSON whose shape the server promises. */
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

/** The named fields that are there, `null` left out: these servers tell an absent value as null. */
export function pick(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const field = value[name]
      return field === undefined || field === null ? [] : [[name, field]]
    }),
  )
}

export function textIn(value: JsonObject, name: string): string | null {
  const field = value[name]
  return typeof field === 'string' && field !== '' ? field : null
}

/** The objects of a list; null where it is no list, or holds something else: it must never look like a shorter one. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] | null {
  if (!Array.isArray(value)) return null
  const items: readonly Json[] = value
  const objects = items.filter(isJsonObject)
  return objects.length === items.length ? objects : null
}

/** The first that is there. */
export function firstOf(...values: readonly (Json | undefined)[]): Json | undefined {
  return values.find((value) => value !== undefined && value !== null)
}

/** Without what is undefined. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

export function objectIn(value: JsonObject, name: string): JsonObject {
  const field = value[name]
  return isJsonObject(field) ? field : {}
}
