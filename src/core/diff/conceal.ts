/**
 * Secrets belong in secret files and are named `${NAME}`. Where one stands in the clear all the same (in the repository, or on a
 * server that somebody set up by hand), it must not get into a plan, and from there into a log, a page or an approval.
 */
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

const HIDDEN = '(hidden)'
const CHANGED = '(hidden, changed)'
/** `${NAME}` says which secret it is, not what it is. */
const PLACEHOLDER = /\$\{[A-Z][A-Z0-9_]*\}/
const SECRET_NAME =
  /(^pass|password|passwd|passphrase|pwd|secret|token|(api|access|account|private|shared|signing)[-_.]?key|connection[-_.]?string)s?$/i
/** `scheme://user:password@host` and `Password=…;` in connection strings. */
const IN_URL = /(:\/\/[^/\s:@]*:)([^/\s@]+)(?=@)/g
const IN_PAIRS = /\b((?:password|pwd|secret|token|(?:api|account|access|shared)[-_ ]?key)\s*=\s*)([^;&\s]+)/gi

/** Whether a field or an item of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** Whether what stands in `key` of `parent` is a secret: by the field's name, or as in `{ name: DB_PASSWORD, value: … }`. */
export function isSecretField(parent: JsonObject, key: string): boolean {
  if (isSecretName(key)) return true
  const name = key === 'value' && Object.hasOwn(parent, 'name') ? parent['name'] : undefined
  return typeof name === 'string' && isSecretName(name)
}

/** The value with every secret in the clear replaced by `(hidden)`; `isSecret` says that it stands in a secret's place. */
export function concealed(value: Json, isSecret = false): Json {
  if (typeof value === 'string') return isSecret && !PLACEHOLDER.test(value) ? HIDDEN : concealedText(value)
  if (typeof value === 'number') return isSecret ? HIDDEN : value
  if (Array.isArray(value)) return value.map((item: Json) => concealed(item, isSecret))
  return isJsonObject(value) ? concealedFields(value, isSecret) : value
}

/** Both sides of a change for people to compare: secrets hidden, and still seen to differ where they do. */
export function concealedSides(
  before: JsonObject | null,
  after: JsonObject | null,
): { readonly before: JsonObject | null; readonly after: JsonObject | null } {
  return {
    before: before === null ? null : concealedFields(before, false),
    after: after === null ? null : fieldsWithMarks(concealedFields(after, false), after, before ?? undefined),
  }
}

function concealedFields(object: JsonObject, isSecret: boolean): JsonObject {
  return mapFields(object, (value, key) => concealed(value, isSecret || isSecretField(object, key)))
}

function concealedText(text: string): string {
  const blot = (match: string, before: string, secret: string) =>
    PLACEHOLDER.test(secret) ? match : `${before}${HIDDEN}`
  return text.replace(IN_URL, blot).replace(IN_PAIRS, blot)
}

/** `shown` is `after` with its secrets hidden; where that hid a difference from `before`, the difference is marked. */
function marked(shown: Json, after: Json, before: Json | undefined): Json {
  if (typeof shown === 'string')
    return shown !== after && before !== undefined && before !== after ? shown.replaceAll(HIDDEN, CHANGED) : shown
  if (Array.isArray(shown)) {
    const [now, then] = [itemsOf(after), itemsOf(before)]
    return shown.map((item: Json, at) => marked(item, now[at] ?? null, then[at]))
  }
  return isJsonObject(shown) && isJsonObject(after) ? fieldsWithMarks(shown, after, before) : shown
}

function fieldsWithMarks(shown: JsonObject, after: JsonObject, before: Json | undefined): JsonObject {
  const then = isJsonObject(before) ? before : {}
  return mapFields(shown, (value, key) =>
    marked(value, after[key] ?? null, Object.hasOwn(then, key) ? then[key] : undefined),
  )
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function mapFields(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}
