import type { JsonObject } from '../json.ts'
import { checkSpec } from '../kinds/index.ts'
import { makeResource } from '../resource.ts'
import type { Digest } from '../vocabulary.ts'
import type { Part } from './form.ts'

/**
 * Digest of the resource that a part makes by itself; null where it lacks a spec or has mistakes there. Most parts are laid upon nothing, so
 * whoever reads the file can do this work, in another thread than the one that merges.
 */
export function aloneDigest(part: Part): Digest | null {
  const { apiVersion, kind, namespace, name, metadata, spec } = part
  if (spec === null || checkSpec(apiVersion, kind, spec).length > 0) return null
  return makeResource({ apiVersion, kind, namespace, name, metadata: withoutNulls(metadata), spec }).digest
}

/** `labels:` with nothing after it is written by habit and means none. */
export function withoutNulls(metadata: JsonObject): JsonObject {
  if (!Object.values(metadata).includes(null)) return metadata
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null))
}
