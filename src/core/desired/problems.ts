import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { Problem } from '../vocabulary.ts'
import type { PlacedFile, PlacedPart } from './file.ts'

const PROBLEMS_MAX = 100
const NOTES_MAX = 20

/** A place as people write it. */
export function told({ location: { path, line, column } }: PlacedPart): string {
  return `${path}:${line}:${column}`
}

/** A problem where a resource begins. */
export function problemOf({ location }: PlacedPart, error: HonuaError): Problem {
  return { code: error.code, message: `${error.message}; ${error.remedy}`, location }
}

/** What was found while the files were read. */
export function fileProblems(files: readonly PlacedFile[]): readonly Problem[] {
  const problems: Problem[] = []
  for (const { path, file } of files) {
    for (const { code, message, line, column } of file.problems) {
      problems.push({ code, message, location: { path, line, column } })
    }
  }
  return problems
}

/** Whether `fileNotes` may have something to say of a file, wherever it lies. */
export function mayHaveNotes({ file }: PlacedFile): boolean {
  return file.notes.length > 0 || file.environments.length > 0
}

/** What is to be said of the files; `environment` is where they lie, undefined for common. */
export function fileNotes(files: readonly PlacedFile[], environment?: string): readonly string[] {
  const notes: string[] = []
  for (const { path, file } of files) {
    for (const note of file.notes) notes.push(`${path}: ${note}`)
    if (environment === undefined) continue
    for (const named of file.environments) {
      if (named.environment === environment) continue
      notes.push(
        `${path}: metadata.environment of ${named.key} names another environment than the folder; the folder counts`,
      )
    }
  }
  return notes
}

/** By place, at most PROBLEMS_MAX; a last one counts the rest. */
export function cappedProblems(problems: readonly Problem[]): readonly Problem[] {
  const sorted = [...problems].sort(byPlace)
  const more = sorted.length - PROBLEMS_MAX
  if (more <= 0) return sorted
  const { code, message } = desiredErrors.more({ count: more })
  return [...sorted.slice(0, PROBLEMS_MAX), { code, message, location: null }]
}

/** At most NOTES_MAX; a last one counts the rest. */
export function cappedNotes(notes: readonly string[]): readonly string[] {
  const more = notes.length - NOTES_MAX
  return more > 0 ? [...notes.slice(0, NOTES_MAX), `and ${more} more`] : notes
}

function byPlace({ location: a }: Problem, { location: b }: Problem): number {
  const path = compare(a?.path ?? '', b?.path ?? '')
  if (path !== 0) return path
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
