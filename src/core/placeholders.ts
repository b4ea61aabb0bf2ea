/** `${NAME}` in a resource stands for a secret: resolved when it is written to a target, put back when it is read. `$${NAME}` is the text itself. */
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { makeResource } from './resource.ts'
import type { Resource } from './vocabulary.ts'

const PLACEHOLDER = /\$?\$\{([A-Z][A-Z0-9_]*)\}/g
/** How every placeholder begins. */
const MARK = '${'
/** Shown where a secret field holds something else than the secret declared for it. */
const HIDDEN = '(hidden)'
/** A secret shorter than this is not looked for in other fields: it would be found everywhere. */
const SCRUBBED_LENGTH_MIN = 4

export type Lookup = (name: string) => string

/** Names of the secrets that the resource uses, each once, sorted. */
export function declaredSecrets(resource: Resource): readonly string[] {
  const names = new Set<string>()
  collect(resource.metadata, names)
  collect(resource.spec, names)
  return names.size === 0 ? [] : [...names].sort()
}

/**
 * The resource as it is written to a target; the same object where it holds no `${…}`. Throws what `lookup` throws. The result holds
 * secrets: never store or show it.
 */
export function resolveSecrets<One extends Resource>(resource: One, lookup: Lookup): One {
  if (!isMarked(resource)) return resource
  return rewritten(resource, (text) => resolveText(text, lookup))
}

/** Names of the secrets that a value uses, each once, sorted. */
export function secretsIn(value: Json): readonly string[] {
  const names = new Set<string>()
  collect(value, names)
  return [...names].sort()
}

/** The value with every `${NAME}` resolved. It holds secrets: never store or show it. */
export function resolveIn(value: Json, lookup: Lookup): Json {
  return mapTexts(value, (text) => resolveText(text, lookup))
}

/**
 * The live resource without secrets: where `hint` (the desired one) has `${NAME}` and live holds the value, the placeholder comes back;
 * where it holds something else, `(hidden)`. The values are also blotted out of every other text, and of keys that the hint does not
 * have. The same object where the hint holds no `${…}`. Throws what `lookup` throws.
 */
export function concealSecrets<One extends Resource>(live: One, hint: Resource, lookup: Lookup): One {
  if (!isMarked(hint)) return live
  const names = declaredSecrets(hint)
  const values = names.map(lookup).filter((value) => value.length >= SCRUBBED_LENGTH_MIN)
  // Longest first: a secret that contains another one must not leave its rest behind.
  values.sort((a, b) => b.length - a.length)
  const conceal = (value: Json, wanted: Json | undefined): Json => concealed(value, wanted, { lookup, values })
  return remade(live, conceal(live.metadata, hint.metadata), conceal(live.spec, hint.spec))
}

/** Whether anything is to be resolved or put back: the escape `$${NAME}` is written as another text too. */
function isMarked({ metadata, spec }: Resource): boolean {
  return holdsMark(metadata) || holdsMark(spec)
}

function holdsMark(value: Json): boolean {
  if (typeof value === 'string') return value.includes(MARK)
  if (Array.isArray(value)) return value.some(holdsMark)
  return isJsonObject(value) && Object.values(value).some(holdsMark)
}

function collect(value: Json, names: Set<string>): void {
  if (typeof value === 'string') {
    if (!value.includes(MARK)) return
    for (const match of value.matchAll(PLACEHOLDER))
      if (match[1] !== undefined && !match[0].startsWith('$$')) names.add(match[1])
  } else if (Array.isArray(value)) for (const item of value) collect(item, names)
  else if (isJsonObject(value)) for (const item of Object.values(value)) collect(item, names)
}

function resolveText(text: string, lookup: Lookup): string {
  if (!text.includes(MARK)) return text
  return text.replace(PLACEHOLDER, (match, name: string) => (match.startsWith('$$') ? match.slice(1) : lookup(name)))
}

function holdsSecret(text: string): boolean {
  return [...text.matchAll(PLACEHOLDER)].some((match) => !match[0].startsWith('$$'))
}

interface Concealing {
  readonly lookup: Lookup
  readonly values: readonly string[]
}

function concealed(value: Json, wanted: Json | undefined, how: Concealing): Json {
  if (typeof wanted === 'string' && wanted.includes(MARK)) {
    if (value === resolveText(wanted, how.lookup)) return wanted
    if (holdsSecret(wanted)) return HIDDEN
  }
  if (typeof value === 'string') return blotted(value, how.values)
  if (Array.isArray(value))
    return value.map((item: Json, at) => concealed(item, Array.isArray(wanted) ? wanted[at] : undefined, how))
  if (!isJsonObject(value)) return value
  const from = isJsonObject(wanted) ? wanted : {}
  const fields = new Map<string, Json>()
  for (const [key, item] of Object.entries(value)) {
    const isDeclared = Object.hasOwn(from, key)
    // What Git itself declares as a key is no secret, and blotting it out would look like a difference for ever.
    const told = isDeclared ? key : unused(blotted(key, how.values), fields)
    fields.set(told, concealed(item, isDeclared ? from[key] : undefined, how))
  }
  return Object.fromEntries(fields)
}

function blotted(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
}

/** Two keys may become one when secrets are taken out; neither field may be lost. */
function unused(key: string, fields: ReadonlyMap<string, Json>): string {
  let free = key
  for (let n = 2; fields.has(free); n += 1) free = `${key}${n}`
  return free
}

function rewritten<One extends Resource>(resource: One, change: (text: string) => string): One {
  return remade(resource, mapTexts(resource.metadata, change), mapTexts(resource.spec, change))
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, change))
  return isJsonObject(value) ? mapFields(value, (item) => mapTexts(item, change)) : value
}

function remade<One extends Resource>(resource: One, metadata: Json, spec: Json): One {
  if (!isJsonObject(metadata) || !isJsonObject(spec)) return resource
  const { digest } = makeResource({ ...resource, metadata, spec })
  return { ...resource, metadata, spec, digest }
}

function mapFields(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}
