/**
 * How secrets stay inside a driver. What is written to a target holds secret values; what a driver reports holds the `${NAME}` text
 * instead. The desired resources (hints) say where such text stands. A resource that Git no longer declares has no hint, yet its
 * live copy still holds the secret: so each driver leaves the *templates* (pointer → `${NAME}` text, no values) beside what it writes.
 */
import { HonuaError } from '../../core/errors/honua-error.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { isJsonObject } from '../../core/json.ts'
import { concealSecrets, declaredSecrets } from '../../core/placeholders.ts'
import { makeResource } from '../../core/resource.ts'
import type { LiveResource, Resource } from '../../core/vocabulary.ts'
import type { ResolveSecret } from '../../ports/driver.ts'

/** How every `${NAME}` begins. */
const MARK = '${'

/** JSON Pointer from the resource's root → declared text that holds `${NAME}`. */
export interface Templates {
  readonly [pointer: string]: string
}

/** Reads all `names` once. Throws what `resolve` throws for the first that is missing. */
export async function gatherSecrets(
  names: Iterable<string>,
  resolve: ResolveSecret,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const name of new Set(names)) found.set(name, await resolve(name))
  return found
}

/** As `gatherSecrets`, but a name that cannot be resolved any more is left out. */
export async function gatherKnownSecrets(
  names: Iterable<string>,
  resolve: ResolveSecret,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const name of new Set(names)) {
    try {
      found.set(name, await resolve(name))
    } catch (error) {
      if (!(error instanceof HonuaError)) throw error
    }
  }
  return found
}

/** Where a declared resource holds `${NAME}` (or the escaped `$${NAME}`, which is written as another text too), and the text there. */
export function templatesOf(resource: Resource): Templates {
  const found: Record<string, string> = {}
  const walk = (value: Json, pointer: string): void => {
    if (typeof value === 'string') {
      if (value.includes(MARK)) found[pointer] = value
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${pointer}/${index}`)
    } else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) walk(item, `${pointer}/${escapeToken(key)}`)
    }
  }
  walk(resource.metadata, '/metadata')
  walk(resource.spec, '/spec')
  return found
}

/** Keeps a JSON value only when it is an object of texts: what a driver left beside its writes may have been edited since. */
export function parseTemplates(value: Json | undefined): Templates {
  if (!isJsonObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([pointer, text]) => (typeof text === 'string' ? [[pointer, text]] : [])),
  )
}

/** `live` with the templates' text where the templates point to a text: a hint for `concealSecrets`. */
function hintFor(live: Resource, templates: Templates): Resource {
  const replace = (value: Json, pointer: string): Json => {
    if (typeof value === 'string') return Object.hasOwn(templates, pointer) ? (templates[pointer] ?? value) : value
    if (Array.isArray(value)) return value.map((item, index) => replace(item, `${pointer}/${index}`))
    return isJsonObject(value) ? replaceFields(value, pointer) : value
  }
  const replaceFields = (value: JsonObject, pointer: string): JsonObject =>
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, replace(item, `${pointer}/${escapeToken(key)}`)]),
    )
  return makeResource({
    ...live,
    metadata: replaceFields(live.metadata, '/metadata'),
    spec: replaceFields(live.spec, '/spec'),
  })
}

/** A live resource as the target holds it, and the templates left beside it when it was written. */
export interface Observed {
  readonly live: LiveResource
  readonly templates: Templates
}

/**
 * The live resources without secret values. Where both the hint and the remembered templates speak of a place, the hint wins.
 * Throws when a secret of a hint whose resource is live cannot be resolved: what cannot be compared must not look like drift.
 */
export async function concealAll(
  observed: readonly Observed[],
  hints: readonly Resource[],
  resolve: ResolveSecret,
): Promise<readonly LiveResource[]> {
  // Nothing may hold a secret: the usual case, and it may be thousands.
  if (hints.length === 0 && observed.every(({ templates }) => Object.keys(templates).length === 0))
    return observed.map(({ live }) => live)
  const declared = new Map(hints.map((hint) => [hint.key, hint]))
  const needed = new Set<string>()
  const merged = observed.map(({ live, templates }) => {
    const hint = declared.get(live.key)
    if (hint !== undefined) for (const name of declaredSecrets(hint)) needed.add(name)
    const all = hint === undefined ? templates : { ...templates, ...templatesOf(hint) }
    return { live, declared: hint, hint: Object.keys(all).length === 0 ? null : hintFor(live, all) }
  })
  const names = merged.flatMap(({ hint }) => (hint === null ? [] : declaredSecrets(hint)))
  const values = new Map([...(await gatherKnownSecrets(names, resolve)), ...(await gatherSecrets(needed, resolve))])
  // A secret that is gone can equal nothing: U+0000 stands in no value read from a file or the environment.
  const lookup = (name: string): string => values.get(name) ?? '\u0000'
  return merged.map((item) =>
    item.hint === null ? item.live : concealOne(item.live, item.hint, item.declared, lookup),
  )
}

function concealOne(
  live: LiveResource,
  hint: Resource,
  declared: Resource | undefined,
  lookup: (name: string) => string,
): LiveResource {
  const concealed = concealSecrets(live, hint, lookup)
  if (declared === undefined) return { ...live, ...concealed }
  const metadata = fieldsInClear(concealed.metadata, live.metadata, declared.metadata)
  const spec = fieldsInClear(concealed.spec, live.spec, declared.spec)
  return { ...live, ...makeResource({ ...concealed, metadata, spec }) }
}

/**
 * Secret values are blotted out of every text of a resource. Where the repository itself declares that very text in the clear,
 * nothing is given away, and blotting it out would look like a difference for ever.
 */
function inClear(concealed: Json, live: Json | undefined, declared: Json | undefined): Json {
  if (typeof concealed === 'string') return typeof live === 'string' && live === declared ? live : concealed
  if (Array.isArray(concealed)) {
    const [lives, wanted] = [itemsOf(live), itemsOf(declared)]
    return concealed.map((item: Json, index) => inClear(item, lives[index], wanted[index]))
  }
  return isJsonObject(concealed) ? fieldsInClear(concealed, live, declared) : concealed
}

function fieldsInClear(concealed: JsonObject, live: Json | undefined, declared: Json | undefined): JsonObject {
  if (!isJsonObject(live) || !isJsonObject(declared)) return concealed
  const field = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined)
  return Object.fromEntries(
    Object.entries(concealed).map(([key, item]) => [key, inClear(item, field(live, key), field(declared, key))]),
  )
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}
