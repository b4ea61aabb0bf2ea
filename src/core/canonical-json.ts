import type { Json } from './json.ts'

/** Same value, same bytes: object keys sorted by code unit, no space, numbers by value (`1.0` is `1`, `-0` is `0`). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const object = value as { readonly [key: string]: Json }
    const fields: string[] = []
    for (const key of Object.keys(object).sort()) {
      const field = object[key]
      if (field !== undefined) fields.push(`${JSON.stringify(key)}:${canonicalJson(field)}`)
    }
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(Object.is(value, -0) ? 0 : value)
}
