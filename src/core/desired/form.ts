import { type ParsedDocument, shown } from '../documents/index.ts'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { knownKinds, MANIFEST_VERSION, SEED_VERSION } from '../kinds/index.ts'
import { typeName } from '../kinds/mistakes.ts'
import { isKind, isResourceName, RESOURCE_NAME_CHARS_MAX } from '../names.ts'
import { resourceKey } from '../resource.ts'
import { suggest } from '../suggest.ts'
import type { ResourceKey } from '../vocabulary.ts'
import { badAnnotations } from './annotations.ts'

/** What one document declares, before it is merged with another. Null fields are still in it. */
export interface Part {
  readonly key: ResourceKey
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** Without name, namespace and what the server owns. */
  readonly metadata: JsonObject
  /** Null where none is given: an overlay may change metadata alone. */
  readonly spec: JsonObject | null
}

/** A mistake by its path in the document. */
export interface FormMistake {
  readonly path: readonly string[]
  readonly error: HonuaError
}

export type Form =
  | { readonly is: 'resource'; readonly part: Part }
  | { readonly is: 'refused'; readonly mistakes: readonly FormMistake[] }
  /** Something of Honua's that is no resource and not acted on yet. */
  | { readonly is: 'aside'; readonly note: string }

const DEFAULT_NAMESPACE = 'default'
/** The generation before; its resources have the same fields. */
const OLD_MANIFEST_VERSION = 'honua.io/v1alpha0'
const TOP_FIELDS: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec', 'status', '$schema']
/** Written by the server only: declared values would differ from live ones for ever. */
const SERVER_OWNED: ReadonlySet<string> = new Set(['id', 'resourceVersion', 'generation', 'createdAt', 'updatedAt'])
const IDENTITY: ReadonlySet<string> = new Set(['name', 'namespace'])

/** Documents of Honua that configure something else than a resource, and where they belong. */
const ASIDE: ReadonlyMap<string, string> = new Map([
  ['DeploymentPolicy', 'it belongs in .gitops/policy.yaml'],
  ['Migration', 'it belongs in migrations/ at the top of an environment'],
  ['GitOpsController', 'it belongs beside the controller, which never takes its configuration from here'],
])

/** Files of the earlier attempt that hold many resources in one, and how to write them now. */
const NOT_DEPLOYABLE: ReadonlyMap<string, string> = new Map([
  ['ServiceCollection', 'write each service and layer as a resource of its own (kind Service, Layer)'],
  ['DatasourceConfiguration', 'write each data source as a resource of its own (kind Connection)'],
])

/** Reads the envelope of a resource in either form; everything that is wrong with it at once. */
export function readForm({ value }: ParsedDocument): Form {
  if (!isJsonObject(value)) return refused([], notAMapping(value))
  const kind = own(value, 'kind')
  const named = typeof kind === 'string' ? kind : ''
  const place = ASIDE.get(named)
  if (place !== undefined) return { is: 'aside', note: `a ${named} is recognised and not acted on yet; ${place}` }
  const hint = NOT_DEPLOYABLE.get(named)
  if (hint !== undefined) return refused(['kind'], desiredErrors.notDeployable({ kind: named, hint }))
  return listMistake(value) ?? readFields(value)
}

function readFields(value: JsonObject): Form {
  const mistakes: FormMistake[] = []
  const report = (path: readonly string[], error: HonuaError) => mistakes.push({ path, error })
  const apiVersion = readApiVersion(own(value, 'apiVersion'), report)
  const kind = readKind(own(value, 'kind'), report)
  const metadata = own(value, 'metadata')
  const fields = isJsonObject(metadata) ? metadata : {}
  if (!isJsonObject(metadata)) report(['metadata'], wrongType('metadata', 'a mapping with a name', metadata))
  const name = isJsonObject(metadata) ? readName('name', own(fields, 'name'), report) : ''
  const namespace = readName('namespace', own(fields, 'namespace') ?? DEFAULT_NAMESPACE, report)
  const spec = own(value, 'spec') ?? null
  if (spec !== null && !isJsonObject(spec)) report(['spec'], wrongType('spec', 'a mapping', spec))
  checkLabels(fields, report)
  for (const field of Object.keys(value)) if (!TOP_FIELDS.includes(field)) report([field], unknownField(field))
  if (mistakes.length > 0) return { is: 'refused', mistakes }
  const kept = Object.entries(fields).filter(([field]) => !IDENTITY.has(field) && !SERVER_OWNED.has(field))
  return {
    is: 'resource',
    part: {
      key: resourceKey(kind, namespace, name),
      apiVersion,
      kind,
      namespace,
      name,
      metadata: Object.fromEntries(kept),
      spec: isJsonObject(spec) ? spec : null,
    },
  }
}

type Report = (path: readonly string[], error: HonuaError) => void

function readApiVersion(value: Json | undefined, report: Report): string {
  if (value === SEED_VERSION || value === MANIFEST_VERSION) return value
  if (value === OLD_MANIFEST_VERSION) return MANIFEST_VERSION
  if (typeof value === 'string') report(['apiVersion'], desiredErrors.apiVersion({ shown: shown(value) }))
  else report(['apiVersion'], wrongType('apiVersion', `${SEED_VERSION} or ${MANIFEST_VERSION}`, value))
  return ''
}

function readKind(value: Json | undefined, report: Report): string {
  if (typeof value === 'string' && isKind(value)) return value
  if (typeof value !== 'string') report(['kind'], wrongType('kind', 'a text such as Layer', value))
  else {
    const meant = suggest(value, knownKinds)
    const hint = `write a word that begins with a capital, such as Layer: letters and digits only${meant === undefined ? '' : `; did you mean ${meant}?`}`
    report(['kind'], desiredErrors.identity({ field: 'kind', reason: `${shown(value)} is not allowed`, hint }))
  }
  return ''
}

function readName(field: 'name' | 'namespace', value: Json | undefined, report: Report): string {
  const path = ['metadata', field]
  if (typeof value === 'string' && isResourceName(value)) return value
  if (typeof value === 'string') {
    const hint = `use at most ${RESOURCE_NAME_CHARS_MAX} letters, digits, ".", "_" and "-", and begin with a letter or digit`
    report(path, desiredErrors.identity({ field: path.join('.'), reason: `${shown(value)} is not allowed`, hint }))
  } else report(path, wrongType(path.join('.'), 'a text', value))
  return ''
}

function checkLabels(metadata: JsonObject, report: Report): void {
  for (const group of ['labels', 'annotations']) {
    const values = own(metadata, group) ?? null
    if (values === null) continue
    if (!isJsonObject(values)) {
      report(['metadata', group], wrongType(`metadata.${group}`, 'a mapping', values))
      continue
    }
    for (const [label, value] of Object.entries(values)) {
      if (typeof value !== 'object' || value === null) continue
      report(['metadata', group, label], wrongType(`metadata.${group}.${shown(label)}`, 'a text', value))
    }
  }
  for (const { name, expected } of badAnnotations(own(metadata, 'annotations'))) {
    report(['metadata', 'annotations', name], desiredErrors.annotation({ name, expected }))
  }
}

function listMistake(value: JsonObject): Form | undefined {
  const kind = own(value, 'kind')
  const list = ['resources', 'items'].find((field) => Array.isArray(own(value, field)))
  if (list === undefined || (own(value, 'spec') !== undefined && kind !== undefined)) return undefined
  const hint = 'write each resource as a document of its own, separated by ---'
  return refused([list], desiredErrors.form({ reason: `a list of resources (${list}) is not accepted`, hint }))
}

function notAMapping(value: Json): HonuaError {
  const hint = Array.isArray(value)
    ? 'write each resource as a document of its own, separated by ---'
    : 'write apiVersion, kind, metadata and spec'
  return desiredErrors.form({ reason: `a resource is a mapping, this is ${typeName(value)}`, hint })
}

function wrongType(field: string, expected: string, value: Json | undefined): HonuaError {
  if (value === undefined) return desiredErrors.form({ reason: `${field} is missing`, hint: `give ${expected}` })
  const quote = expected.startsWith('a text') && (typeof value === 'number' || typeof value === 'boolean')
  return desiredErrors.form({
    reason: `${field} must be ${expected}, not ${typeName(value)}`,
    hint: quote ? 'put it in quotes' : 'correct it',
  })
}

function unknownField(field: string): HonuaError {
  const meant = suggest(field, TOP_FIELDS)
  const hint = meant === undefined ? 'move it into spec, or remove it' : `did you mean ${meant}?`
  return desiredErrors.form({ reason: `the field ${shown(field)} is not part of a resource`, hint })
}

function refused(path: readonly string[], error: HonuaError): Form {
  return { is: 'refused', mistakes: [{ path, error }] }
}

/** A field of the object itself, never one of its prototype. */
function own(object: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined
}
