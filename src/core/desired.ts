/** What one commit declares for one environment: its own files laid upon those of common, by identity. */
import type { PlacedFile, PlacedPart } from './desired/file.ts'
import { cappedNotes, cappedProblems, fileNotes, fileProblems, problemOf, told } from './desired/problems.ts'
import { wholeOf } from './desired/whole.ts'
import { desiredErrors } from './errors/desired.ts'
import { releaseDigest } from './resource.ts'
import type { CommitId, DeclaredResource, DesiredState, Problem, ResourceKey, TreeIds } from './vocabulary.ts'

export { type PlacedFile, placeFile, type ResourceFile, readFile, refusedResourceFile } from './desired/file.ts'
export { atPath, type FolderEntry, type FolderShape, shapeFolder } from './desired/folder.ts'
export { COMMON, isEnvironmentName } from './names.ts'

/** Everything that is known of an environment at a commit. */
export interface Assembly {
  readonly environment: string
  readonly commit: CommitId
  readonly trees: TreeIds
  readonly common: readonly PlacedFile[]
  readonly own: readonly PlacedFile[]
  /** What was already found wrong with the folders, and what is to be said of them. */
  readonly problems?: readonly Problem[]
  readonly notes?: readonly string[]
}

export interface Assembled {
  /** Null when anything at all is wrong: an environment is never deployed in part. */
  readonly desired: DesiredState | null
  /** By place, at most 100; a last one counts the rest. */
  readonly problems: readonly Problem[]
  /** What is left aside or looks unintended, for people; at most 20. */
  readonly notes: readonly string[]
}

/**
 * Merges by identity (the environment wins), checks each resource by its kind, sorts by key. A resource that only common declares is
 * part of every environment. Throws nothing. The same files give the very same resource objects.
 */
export function assembleDesired(assembly: Assembly): Assembled {
  const { environment, commit, trees } = assembly
  const common = byKey(assembly.common)
  const own = byKey(assembly.own)
  const resources: DeclaredResource[] = []
  const incomplete: Problem[] = []
  const take = (part: PlacedPart, base: PlacedPart | null) => {
    const { resource, problems } = wholeOf(part, base)
    if (resource !== null) resources.push(resource)
    for (const problem of problems) incomplete.push(problem)
  }
  for (const [key, part] of common.parts) if (!own.parts.has(key)) take(part, null)
  for (const [key, part] of own.parts) take(part, common.parts.get(key) ?? null)
  const problems = [
    ...(assembly.problems ?? []),
    ...fileProblems(assembly.common),
    ...fileProblems(assembly.own),
    ...common.problems,
    ...own.problems,
    ...twins(common.parts, own.parts),
    ...incomplete,
  ]
  const notes = cappedNotes([
    ...(assembly.notes ?? []),
    ...fileNotes(assembly.common),
    ...fileNotes(assembly.own, environment),
  ])
  if (problems.length > 0) return { desired: null, problems: cappedProblems(problems), notes }
  resources.sort((a, b) => (a.key < b.key ? -1 : 1))
  return { desired: { environment, commit, trees, resources, release: releaseDigest(resources) }, problems, notes }
}

interface Identified {
  readonly parts: ReadonlyMap<ResourceKey, PlacedPart>
  readonly problems: readonly Problem[]
}

/** Parts by identity; a second one of the same identity is a problem that names the first. */
function byKey(files: readonly PlacedFile[]): Identified {
  const parts = new Map<ResourceKey, PlacedPart>()
  const problems: Problem[] = []
  for (const file of files) {
    for (const part of file.parts) {
      const { key } = part.part
      const first = parts.get(key)
      if (first === undefined) parts.set(key, part)
      else problems.push(problemOf(part, desiredErrors.duplicate({ key, first: told(first) })))
    }
  }
  return { parts, problems }
}

/** Different identities that a case-blind target would take for one. */
function twins(...layers: readonly ReadonlyMap<ResourceKey, PlacedPart>[]): readonly Problem[] {
  const seen = new Map<string, PlacedPart>()
  const problems: Problem[] = []
  for (const parts of layers) {
    for (const part of parts.values()) {
      const { key } = part.part
      const first = seen.get(part.foldedKey)
      if (first === undefined) seen.set(part.foldedKey, part)
      else if (first.part.key !== key) {
        problems.push(problemOf(part, desiredErrors.twin({ key, other: first.part.key, first: told(first) })))
      }
    }
  }
  return problems
}
