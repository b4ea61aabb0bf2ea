import { type Place, storeErrors } from '../../core/errors/store.ts'
import type { Json } from '../../core/json.ts'

/** A stored JSON text. Throws HONUA_STORE_CORRUPT naming the place. */
export function parsedJson(text: string, place: Place): Json {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw storeErrors.corrupt({ place, problem: 'it is not what was written' }, error)
  }
}

/** A stored record; its fields are vouched for by the hash that verification checks. Throws HONUA_STORE_CORRUPT naming the place. */
export function parsedRecord<Value extends object>(text: string, place: Place): Value {
  const value: unknown = parsedJson(text, place)
  if (isObject<Value>(value)) return value
  throw storeErrors.corrupt({ place, problem: 'it is not what was written' })
}

function isObject<Value extends object>(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
