import { shown } from '../documents/index.ts'
import { desiredErrors } from '../errors/desired.ts'
import type { HonuaError } from '../errors/honua-error.ts'
import type { Problem } from '../vocabulary.ts'
import { folded, isEntryName, isResourceFile } from './entries.ts'

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
  readonly notes: readonly string[]
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
 * links and submodules are refused wherever they are. At the top of an environment, its migrations are set aside.
 */
export function shapeFolder(path: string, entries: readonly FolderEntry[], isTop: boolean): FolderShape {
  const files: number[] = []
  const folders: number[] = []
  const problems: Problem[] = []
  const notes: string[] = []
  entries.forEach((entry, index) => {
    const refused = refusal(entry)
    if (refused !== undefined) problems.push(atPath(`${path}/${visible(entry.name)}`, refused))
    else if (isTop && isSetAside(entry)) notes.push(`${path}/${entry.name} is recognised and not acted on yet`)
    else if (entry.mode === FOLDER) folders.push(index)
    else if (isResourceFile(entry.name)) files.push(index)
  })
  problems.push(...twins(path, entries))
  return { files, folders, problems, notes }
}

/** A problem with a file as a whole. */
export function atPath(path: string, error: HonuaError): Problem {
  return { code: error.code, message: `${error.message}; ${error.remedy}`, location: { path, line: 1, column: 1 } }
}

function refusal({ name, mode }: FolderEntry): HonuaError | undefined {
  if (mode === SYMLINK) return desiredErrors.symlink()
  if (mode === SUBMODULE) return desiredErrors.submodule()
  if (mode !== FOLDER && !isFile(mode)) return desiredErrors.entryMode()
  if (isEntryName(name) || (mode !== FOLDER && !isResourceFile(name))) return undefined
  return desiredErrors.entryName({ shown: shown(name) })
}

function isSetAside({ name, mode }: FolderEntry): boolean {
  return mode === FOLDER && name === 'migrations'
}

function twins(path: string, entries: readonly FolderEntry[]): readonly Problem[] {
  const names = new Map<string, string>()
  return entries.flatMap(({ name, mode }) => {
    if (mode !== FOLDER && !isResourceFile(name)) return []
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
