/** What one commit declares for one environment: its own files laid upon those of common, by identity. */
import { Assembler, lowerBound } from './desired/assembler.ts'
import type { PlacedFile } from './desired/file.ts'
import { cappedNotes, cappedProblems, fileNotes } from './desired/problems.ts'
import { desiredErrors } from './errors/desired.ts'
import { MIGRATION, numberOf, twiceNumbered } from './migrations/index.ts'
import { releaseDigest } from './release.ts'
import type { CommitId, DeclaredResource, DesiredState, Problem, TreeIds } from './vocabulary.ts'

export { Assembler } from './desired/assembler.ts'
export {
  type PlacedFile,
  type PlainFile,
  placeFile,
  plainFile,
  type ResourceFile,
  readFile,
  readMigration,
  refusedFileFor,
  refusedResourceFile,
  revivedFile,
} from './desired/file.ts'
export { atPath, type FolderEntry, type FolderShape, isFile, shapeFolder, shapeMigrations } from './desired/folder.ts'
export { COMMON, isEnvironmentName, MIGRATIONS_FOLDER } from './names.ts'

/** Everything that is known of an environment at a commit. */
export interface Assembly {
  readonly environment: string
  readonly commit: CommitId
  readonly trees: TreeIds
  readonly common: readonly PlacedFile[]
  readonly own: readonly PlacedFile[]
  /** What was already found wrong with the folders. */
  readonly problems?: readonly Problem[]
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
 * part of every environment. Throws nothing. The same files give the very same resource objects. `assembler` may be kept from one
 * commit of the same environment to the next, which makes the next one cheap and never different.
 */
export function assembleDesired(assembly: Assembly, assembler: Assembler = new Assembler()): Assembled {
  const { environment, commit, trees, common, own } = assembly
  const { resources, problems: inside, noted } = assembler.merge({ common, own })
  const problems = [...(assembly.problems ?? []), ...inside, ...numberProblems(resources)]
  const notes = cappedNotes([...fileNotes(noted.common), ...fileNotes(noted.own, environment)])
  if (problems.length > 0) return { desired: null, problems: cappedProblems(problems), notes }
  return { desired: { environment, commit, trees, resources, release: releaseDigest(resources) }, problems, notes }
}

/** Those of one kind among resources sorted by key: they are neighbours, found without looking at all. */
function ofKind(resources: readonly DeclaredResource[], kind: string): readonly DeclaredResource[] {
  const prefix = `${kind}/`
  const start = lowerBound(resources, prefix, 0)
  let end = start
  while (resources[end]?.key.startsWith(prefix) === true) end += 1
  return resources.slice(start, end)
}

/** Two migrations with one number have no order, be one of them of common. */
function numberProblems(resources: readonly DeclaredResource[]): readonly Problem[] {
  return twiceNumbered(ofKind(resources, MIGRATION)).map(({ one, first }) => {
    const error = desiredErrors.migrationNumber({ number: numberOf(one.name), first: first.location.path })
    return { code: error.code, message: `${error.message}; ${error.remedy}`, location: one.location }
  })
}
