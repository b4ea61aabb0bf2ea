import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { isKind, isResourceName } from '../names.ts'
import { gitopsAnnotation, resourceKey } from '../resource.ts'
import type { ResourceKey } from '../vocabulary.ts'
import type { Fault } from './fault.ts'
import type { ParsedDocument } from './parse.ts'

/** A resource as one file declares it: of common, or of an environment; merging and kind checks come later. `null` in it deletes. */
export interface Declared {
  readonly key: ResourceKey
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly metadata: JsonObject
  readonly spec: JsonObject
  readonly line: number
  readonly column: number
}

/** What a document turned out to be: a resource, something that is not deployed (and why), or a mistake. */
export type Reading =
  | { readonly kind: 'resource'; readonly resource: Declared }
  | { readonly kind: 'aside'; readonly note: string }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }

const API_VERSIONS = new Set(['honua.io/v1', 'honua.io/v1alpha1', 'honua.io/v1alpha0'])
/** The server's own bookkeeping: dropped, so that an exported resource can be committed as it is. Source: HONUA-API §2.1. */
const SERVER_OWNED = new Set(['id', 'resourceVersion', 'generation', 'createdAt', 'updatedAt'])
/** Kinds that describe deployments instead of being deployed. */
const NOT_DEPLOYED = new Set(['Topology', 'Migration', 'DeploymentPolicy', 'GitOpsController'])
const TOP_LEVEL = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status'])
const DEFAULT_NAMESPACE = 'default'

export function readResource({ value, line, column }: ParsedDocument): Reading {
  const faults: Fault[] = []
  const wrong = (message: string, code = 'HONUA_RESOURCE_SHAPE') => faults.push({ code, message, line, column })
  const { apiVersion, kind, metadata, spec } = value
  if (typeof kind === 'string' && NOT_DEPLOYED.has(kind))
    return { kind: 'aside', note: `${kind} is not deployed, and not acted on yet` }
  if (typeof apiVersion !== 'string' || !API_VERSIONS.has(apiVersion))
    wrong(`apiVersion must be honua.io/v1 or honua.io/v1alpha1, got ${shown(apiVersion)}`)
  if (typeof kind !== 'string' || !isKind(kind)) wrong(`kind must be a name such as Layer, got ${shown(kind)}`)
  for (const key of Object.keys(value))
    if (!TOP_LEVEL.has(key)) wrong(`unknown field "${key}"; a resource has apiVersion, kind, metadata and spec`)
  if (!isJsonObject(metadata)) wrong('metadata with a name is missing')
  if (spec !== undefined && !isJsonObject(spec)) wrong('spec must be a map')
  if (!isJsonObject(metadata) || typeof apiVersion !== 'string' || typeof kind !== 'string')
    return { kind: 'faulty', faults }
  const { name, namespace = DEFAULT_NAMESPACE, ...rest } = metadata
  if (typeof name !== 'string' || !isResourceName(name))
    wrong(
      `metadata.name must be letters, digits, ".", "_" and "-"; got ${shown(name)}${typeof name === 'number' ? ' (put it in quotes)' : ''}`,
    )
  if (typeof namespace !== 'string' || !isResourceName(namespace))
    wrong(`metadata.namespace must be letters, digits, ".", "_" and "-"; got ${shown(namespace)}`)
  for (const message of metadataFaults(rest)) wrong(message)
  if (faults.length > 0 || typeof name !== 'string' || typeof namespace !== 'string') return { kind: 'faulty', faults }
  return {
    kind: 'resource',
    resource: {
      key: resourceKey(kind, namespace, name),
      apiVersion: apiVersion === 'honua.io/v1alpha0' ? 'honua.io/v1alpha1' : apiVersion,
      kind,
      namespace,
      name,
      metadata: Object.fromEntries(Object.entries(rest).filter(([key]) => !SERVER_OWNED.has(key))),
      spec: isJsonObject(spec) ? spec : {},
      line,
      column,
    },
  }
}

function metadataFaults(metadata: JsonObject): readonly string[] {
  const faults: string[] = []
  for (const part of ['labels', 'annotations'] as const) {
    const map = metadata[part]
    if (map === undefined || map === null) continue
    if (!isJsonObject(map)) faults.push(`metadata.${part} must be a map`)
    else
      for (const [key, value] of Object.entries(map))
        if (typeof value !== 'string' && value !== null)
          faults.push(`metadata.${part}.${key} must be text; put it in quotes`)
  }
  const wave = gitopsAnnotation(metadata, 'wave')
  if (wave !== undefined && !/^-?\d{1,6}$/.test(wave))
    faults.push(`annotation gitops.honua.io/wave must be a whole number in quotes, got ${shown(wave)}`)
  const prune = gitopsAnnotation(metadata, 'prune')
  if (prune !== undefined && prune !== 'true' && prune !== 'false')
    faults.push(`annotation gitops.honua.io/prune must be "true" or "false", got ${shown(prune)}`)
  return faults
}

/** Names and versions are no secrets; anything longer or of another kind is not repeated. */
function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length <= 60 ? JSON.stringify(value) : 'a long text'
  return typeof value === 'number' || typeof value === 'boolean' || value === null
    ? String(value)
    : Array.isArray(value)
      ? 'a list'
      : 'a map'
}
