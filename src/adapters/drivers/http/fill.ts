/** What stands for `{…}` in the requests of a step: in a path percent-encoded, in a body as the value that it is. */
import { sha256 } from '../../../core/canonical.ts'
import { isJsonObject, type Json } from '../../../core/json.ts'
import type { ActRequest } from '../../../ports/driver.ts'
import { isDots } from './shape.ts'

const PLACEHOLDER = /\{([a-z]+(?:\.[A-Za-z0-9_-]+)*)\}/g
/** Hex characters of a key that an API is given: as short as such keys usually are. */
const KEY_LENGTH = 32

/** Names without their braces. What `inputs.…` and `answer.…` lead to is looked up in these objects. */
export type Values = Readonly<Record<string, Json>>

/** Thrown for a template that cannot be filled in; the message says why, for people. */
export class CannotFill extends Error {}

/** A key for one piece of work: the same for the same work, and safe in a path and in a header. */
export function keyOf(...parts: readonly string[]): string {
  return sha256(parts.join('\n')).slice(0, KEY_LENGTH)
}

/** What a step may speak of, and once for each changed resource of `kinds` what is said of that. */
export function valuesOf(request: ActRequest, kinds: readonly string[] | undefined): readonly Values[] {
  const { environment, idempotencyKey, inputs, changed, desired } = request
  const common = { environment, inputs, changed: [...changed] }
  if (kinds === undefined) return [{ ...common, key: keyOf(idempotencyKey) }]
  const declared = new Map(desired.map((resource) => [resource.key, resource]))
  return changed.flatMap((key) => {
    const [kind = '', namespace = '', ...rest] = key.split('/')
    if (!kinds.includes(kind)) return []
    const resource = declared.get(key)
    const service = resource?.metadata['service'] ?? resource?.spec['serviceName'] ?? namespace
    return [{ ...common, kind, namespace, name: rest.join('/'), service, key: keyOf(idempotencyKey, key) }]
  })
}

/** Throws CannotFill for what is not there, what is no single value, and names that would lead elsewhere. */
export function filledPath(path: string, values: Values): string {
  return path.replace(PLACEHOLDER, (_, name: string) => {
    const text = scalarText(standingFor(name, values), name)
    if (text === '' || isDots(text))
      throw new CannotFill(`{${name}} is ${JSON.stringify(text)}, which cannot stand in a path`)
    if (text.includes('${')) throw new CannotFill(`{${name}} holds a secret, which cannot stand in a path`)
    return encodeURIComponent(text)
  })
}

/** Keys stay as they are. A text that is one placeholder becomes what it stands for; in a longer one only single values can stand. */
export function filledBody(body: Json, values: Values): Json {
  if (typeof body === 'string') {
    const [whole, name] = /^\{([a-z]+(?:\.[A-Za-z0-9_-]+)*)\}$/.exec(body) ?? []
    if (whole !== undefined && name !== undefined) return standingFor(name, values)
    return body.replace(PLACEHOLDER, (_, inner: string) => scalarText(standingFor(inner, values), inner))
  }
  if (Array.isArray(body)) return body.map((item: Json) => filledBody(item, values))
  if (!isJsonObject(body)) return body
  return Object.fromEntries(Object.entries(body).map(([field, item]) => [field, filledBody(item, values)]))
}

/** Only single values can stand in it; they are escaped. */
export function filledXml(xml: string, values: Values): string {
  return xml.replace(PLACEHOLDER, (_, name: string) => escaped(scalarText(standingFor(name, values), name)))
}

/** Text as it may stand between tags and in attributes; what XML has no place for is left out. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (one) => `&#${one.codePointAt(0)};`)
}

function standingFor(name: string, values: Values): Json {
  let found: Json | undefined = values
  for (const field of name.split('.')) {
    if (Array.isArray(found)) found = /^\d{1,6}$/.test(field) ? found[Number(field)] : undefined
    else found = isJsonObject(found) && Object.hasOwn(found, field) ? found[field] : undefined
  }
  if (found === undefined)
    throw new CannotFill(
      name.startsWith('inputs.') ? `with.${name.slice(7)} is missing` : `nothing stands for {${name}}`,
    )
  return found
}

function scalarText(value: Json, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new CannotFill(`{${name}} is no single value`)
}
