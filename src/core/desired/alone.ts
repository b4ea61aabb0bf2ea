import type { JsonObject } from '../json.ts'
import { checkSpec } from '../kinds/index.ts'
import type { SpecMistake } from '../kinds/mistakes.ts'
import { makeResource } from '../resource.ts'
import type { Digest } from '../vocabulary.ts'
import type { Part } from './form.ts'

/** What a part is by itself: a resource of this digest, one with mistakes in its spec, or null where it has no spec. */
export type Alone = { readonly digest: Digest } | { readonly mistakes: readonly SpecMistake[] } | null

/** Most parts are laid upon nothing: so whoever reads the file checks and digests them, in another thread than the one that merges. */
export function aloneOf({ apiVersion, kind, namespace, name, metadata, spec }: Part): Alone {
  if (spec === null) return null
  const mistakes = checkSpec(apiVersion, kind, spec)
  if (mistakes.length > 0) return { mistakes }
  return { digest: makeResource({ apiVersion, kind, namespace, name, metadata: withoutNulls(metadata), spec }).digest }
}

/** `labels:` with nothing after it is written by habit and means none. */
export function withoutNulls(metadata: JsonObject): JsonObject {
  if (!Object.values(metadata).includes(null)) return metadata
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null))
}
