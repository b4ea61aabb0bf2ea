/** How a configuration's values are spoken of. Most values are never repeated: any of them may be a secret in the wrong place. */
import { shown } from '../documents/index.ts'
import { isJsonObject, type Json } from '../json.ts'

/** Longer texts are not shown: tokens are longer than any word, number or duration that a person would write by mistake. */
const SHOWN_LENGTH_MAX = 20

/** What stands where something else was expected: `30 (number)`, `"5 m" (text)`, `a list`. Of a text only a short word is shown. */
export function got(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return isShowable(value) ? `${shown(value)} (text)` : 'a text'
  if (Array.isArray(value)) return 'a list'
  if (isJsonObject(value)) return 'a mapping'
  return `${String(value)} (${typeof value})`
}

/** What kind of value stands there, without showing any of it. */
export function kindOf(value: Json | undefined): string {
  return typeof value === 'string' ? 'a text' : got(value)
}

/** A word, a number, a duration, a range of hours: never something that only a secret looks like. */
function isShowable(text: string): boolean {
  return text.length <= SHOWN_LENGTH_MAX && /^[A-Za-z0-9 .:_/-]*$/.test(text)
}
