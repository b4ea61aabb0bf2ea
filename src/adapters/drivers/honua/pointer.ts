import type { Json } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { Resource } from '../../../core/vocabulary.ts'

/** The value at a JSON Pointer from the resource's root; undefined where there is none. */
export function valueAt(resource: Resource, pointer: string): Json | undefined {
  const { apiVersion, kind, metadata, spec } = resource
  let value: Json | undefined = { apiVersion, kind, metadata, spec }
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    value = childOf(value, key)
  }
  return value
}

function childOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value
    return /^\d+$/.test(key) ? items[Number(key)] : undefined
  }
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
