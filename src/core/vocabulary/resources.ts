/** What is declared and what is live. */
import type { JsonObject } from '../json.ts'

/** SHA-256 over canonical bytes, 64 lower-case hex characters. */
export type Digest = string
/** `Kind/namespace/name`: the identity of a resource, and how it is written everywhere. */
export type ResourceKey = string
/** A full commit id, 40 or 64 lower-case hex characters. */
export type CommitId = string
/** Milliseconds since the epoch, UTC. */
export type Instant = number

/** Where something stands in the repository or a file. Line and column count from 1. */
export interface SourceLocation {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** One thing with an identity and a spec, declared or live. `${NAME}` in it is never resolved here. */
export interface Resource {
  readonly key: ResourceKey
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** Declared metadata except name and namespace: labels, annotations, description … Server-owned fields never. */
  readonly metadata: JsonObject
  readonly spec: JsonObject
  /** Over canonical {apiVersion, kind, namespace, name, metadata, spec}; numbers by value, key order ignored. */
  readonly digest: Digest
}

/** A resource as the repository declares it. */
export interface DeclaredResource extends Resource {
  readonly location: SourceLocation
}

/** A resource as a target holds it now. */
export interface LiveResource extends Resource {
  /** What a conditional write compares (an ETag, a resource version); null where the target has none. */
  readonly version: string | null
  /** Switched off: it is there and does nothing. Where Git does not declare it, it is as good as gone. */
  readonly isOff?: true
}

/** Everything one target holds, read at one moment. Sorted by key. */
export interface LiveState {
  readonly target: string
  readonly resources: readonly LiveResource[]
}

/** Git tree ids that decide whether a commit touches an environment; null where the folder is absent. */
export interface TreeIds {
  readonly environment: string | null
  readonly common: string | null
  readonly gitops: string | null
}

/** What a commit declares for one environment, parsed whole and merged with common. Sorted by key. */
export interface DesiredState {
  readonly environment: string
  readonly commit: CommitId
  readonly trees: TreeIds
  readonly resources: readonly DeclaredResource[]
  /** Digest over the sorted (key, digest) pairs of `resources`. */
  readonly release: Digest
}

/** One mistake in the repository or the configuration, told so that a person can mend it. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly location: SourceLocation | null
}
