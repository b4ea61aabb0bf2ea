import { canonicalJson, digestOf } from './canonical.ts'
import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import type { Resource, ResourceKey } from './vocabulary.ts'

const ANNOTATION_PREFIX = 'gitops.honua.io/'

/** Shape `Kind/namespace/name`. */
export function resourceKey(kind: string, namespace: string, name: string): ResourceKey {
  return `${kind}/${namespace}/${name}`
}

/** Completes a resource with its key and digest. */
export function makeResource(parts: Omit<Resource, 'key' | 'digest'>): Resource {
  const { apiVersion, kind, namespace, name, metadata, spec } = parts
  const key = resourceKey(kind, namespace, name)
  return {
    key,
    apiVersion,
    kind,
    namespace,
    name,
    metadata,
    spec,
    digest: digestOf({ apiVersion, kind, namespace, name, metadata, spec }),
  }
}

/** The content a digest stands for, as canonical bytes: what the store keeps under `resource.digest`. */
export function resourceBody(resource: Resource): string {
  const { apiVersion, kind, namespace, name, metadata, spec } = resource
  return canonicalJson({ apiVersion, kind, namespace, name, metadata, spec })
}

/** Reads back what `resourceBody` wrote. Throws when the text is not a resource body. */
export function parseResourceBody(text: string): Resource {
  const value: Json = JSON.parse(text)
  if (!isJsonObject(value)) throw new TypeError('a resource body is a JSON object')
  const { apiVersion, kind, namespace, name, metadata, spec } = value
  if (
    typeof apiVersion !== 'string' ||
    typeof kind !== 'string' ||
    typeof namespace !== 'string' ||
    typeof name !== 'string'
  )
    throw new TypeError('a resource body names apiVersion, kind, namespace and name')
  if (!isJsonObject(metadata) || !isJsonObject(spec)) throw new TypeError('a resource body holds metadata and spec')
  return makeResource({ apiVersion, kind, namespace, name, metadata, spec })
}

/** The value of annotation `gitops.honua.io/<name>`, or undefined. */
export function gitopsAnnotation(metadata: JsonObject, name: string): string | undefined {
  const annotations = metadata['annotations']
  if (!isJsonObject(annotations)) return undefined
  const value = annotations[ANNOTATION_PREFIX + name]
  return typeof value === 'string' ? value : undefined
}

/** Sync wave from the annotation `gitops.honua.io/wave`; 0 where none or no integer is given (the loader reports the latter). */
export function waveOf(resource: Resource): number {
  const text = gitopsAnnotation(resource.metadata, 'wave')
  return text !== undefined && /^-?\d{1,6}$/.test(text) ? Number(text) : 0
}

/** True when the annotation `gitops.honua.io/prune: "false"` protects the resource from deletion. */
export function isProtected(resource: Resource): boolean {
  return gitopsAnnotation(resource.metadata, 'prune') === 'false'
}

/** The kind in a resource's key. */
export function kindOf(key: ResourceKey): string {
  return key.slice(0, key.indexOf('/'))
}
