/** A resource as the manifest API carries it, and the way there and back. */
import type { Json, JsonObject } from '../../../../core/json.ts'
import { isJsonObject } from '../../../../core/json.ts'
import { makeResource } from '../../../../core/resource.ts'
import type { Resource } from '../../../../core/vocabulary.ts'
import { type Observed, parseTemplates, type Templates } from '../../conceal.ts'
import { keptMetadata, SERVER_API_VERSION } from './represent.ts'

/** Written by the server itself: they come and go with its applies. */
const SERVER_ANNOTATIONS = new Set(['honua.io/last-applied-manifest-hash', 'honua.io/up-converted-from'])
/** Written by this driver: where the resource holds `${NAME}`, so that a later removal can be shown without the value. */
const TEMPLATES_ANNOTATION = 'templates.gitops.honua.io/json'
const DEFAULT_NAMESPACE = 'default'

/** A resource of an answer without server-owned fields; null when it is none (no kind, no name). */
export function observedOf(value: Json): Observed | null {
  if (!isJsonObject(value)) return null
  const { apiVersion, kind, metadata, spec } = value
  if (typeof kind !== 'string' || !isJsonObject(metadata)) return null
  const { name, namespace, resourceVersion, labels } = metadata
  if (typeof name !== 'string') return null
  const annotations = fieldsOf(metadata['annotations'])
  const kept = Object.entries(annotations).filter(
    ([annotation]) => !SERVER_ANNOTATIONS.has(annotation) && annotation !== TEMPLATES_ANNOTATION,
  )
  const resource = makeResource({
    apiVersion: typeof apiVersion === 'string' ? apiVersion : SERVER_API_VERSION,
    kind,
    namespace: typeof namespace === 'string' ? namespace : DEFAULT_NAMESPACE,
    name,
    metadata: keptMetadata({ annotations: Object.fromEntries(kept), labels: labels ?? null }),
    spec: fieldsOf(spec),
  })
  const version = resourceVersion === undefined || resourceVersion === null ? null : String(resourceVersion)
  return { live: { ...resource, version }, templates: templatesIn(annotations[TEMPLATES_ANNOTATION]) }
}

/**
 * What is sent: the resource with its secrets resolved, and the annotation that remembers where they stand. `server` is what the
 * server holds now where its own annotations must survive a PUT.
 */
export function bodyOf(resolved: Resource, templates: Templates, server: JsonObject = {}): JsonObject {
  const { apiVersion, kind, namespace, name, metadata, spec } = resolved
  const remembered = Object.keys(templates).length === 0 ? {} : { [TEMPLATES_ANNOTATION]: JSON.stringify(templates) }
  const own = Object.entries(fieldsOf(fieldsOf(server['metadata'])['annotations'])).filter(([annotation]) =>
    SERVER_ANNOTATIONS.has(annotation),
  )
  const annotations = { ...fieldsOf(metadata['annotations']), ...Object.fromEntries(own), ...remembered }
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels: fieldsOf(metadata['labels']), annotations },
    spec,
  }
}

function fieldsOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function templatesIn(text: Json | undefined): Templates {
  if (typeof text !== 'string') return {}
  try {
    const value: Json = JSON.parse(text)
    return parseTemplates(value)
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
