/** The calls of the manifest API that the driver makes. */
import type { JsonObject } from '../../../../core/json.ts'
import { ADMIN, type Answer, type HonuaApi } from '../api.ts'

/** Identity of a resource as it stands in a path. */
export interface Identity {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export const MANIFEST = `${ADMIN}/manifest`

export function readManifest(api: HonuaApi, namespace: string | null, signal: AbortSignal): Promise<Answer> {
  const query = namespace === null ? '' : `?namespace=${encodeURIComponent(namespace)}`
  return api.read(`${MANIFEST}${query}`, signal)
}

/** Whether the server still has manifests, asked without reading one: a server without them answers 404. */
export function readVersions(api: HonuaApi, signal: AbortSignal): Promise<Answer> {
  return api.read(`${MANIFEST}/versions?limit=1`, signal)
}

export function readResource(api: HonuaApi, identity: Identity, signal: AbortSignal): Promise<Answer> {
  return api.readVersion(pathOf(identity), signal)
}

/** `prune` is never asked for: the server would delete whatever a partial manifest does not name. */
export function applyManifest(
  api: HonuaApi,
  resources: readonly JsonObject[],
  options: { readonly dryRun: boolean; readonly reason: string },
  secrets: Iterable<string>,
  signal: AbortSignal,
): Promise<Answer> {
  const body = {
    resources,
    dryRun: options.dryRun,
    prune: false,
    approvalRequired: false,
    requestedReason: options.reason,
  }
  return api.write({ method: 'POST', path: `${MANIFEST}/apply`, body, secrets }, signal)
}

/** Lands only on the version that `etag` names. */
export function putResource(
  api: HonuaApi,
  identity: Identity,
  write: { readonly body: JsonObject; readonly etag: string; readonly secrets: Iterable<string> },
  signal: AbortSignal,
): Promise<Answer> {
  const { body, etag, secrets } = write
  return api.write({ method: 'PUT', path: pathOf(identity), body, headers: { 'if-match': etag }, secrets }, signal)
}

/** Lands only on the version that `etag` names. */
export function deleteResource(api: HonuaApi, identity: Identity, etag: string, signal: AbortSignal): Promise<Answer> {
  return api.write({ method: 'DELETE', path: pathOf(identity), headers: { 'if-match': etag } }, signal)
}

function pathOf({ kind, namespace, name }: Identity): string {
  return `${ADMIN}/metadata/resources/${[kind, namespace, name].map(encodeURIComponent).join('/')}`
}
