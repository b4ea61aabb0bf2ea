import { shown } from '../documents/index.ts'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { Problem } from '../vocabulary.ts'
import { folded, isEntryName, isMigrationFile, isResourceFile } from './entries.ts'

/** An entry as Git lists it. */
export interface FolderEntry {
  readonly name: string
  readonly mode: string
}

/** What one folder of an environment holds, by its listing alone. Numbers are indices into the entries. */
export interface FolderShape {
  readonly files: readonly number[]
  readonly folders: readonly number[]
  readonly problems: readonly Problem[]
}

const FOLDER = '040000'
const FILES: ReadonlySet<string> = new Set(['100644', '100755', '100664'])
const SYMLINK = '120000'
const SUBMODULE = '160000'

/** True for the modes that Git gives to regular files. */
export function isFile(mode: string): boolean {
  return FILES.has(mode)
}

/**
 * Sorts out the entries of a folder: `*.yaml`, `*.yml` and `*.json` are resources, other files are left alone whatever their name,
 * links and submodules are refused wherever they are.
 */
export function shapeFolder(path: string, entries: readonly FolderEntry[]): FolderShape {
  const files: number[] = []
  const folders: number[] = []
  const problems: Problem[] = []
  entries.forEach((entry, index) => {
    const refused = refusal(entry, isResourceFile)
    if (refused !== undefined) problems.push(atPath(`${path}/${visible(entry.name)}`, refused))
    else if (entry.mode === FOLDER) folders.push(index)
    else if (isResourceFile(entry.name)) files.push(index)
  })
  problems.push(...twins(path, entries, isResourceFile))
  return { files, folders, problems }
}

/** The same for the folder of an environment's migrations: `*.sql` counts, resources and folders do not belong there. */
export function shapeMigrations(path: string, entries: readonly FolderEntry[]): FolderShape {
  const files: number[] = []
  const problems: Problem[] = []
  entries.forEach((entry, index) => {
    const isStranger = entry.mode === FOLDER || isResourceFile(entry.name)
    const refused = refusal(entry, isMigrationFile) ?? (isStranger ? desiredErrors.migrationStranger() : undefined)
    if (refused !== undefined) problems.push(atPath(`${path}/${visible(entry.name)}`, refused))
    else if (isMigrationFile(entry.name)) files.push(index)
  })
  problems.push(...twins(path, entries, isMigrationFile))
  return { files, folders: [], problems }
}

/** A problem with a file as a whole. */
export function atPath(path: string, error: HonuaError): Problem {
  return { code: error.code, message: `${error.message}; ${error.remedy}`, location: { path, line: 1, column: 1 } }
}

function refusal({ name, mode }: FolderEntry, isRead: (name: string) => boolean): HonuaError | undefined {
  if (mode === SYMLINK) return desiredErrors.symlink()
  if (mode === SUBMODULE) return desiredErrors.submodule()
  if (mode !== FOLDER && !isFile(mode)) return desiredErrors.entryMode()
  if (isEntryName(name) || (mode !== FOLDER && !isRead(name))) return undefined
  return desiredErrors.entryName({ shown: shown(name) })
}

function twins(path: string, entries: readonly FolderEntry[], isRead: (name: string) => boolean): readonly Problem[] {
  const names = new Map<string, string>()
  return entries.flatMap(({ name, mode }) => {
    if (mode !== FOLDER && !isRead(name)) return []
    const other = names.get(folded(name))
    if (other === undefined) {
      names.set(folded(name), name)
      return []
    }
    const error = desiredErrors.entryTwin({ shown: shown(name), other: shown(other) })
    return [atPath(`${path}/${visible(name)}`, error)]
  })
}

/** A name for a location: as it is when it is allowed, else escaped. */
function visible(name: string): string {
  return isEntryName(name) ? name : shown(name).slice(1, -1)
}
