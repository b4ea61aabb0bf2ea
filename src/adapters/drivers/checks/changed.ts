/** Which collections of an OGC API a deployment is about, and the paths that lead to them. */
import type { Json } from '../../../core/json.ts'
import type { Resource } from '../../../core/vocabulary.ts'
import type { ActRequest } from '../../../ports/driver.ts'

/** What may stand in a path or an id: the name in braces, what it is replaced by. */
export type Places = ReadonlyMap<string, string>

/** How a step chooses among what has changed. */
export interface Choice {
  readonly collection: string
  readonly kinds: readonly string[]
  readonly most: number
}

/** What stands for each changed resource that is a collection and is still to be there; `left` more were not chosen. */
export function chosen(
  { desired, environment }: ActRequest,
  { collection, kinds, most }: Choice,
): { readonly all: readonly Places[]; readonly left: number } {
  const fitting = desired.filter(({ kind }) => kinds.includes(kind))
  const all = fitting.slice(0, most).map((resource): Places => {
    const places = placesOf(resource, environment)
    return new Map([...places, ['collection', filled(collection, places)]])
  })
  return { all, left: fitting.length - all.length }
}

/** The ids of chosen collections. */
export function idsOf(all: readonly Places[]): readonly string[] {
  return all.map((places) => places.get('collection') ?? '')
}

/** Each path as it is, or once for each of `all` where it names one; values are percent-encoded. */
export function pathsFor(paths: readonly string[], all: readonly Places[], environment: string): readonly string[] {
  const each = (path: string) => {
    const filling = (places: Places) => filled(path, places, encodeURIComponent)
    const own = new Map([['environment', environment]])
    return /\{(collection|service|namespace|name|kind)\}/.test(path)
      ? all.map(filling)
      : [filled(path, own, encodeURIComponent)]
  }
  return [...new Set(paths.flatMap(each))]
}

/** The text with `{…}` replaced where there is something for it. */
function filled(text: string, places: Places, encode: (value: string) => string = (value) => value): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => {
    const value = places.get(name)
    return value === undefined ? whole : encode(value)
  })
}

function placesOf({ kind, namespace, name, metadata, spec }: Resource, environment: string): Places {
  // The seed's files name the service in metadata, the manifest form in the spec (HONUA-API §1.4, §2.1).
  const service = textOf(metadata['service']) ?? textOf(spec['serviceName']) ?? namespace
  return new Map(Object.entries({ kind, namespace, name, service, environment }))
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
