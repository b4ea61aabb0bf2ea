import type { Resource } from '../vocabulary.ts'
import { type Place, TOPOLOGY, topologyIn } from './read.ts'
import { type ComponentReference, componentReferences } from './references.ts'

/** What an environment is made of, for a picture of it. */
export interface Composition {
  /** In the order of the phases, then of the file. */
  readonly places: readonly Place[]
  readonly references: readonly ComponentReference[]
}

/** The components among the resources of an environment; null where it has no topology. */
export function compositionIn(resources: readonly Resource[]): Composition | null {
  const topology = topologyIn(resources)
  if (topology === null) return null
  const { places, key } = topology
  const declared = resources.find((resource) => resource.kind === TOPOLOGY && resource.key === key)
  return { places, references: declared === undefined ? [] : componentReferences(declared.spec) }
}
