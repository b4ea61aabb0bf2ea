/** A declared resource as an item of the API, and the way back. What is written and read by the same places is the same thing. */
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { LiveResource, Resource } from '../../../core/vocabulary.ts'
import { type Observed, parseTemplates, type Templates, templatesOf } from '../conceal.ts'
import { at, withAt, without } from './pointers.ts'
import type { HttpKind, WriteTemplate } from './settings.ts'

/** Shown for a write-only field that nothing is declared for. */
const HIDDEN = '(hidden)'
/** How every `${NAME}` begins. */
const MARK = '${'
const DEFAULT_NAMESPACE = 'default'

/** What tells a resource of this kind from all others. */
export interface Identity {
  readonly namespace: string
  readonly name: string
}

/** How the API would hold it: under the kind's version, with metadata only where there is a place to remember it. Idempotent. */
export function representFor(kind: HttpKind | undefined, resource: Resource): Resource {
  if (kind === undefined) return resource
  const metadata = kind.remember === undefined ? {} : resource.metadata
  return makeResource({ ...resource, apiVersion: kind.apiVersion, metadata })
}

/** Why the API could not hold the resource so that it reads back as it was; empty when it can. */
export function faultsOf(
  kind: HttpKind,
  resource: Resource,
  namespaces: readonly string[] | undefined,
): readonly string[] {
  const { spec, metadata, name, namespace } = resource
  const faults = ownPlaces(kind)
    .filter((place) => at(spec, place) !== undefined)
    .map((place) => `spec holds ${place}, which this target fills in by itself`)
  for (const place of kind.writeOnly) {
    const value = at(spec, place)
    if (value !== undefined && !(typeof value === 'string' && value.includes(MARK)))
      faults.push(`${place} is not read back by this target and must hold a \${NAME}`)
  }
  const covered = (pointer: string) => kind.writeOnly.some((place) => `/spec${place}` === pointer)
  const bare = Object.keys(templatesOf(makeResource({ ...resource, metadata }))).filter((pointer) => !covered(pointer))
  if (kind.remember === undefined && bare.length > 0)
    faults.push(`\${NAME} at ${bare.join(', ')} could not be hidden later: name a place in "remember" or "writeOnly"`)
  if (isDots(name) || isDots(namespace)) faults.push('"." and ".." cannot stand in a path')
  if (!hasNamespaces(kind) && namespace !== DEFAULT_NAMESPACE)
    faults.push('this target knows no namespaces for this kind')
  if (namespaces !== undefined && hasNamespaces(kind) && !namespaces.includes(namespace))
    faults.push(`this target is for the namespaces ${namespaces.join(', ')} only`)
  return faults
}

/** Names that a URL would take for a way up. */
export function isDots(name: string): boolean {
  return name === '.' || name === '..' || name === ''
}

function hasNamespaces(kind: HttpKind): boolean {
  return kind.list.namespace !== undefined || kind.namespace !== undefined || kind.list.path.includes('{namespace}')
}

function ownPlaces(kind: HttpKind): readonly string[] {
  return [kind.name, kind.namespace, kind.remember, ...kind.ignore].filter((place) => place !== undefined)
}

/** The item that is written for `resolved`; `templates` remember where its secrets stand. */
export function itemOf(kind: HttpKind, resolved: Resource, declared: Resource): JsonObject {
  let item: Json = resolved.spec
  if (kind.name !== undefined) item = withAt(item, kind.name, resolved.name)
  if (kind.namespace !== undefined) item = withAt(item, kind.namespace, resolved.namespace)
  if (kind.remember !== undefined) {
    const notes = { metadata: resolved.metadata, templates: templatesOf(declared) }
    const isPlain = Object.keys(notes.metadata).length === 0 && Object.keys(notes.templates).length === 0
    if (!isPlain) item = withAt(item, kind.remember, JSON.stringify(notes))
  }
  return isJsonObject(item) ? item : {}
}

/** The body of a write: the template with the item in it, or the item at its place in the envelope; null for a deletion without body. */
export function bodyOf(kind: HttpKind, write: WriteTemplate, item: JsonObject | null): Json | null {
  if (write.body !== undefined) return filled(write.body, item)
  return item === null ? null : withAt(undefined, kind.item, item)
}

function filled(template: Json, item: JsonObject | null): Json {
  if (template === '{item}') return item
  if (Array.isArray(template)) return template.map((part: Json) => filled(part, item))
  if (!isJsonObject(template)) return template
  return Object.fromEntries(Object.entries(template).map(([key, part]) => [key, filled(part, item)]))
}

/** An item as a resource, without what the API or this driver adds. `version` is its ETag where it has one. */
export function observedOf(
  kind: HttpKind,
  { namespace, name }: Identity,
  item: JsonObject,
  version: string | null,
): Observed {
  const notes = kind.remember === undefined ? undefined : notesOf(at(item, kind.remember))
  const spec = ownPlaces(kind).reduce(without, item)
  const metadata = notes?.metadata ?? {}
  const live = makeResource({ apiVersion: kind.apiVersion, kind: kind.kind, namespace, name, metadata, spec })
  return { live: { ...live, version }, templates: notes?.templates ?? {} }
}

/** Null where nothing readable stands: it may have been edited. */
function notesOf(
  value: Json | undefined,
): { readonly metadata: JsonObject; readonly templates: Templates } | undefined {
  if (typeof value !== 'string') return undefined
  try {
    const notes: Json = JSON.parse(value)
    if (!isJsonObject(notes)) return undefined
    const { metadata, templates } = notes
    return { metadata: isJsonObject(metadata) ? metadata : {}, templates: parseTemplates(templates) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Write-only fields say what is declared for them; without a declaration, that they are hidden. */
export function withWriteOnly(kind: HttpKind, live: LiveResource, hint: Resource | undefined): LiveResource {
  const spec = kind.writeOnly.reduce<Json>((rest, place) => {
    const declared = at(hint?.spec, place)
    if (declared !== undefined) return withAt(rest, place, declared)
    return at(rest, place) === undefined ? rest : withAt(rest, place, HIDDEN)
  }, live.spec)
  return { ...makeResource({ ...live, spec: isJsonObject(spec) ? spec : live.spec }), version: live.version }
}
