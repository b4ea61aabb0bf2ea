/** JSON Pointer (RFC 6901): `~` is `~0`, `/` is `~1`. In a list of named things a name stands where RFC 6901 has an index. */
import { isJsonObject, type Json } from '../json.ts'
import type { Resource } from '../vocabulary.ts'
import { itemsByName } from './named.ts'

export function pointerTo(parent: string, segment: string | number): string {
  return `${parent}/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Whether `pointer` lies at or below `pattern`; `*` in the pattern stands for any one segment. */
export function isAtOrBelow(pointer: string, pattern: string): boolean {
  const wanted = pattern.split('/')
  const given = pointer.split('/')
  return wanted.length <= given.length && wanted.every((segment, at) => segment === '*' || segment === given[at])
}

/** Whether one lies at or below the other: what changes one of them changes the other. */
export function areOnOneLine(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)
}

/** Whether something strictly below `pointer` may match `pattern`. */
export function isAbove(pointer: string, pattern: string): boolean {
  const wanted = pattern.split('/')
  const given = pointer.split('/')
  return given.length < wanted.length && given.every((segment, at) => wanted[at] === '*' || segment === wanted[at])
}

/**
 * The value at a pointer as `diffResources` writes them; undefined where there is none. A number finds the item of that name first, then
 * the item in that place.
 */
export function valueAt(resource: Resource, pointer: string): Json | undefined {
  const { apiVersion, kind, metadata, spec } = resource
  let found: Json | undefined = { apiVersion, kind, metadata, spec }
  for (const segment of segmentsOf(pointer)) found = childOf(found, segment)
  return found
}

function segmentsOf(pointer: string): readonly string[] {
  const segments = pointer.split('/').slice(1)
  if (!pointer.includes('~')) return segments
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function childOf(parent: Json | undefined, segment: string): Json | undefined {
  if (Array.isArray(parent)) {
    const items: readonly Json[] = parent
    const named = itemsByName(items)?.get(segment)
    return named ?? (/^(0|[1-9]\d*)$/.test(segment) ? items[Number(segment)] : undefined)
  }
  return isJsonObject(parent) && Object.hasOwn(parent, segment) ? parent[segment] : undefined
}
