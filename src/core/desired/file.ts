import {
  defaultLimits,
  type FileProblem,
  locatorOf,
  type ParsedFile,
  type ParseLimits,
  parseFile,
  problemAt,
  refusedFile,
} from '../documents/index.ts'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { Json } from '../json.ts'
import { knownKinds, SEED_VERSION } from '../kinds/index.ts'
import { MIGRATION, readMigrationFile } from '../migrations/index.ts'
import { resourceKey } from '../resource.ts'
import { suggest } from '../suggest.ts'
import type { ResourceKey, SourceLocation } from '../vocabulary.ts'
import { type Alone, aloneOf } from './alone.ts'
import { annotationNotes } from './annotations.ts'
import { folded } from './entries.ts'
import { type Part, readForm } from './form.ts'

/** One resource of a file, wherever the file lies. */
export interface FilePart {
  readonly part: Part
  /** Document of the file; see `locate`. */
  readonly index: number
  readonly line: number
  readonly column: number
  /** The key as case-blind targets see it. */
  readonly foldedKey: string
  /** What the part is when it is laid upon nothing. */
  readonly alone: Alone
}

/** A file read as resources: path-free, so that equal contents are read once. */
export interface ResourceFile {
  readonly parts: readonly FilePart[]
  readonly problems: readonly FileProblem[]
  readonly notes: readonly string[]
  /** Environments that parts name in their metadata, as the seed form does. */
  readonly environments: readonly { readonly key: ResourceKey; readonly environment: Json }[]
  readonly bytes: number
  readonly locate: ParsedFile['locate']
}

/** A file as data alone: what another thread can hand over. */
export type PlainFile = Omit<ResourceFile, 'locate'>

/** A resource at its place in the repository. The same place and content give the same object as long as the file is kept. */
export interface PlacedPart extends FilePart {
  readonly file: ResourceFile
  readonly location: SourceLocation
}

export interface PlacedFile {
  readonly path: string
  readonly file: ResourceFile
  readonly parts: readonly PlacedPart[]
}

/** Reads the text of a file into resources. Throws nothing. */
export function readFile(content: Uint8Array | string, limits: ParseLimits = defaultLimits): ResourceFile {
  return resourceFile(parseFile(content, limits))
}

/** Reads a parsed file into resources; mistakes in their envelopes join those of the text. */
export function resourceFile(parsed: ParsedFile): ResourceFile {
  const parts: FilePart[] = []
  const problems: FileProblem[] = [...parsed.problems]
  const notes: string[] = []
  const environments: { key: ResourceKey; environment: Json }[] = []
  for (const document of parsed.documents) {
    const { index, line, column } = document
    const form = readForm(document)
    switch (form.is) {
      case 'resource': {
        const { part } = form
        parts.push({ part, index, line, column, foldedKey: folded(part.key), alone: aloneOf(part) })
        notes.push(...notesOf(part))
        const { environment } = part.metadata
        if (environment !== undefined) environments.push({ key: part.key, environment })
        break
      }
      case 'aside':
        notes.push(form.note)
        break
      case 'refused':
        for (const { path, error } of form.mistakes) problems.push(problemAt(parsed.locate(index, path), error))
    }
  }
  return { parts, problems, notes, environments, bytes: parsed.bytes, locate: parsed.locate }
}

/** Reads a file below `migrations/` as the one resource that it is. Throws nothing. */
export function readMigration(
  fileName: string,
  content: Uint8Array | string,
  limits: ParseLimits = defaultLimits,
): ResourceFile {
  const { name, spec, problems, bytes } = readMigrationFile(fileName, content, limits)
  const locate = () => ({ line: 1, column: 1, found: 0 })
  if (name === null || spec === null) return { parts: [], problems, notes: [], environments: [], bytes, locate }
  const key = resourceKey(MIGRATION, 'default', name.name)
  const part = {
    key,
    apiVersion: SEED_VERSION,
    kind: MIGRATION,
    namespace: 'default',
    name: name.name,
    metadata: {},
    spec,
  }
  const parts = [{ part, index: 0, line: 1, column: 1, foldedKey: folded(key), alone: aloneOf(part) }]
  return { parts, problems, notes: [], environments: [], bytes, locate }
}

/** A file that was not read at all, as it is larger than `bytesMax`. */
export function refusedResourceFile(bytesMax: number): ResourceFile {
  return refusedFileFor(desiredErrors.fileTooLarge({ bytesMax }), 0)
}

/** A file of `bytes` that is refused as a whole. */
export function refusedFileFor(error: HonuaError, bytes: number): ResourceFile {
  return resourceFile(refusedFile(problemAt({ line: 1, column: 1 }, error), bytes))
}

export function plainFile({ locate: _, ...plain }: ResourceFile): PlainFile {
  return plain
}

/** A file that was read elsewhere, with the content and limits it was read with. */
export function revivedFile(plain: PlainFile, content: Uint8Array, limits: ParseLimits): ResourceFile {
  return { ...plain, locate: locatorOf(content, limits) }
}

/** The file at a path. */
export function placeFile(path: string, file: ResourceFile): PlacedFile {
  const parts = file.parts.map((part) => {
    const { line, column } = part
    return { ...part, file, location: { path, line, column } }
  })
  return { path, file, parts }
}

function notesOf({ kind, metadata }: Part): readonly string[] {
  const notes = annotationNotes(metadata['annotations'])
  if (knownKinds.includes(kind)) return notes
  const meant = suggest(kind, knownKinds)
  return meant === undefined
    ? notes
    : [...notes, `the kind ${kind} is not known and not checked; did you mean ${meant}?`]
}
