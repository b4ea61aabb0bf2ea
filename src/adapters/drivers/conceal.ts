/**
 * How secrets stay inside a driver. What is written to a target holds secret values; what a driver reports holds the `${NAME}` text
 * instead. The desired resources (hints) say where such text stands. A resource that Git no longer declares has no hint, yet its
 * live copy still holds the secret: so each driver leaves the *templates* (pointer → `${NAME}` text, no values) beside what it writes.
 */
import type { Json, JsonObject } from '../../core/json.ts'
import { isJsonObject } from '../../core/json.ts'
import { concealSecrets, declaredSecrets } from '../../core/placeholders.ts'
import { makeResource } from '../../core/resource.ts'
import type { LiveResource, Resource, ResourceKey } from '../../core/vocabulary.ts'
import type { ResolveSecret } from '../../ports/driver.ts'

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
    const value = await resolve(name).catch(() => undefined)
    if (value !== undefined) found.set(name, value)
  }
  return found
}

/** Where a declared resource holds `${NAME}`, and the text there. */
export function templatesOf(resource: Resource): Templates {
  const marks = declaredSecrets(resource).map((name) => `\${${name}}`)
  const found: Record<string, string> = {}
  if (marks.length === 0) return found
  const walk = (value: Json, pointer: string): void => {
    if (typeof value === 'string') {
      if (marks.some((mark) => value.includes(mark))) found[pointer] = value
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
  const liveKeys = new Set(observed.map(({ live }) => live.key))
  const hintTemplates = new Map<ResourceKey, Templates>()
  const hinted: string[] = []
  for (const hint of hints) {
    if (!liveKeys.has(hint.key)) continue
    hintTemplates.set(hint.key, templatesOf(hint))
    hinted.push(...declaredSecrets(hint))
  }
  const merged = observed.map(({ live, templates }) => {
    const all = { ...templates, ...hintTemplates.get(live.key) }
    return { live, hint: Object.keys(all).length === 0 ? null : hintFor(live, all) }
  })
  const remembered = merged.flatMap(({ hint }) => (hint === null ? [] : declaredSecrets(hint)))
  const values = new Map([
    ...(await gatherKnownSecrets(remembered, resolve)),
    ...(await gatherSecrets(hinted, resolve)),
  ])
  // A secret that is gone can equal nothing: U+0000 stands in no value read from a file or the environment.
  const lookup = (name: string): string => values.get(name) ?? '\u0000'
  return merged.map(({ live, hint }) => (hint === null ? live : concealOne(live, hint, lookup)))
}

function concealOne(live: LiveResource, hint: Resource, lookup: (name: string) => string): LiveResource {
  return { ...concealSecrets(live, hint, lookup), version: live.version }
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}
