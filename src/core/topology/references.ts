import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type Component, isComponent } from './phases.ts'

/** `${component.field}`: begins with a lower-case letter and has a dot, so that no secret (`${NAME}`) looks like one. */
const REFERENCE = /\$\{([a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9_-]+)+)\}/g

/** References of a value that lead nowhere, with the path of the text each stands in. */
export function deadReferences(
  value: Json,
  spec: JsonObject,
  path: readonly (string | number)[] = [],
): readonly { readonly path: readonly (string | number)[]; readonly reference: string }[] {
  if (typeof value === 'string')
    return [...value.matchAll(REFERENCE)].flatMap(([, reference = '']) =>
      scalarAt(spec, reference) === undefined ? [{ path, reference }] : [],
    )
  if (Array.isArray(value)) return value.flatMap((item: Json, at) => deadReferences(item, spec, [...path, at]))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([field, item]) => deadReferences(item, spec, [...path, field]))
}

/** The value with each reference replaced by what it leads to. A text that is one reference becomes the number or truth value it names. */
export function withReferences(value: Json, spec: JsonObject): Json {
  if (typeof value === 'string') {
    const whole = new RegExp(`^${REFERENCE.source}$`).exec(value)?.[1]
    if (whole !== undefined) return scalarAt(spec, whole) ?? value
    return value.replaceAll(REFERENCE, (text, reference: string) => String(scalarAt(spec, reference) ?? text))
  }
  if (Array.isArray(value)) return value.map((item: Json) => withReferences(item, spec))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, withReferences(item, spec)]))
}

/** One component whose section names another. */
export interface ComponentReference {
  readonly from: Component
  readonly to: Component
}

/** Which components name which others: `${database.host}` in the section of the servers leads from the servers to the database. */
export function componentReferences(spec: JsonObject): readonly ComponentReference[] {
  return Object.entries(spec).flatMap(([from, section]) => {
    if (!isComponent(from)) return []
    const named = new Set(
      textsIn(section).flatMap((text) => [...text.matchAll(REFERENCE)].map(([, path = '']) => path)),
    )
    const others = new Set([...named].map((path) => path.split('.', 1)[0] ?? '').filter((name) => name !== from))
    return [...others].flatMap((to) => (isComponent(to) && Object.hasOwn(spec, to) ? [{ from, to }] : []))
  })
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item))
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : []
}

/** What stands at a dotted path; numbers count the items of a list. Undefined where nothing does, a group stands, or another reference. */
function scalarAt(spec: JsonObject, reference: string): Json | undefined {
  let value: Json | undefined = spec
  for (const step of reference.split('.')) {
    if (Array.isArray(value)) value = /^\d{1,6}$/.test(step) ? value[Number(step)] : undefined
    else if (isJsonObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined
    else return undefined
  }
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
  return !isPlain || (typeof value === 'string' && value.includes('${')) ? undefined : value
}
