import {
  type FolderShape,
  MIGRATIONS_FOLDER,
  type PlacedFile,
  placeFile,
  type ResourceFile,
  shapeFolder,
  shapeMigrations,
} from '../../core/desired.ts'
import { Lru } from '../../core/lru.ts'
import type { Problem } from '../../core/vocabulary.ts'
import type { GitSource, TreeEntry } from '../../ports/git.ts'
import { type Blobs, FILES_TOGETHER } from './blobs.ts'
import { Budget, type LoadLimits } from './limits.ts'
import { pipelined } from './pipelined.ts'

/** All resource files below a folder, in the order of their paths. */
export interface Walked {
  readonly files: readonly PlacedFile[]
  readonly problems: readonly Problem[]
  /** What keeping them costs, as the caches count it. */
  readonly bytes: number
}

/** One folder without those below it. `files[n]` is the file of entry `shape.files[n]`. */
interface Folder {
  readonly treeId: string
  readonly entries: readonly TreeEntry[]
  readonly shape: FolderShape
  readonly files: readonly PlacedFile[]
  readonly bytes: number
}

/** What the files of a folder are: which of them count, and how they are read. */
interface Holding {
  readonly shape: (path: string, entries: readonly TreeEntry[]) => FolderShape
  readonly read: (blobs: Blobs, entries: readonly TreeEntry[]) => Promise<readonly ResourceFile[]>
}

const RESOURCES: Holding = {
  shape: shapeFolder,
  read: (blobs, entries) => blobs.read(entries.map(({ oid }) => oid)),
}
const MIGRATIONS: Holding = {
  shape: shapeMigrations,
  read: (blobs, entries) => Promise.all(entries.map(({ oid, name }) => blobs.migration(oid, name))),
}

const FOLDER_OVERHEAD_BYTES = 1024
const FILE_OVERHEAD_BYTES = 256

/**
 * Reads folders of the repository, each compared entry by entry with what its path held last: what did not change is taken over as
 * the very same objects, so a commit costs what it changes.
 */
export class Folders {
  readonly #git: GitSource
  readonly #blobs: Blobs
  readonly #limits: LoadLimits
  readonly #last: Lru<Folder>
  readonly #inFlight = new Map<string, Promise<Folder>>()

  constructor(git: GitSource, blobs: Blobs, limits: LoadLimits) {
    this.#git = git
    this.#blobs = blobs
    this.#limits = limits
    this.#last = new Lru(limits.cacheBytesMax)
  }

  /** Everything below `path`, whose tree is `treeId`. Throws HONUA_TREE_TOO_LARGE, and what Git throws. */
  walk(path: string, treeId: string): Promise<Walked> {
    return this.#walk(path, treeId, 0, RESOURCES, new Budget(this.#limits))
  }

  async #walk(path: string, treeId: string, depth: number, holds: Holding, budget: Budget): Promise<Walked> {
    budget.takeFolder(depth)
    const { entries, shape, files, bytes } = await this.#folder(path, treeId, holds, budget)
    const below = await pipelined(shape.folders, this.#limits.readsInFlight, (index) => {
      const { name, oid } = at(entries, index)
      const isMigrations = depth === 0 && name === MIGRATIONS_FOLDER
      return this.#walk(`${path}/${name}`, oid, depth + 1, isMigrations ? MIGRATIONS : RESOURCES, budget)
    })
    if (below.length === 0) return { files, problems: shape.problems, bytes: cost(files, bytes) }
    return {
      files: [files, ...below.map((walked) => walked.files)].flat(),
      problems: [shape.problems, ...below.map((walked) => walked.problems)].flat(),
      bytes: below.reduce((sum, walked) => sum + walked.bytes, cost(files, bytes)),
    }
  }

  async #folder(path: string, treeId: string, holds: Holding, budget: Budget): Promise<Folder> {
    const last = this.#last.get(path)
    const key = `${path}\0${treeId}`
    const started = last?.treeId === treeId ? last : this.#inFlight.get(key)
    if (started !== undefined) {
      const folder = await started
      budget.takeFiles(folder.files.length)
      budget.takeBytes(folder.bytes)
      return folder
    }
    const reading = this.#read(path, treeId, holds, last, budget).finally(() => this.#inFlight.delete(key))
    this.#inFlight.set(key, reading)
    return reading
  }

  async #read(path: string, treeId: string, holds: Holding, last: Folder | undefined, budget: Budget): Promise<Folder> {
    const entries = await this.#git.tree(treeId)
    const sameNames = last !== undefined && haveSameNames(last.entries, entries)
    const shape = sameNames ? last.shape : holds.shape(path, entries)
    budget.takeFiles(shape.files.length)
    const files = keptFiles(last, shape, entries)
    let bytes = 0
    const count = (file: PlacedFile) => {
      bytes += file.file.bytes
      budget.takeBytes(file.file.bytes)
    }
    const missing: number[] = []
    shape.files.forEach((_, n) => {
      const kept = files[n]
      if (kept === undefined) missing.push(n)
      else count(kept)
    })
    await pipelined(groupsOf(missing), this.#limits.readsInFlight, async (group) => {
      const found = group.map((n) => at(entries, at(shape.files, n)))
      const read = await holds.read(this.#blobs, found)
      for (const [m, n] of group.entries()) {
        const placed = placeFile(`${path}/${at(found, m).name}`, at(read, m))
        count(placed)
        files[n] = placed
      }
    })
    const folder = { treeId, entries, shape, files, bytes }
    this.#last.set(path, folder, cost(files, bytes))
    return folder
  }
}

function groupsOf(indices: readonly number[]): readonly (readonly number[])[] {
  const groups: (readonly number[])[] = []
  for (let from = 0; from < indices.length; from += FILES_TOGETHER)
    groups.push(indices.slice(from, from + FILES_TOGETHER))
  return groups
}

function cost(files: readonly PlacedFile[], bytes: number): number {
  return bytes + files.length * FILE_OVERHEAD_BYTES + FOLDER_OVERHEAD_BYTES
}

function haveSameNames(before: readonly TreeEntry[], after: readonly TreeEntry[]): boolean {
  return (
    before.length === after.length &&
    after.every((entry, index) => entry.name === before[index]?.name && entry.mode === before[index]?.mode)
  )
}

/** The files of the last folder whose name and content are the same, at their place in the new one. */
function keptFiles(last: Folder | undefined, shape: FolderShape, entries: readonly TreeEntry[]): PlacedFile[] {
  const files: PlacedFile[] = new Array(shape.files.length)
  if (last === undefined) return files
  const isAligned = shape === last.shape
  const byName = isAligned ? undefined : new Map(last.shape.files.map((index, n) => [at(last.entries, index).name, n]))
  shape.files.forEach((index, n) => {
    const { name, oid } = at(entries, index)
    const before = byName === undefined ? n : byName.get(name)
    if (before === undefined || at(last.entries, at(last.shape.files, before)).oid !== oid) return
    files[n] = at(last.files, before)
  })
  return files
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`)
  return item
}
