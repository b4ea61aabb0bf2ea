import { isJsonObject, type Json } from '../../core/json.ts'
import type { Digest } from '../../core/vocabulary.ts'

/** Contents that something refers to. */
export interface References {
  /** May refer to others: must be read. */
  readonly nodes: readonly Digest[]
  /** Refer to nothing: need not be read. */
  readonly leaves: readonly Digest[]
}

const DIGEST = /^[0-9a-f]{64}$/
const DIGESTS = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g
/** A release: lines with the key of a resource and the digest of its body, in turns. */
const RELEASE = /^(?:[^/\n]+\/[^/\n]*\/[^\n]+\n[0-9a-f]{64}\n)+$/
/** A resource: canonical JSON, whose first field this is. */
const RESOURCE = '{"apiVersion":'

/**
 * What a content refers to. A form that is not known here is taken to refer to every digest that stands in it, so that a new
 * form costs time and never a content. Add a form when reading what it refers to would be in vain.
 */
export function referencesOf(text: string): References {
  if (text.startsWith(RESOURCE)) return { nodes: [], leaves: [] }
  const digests = [...new Set(text.match(DIGESTS))]
  return RELEASE.test(text) ? { nodes: [], leaves: digests } : { nodes: digests, leaves: [] }
}

/** What is told in these fields is only ever compared with: the digest of a quarantined release is a name, its contents are not read. */
const NAMES_ONLY: ReadonlySet<string> = new Set(['quarantine'])

/** Every digest that stands in a value of ours and may be read: in a state, an event, a record. */
export function digestsIn(value: Json): readonly Digest[] {
  const found = new Set<Digest>()
  collect(value, found)
  return [...found]
}

function collect(value: Json, into: Set<Digest>): void {
  if (typeof value === 'string') {
    if (DIGEST.test(value)) into.add(value)
  } else if (Array.isArray(value)) for (const one of value) collect(one, into)
  else if (isJsonObject(value))
    for (const [field, one] of Object.entries(value)) if (!NAMES_ONLY.has(field)) collect(one, into)
}
