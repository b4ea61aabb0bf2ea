/** Plain data: what YAML, JSON, journals and APIs hold. Objects have own string keys only. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** True for a plain object, false for arrays, null and scalars. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A value whose type holds only plain data, seen as JSON. Interfaces have no index signature, so the compiler cannot see it itself;
 * use it on our own readonly vocabulary only, never on something from outside.
 */
export function asJson(value: object): JsonObject {
  return value as JsonObject
}
