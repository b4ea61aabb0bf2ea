import type { BigIntStats } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import type { JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { Digest, LiveResource, Resource } from '../../../core/vocabulary.ts'
import type { Clock } from '../../../ports/clock.ts'
import { forEachBounded } from '../parallel.ts'
import { errorCode, type Opened, readRegular, sha256OfBytes } from './files.ts'
import { FOREIGN, filePathOf, foreignName, onDisk } from './paths.ts'
import { statAll } from './stat-all.ts'
import { readResource } from './yaml-read.ts'

/** Reads in flight at once; Node's thread pool has four, more only queue there. */
const READS_AT_ONCE = 16
/** A longer file is no resource: it is reported by its size and not read. */
const FILE_BYTES_MAX = 16 * 1024 * 1024
/** Time stamps of files are as coarse as the kernel's tick (4–10 ms): a file younger than this may change again unnoticed. */
const SETTLED_MS = 100

/** One thing found in a release folder. */
export interface SeenFile {
  readonly path: string
  /** The resource it holds, secrets resolved, or kind `File` for what is not ours; its version is its digest. */
  readonly resource: LiveResource
  /** Over the bytes of a regular file that was read; null for links, devices and files too long. */
  readonly bytes: Digest | null
  /** Where a symbolic link points to; it is never followed. */
  readonly link: string | null
}

/** What must be equal for a file to count as the one that was read. */
type Identity = Pick<BigIntStats, 'ino' | 'size' | 'mtimeNs' | 'ctimeNs' | 'mode'>

interface Remembered {
  readonly identity: Identity
  readonly seen: SeenFile
}

/** Reads release folders, and remembers each file by (path, inode, size, times), so that what did not change costs one `lstat`. */
export class ReleaseReader {
  readonly #clock: Clock
  #remembered = new Map<string, Remembered>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Everything in `folder`, by byte path. An absent folder is empty. Rejects with the signal's reason when aborted. */
  async read(folder: string, signal: AbortSignal): Promise<ReadonlyMap<string, SeenFile>> {
    const before = this.#remembered
    this.#remembered = new Map()
    return this.#look(folder, await listFiles(folder, signal), before, signal)
  }

  /** As `read`, for these paths only; absent ones are left out. */
  async readSome(
    folder: string,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, SeenFile>> {
    const entries = paths.map((path) => ({ path, isFile: false }))
    return this.#look(folder, entries, this.#remembered, signal)
  }

  /** Forgets files whose content must not stay in memory. */
  forget(folder: string, paths: Iterable<string>): void {
    for (const path of paths) this.#remembered.delete(`${folder}/${path}`)
  }

  async #look(
    folder: string,
    entries: readonly Entry[],
    before: ReadonlyMap<string, Remembered>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, SeenFile>> {
    const found = new Map<string, SeenFile>()
    const unknown: { readonly path: string; readonly facts: BigIntStats | null }[] = []
    const asked: Entry[] = []
    for (const entry of entries) {
      // A regular file that is to be read anyway tells its facts when it is open.
      if (entry.isFile && !before.has(`${folder}/${entry.path}`)) unknown.push({ path: entry.path, facts: null })
      else asked.push(entry)
    }
    const facts = await statAll(
      asked.map(({ path }) => onDisk(folder, path)),
      signal,
    )
    for (const [index, { path }] of asked.entries()) {
      const stats = facts[index]
      if (stats === undefined || stats instanceof Error) {
        // Removed since the folder was listed.
        if (errorCode(stats) === 'ENOENT') continue
        throw stats
      }
      const id = `${folder}/${path}`
      const remembered = before.get(id)
      if (remembered === undefined || !isSame(remembered.identity, stats)) {
        unknown.push({ path, facts: stats })
        continue
      }
      this.#remembered.set(id, remembered)
      found.set(path, remembered.seen)
    }
    await forEachBounded(unknown, READS_AT_ONCE, async ({ path, facts: known }) => {
      signal.throwIfAborted()
      const seen = await this.#readOne(folder, path, known)
      if (seen !== null) found.set(path, seen)
    })
    return found
  }

  /** Null when the file vanished meanwhile. `known` is null for what was listed as a regular file. */
  async #readOne(folder: string, path: string, known: BigIntStats | null): Promise<SeenFile | null> {
    const place = onDisk(folder, path)
    try {
      if (known?.isSymbolicLink()) return foreign(path, { link: await readlink(place, 'latin1') })
      if (known !== null && !known.isFile()) return foreign(path, { type: 'special' })
      const opened = await readRegular(place, FILE_BYTES_MAX)
      return opened === null ? null : this.#seen(folder, path, opened)
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EINVAL') return null
      if (errorCode(error) === 'EACCES') return foreign(path, { type: 'unreadable' })
      throw error
    }
  }

  #seen(folder: string, path: string, { facts, content }: Opened): SeenFile {
    if (!facts.isFile()) return foreign(path, { type: 'special' })
    if (content === null) return foreign(path, { bytes: Number(facts.size) })
    const seen = seenFile(path, content)
    const { ino, size, mtimeNs, ctimeNs, mode } = facts
    if (this.#clock.now() - Number(facts.ctimeMs) > SETTLED_MS)
      this.#remembered.set(`${folder}/${path}`, { identity: { ino, size, mtimeNs, ctimeNs, mode }, seen })
    return seen
  }
}

function isSame(a: Identity, b: Identity): boolean {
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.ino === b.ino && a.mode === b.mode
}

function seenFile(path: string, content: Buffer): SeenFile {
  const bytes = sha256OfBytes(content)
  const text = content.toString('utf8')
  // Bytes that are no UTF-8 decode to something else: such a file is not what any of our texts would be.
  const resource = Buffer.byteLength(text, 'utf8') === content.length ? readResource(text) : null
  if (resource !== null) {
    const place = filePathOf(resource)
    if ('path' in place && place.path === path) return { path, resource: versioned(resource), bytes, link: null }
  }
  return { ...foreign(path, { bytes: content.length, digest: bytes }), bytes }
}

function versioned(resource: Resource): LiveResource {
  return { ...resource, version: resource.digest }
}

function foreign(path: string, facts: JsonObject): SeenFile {
  const resource = makeResource({
    ...FOREIGN,
    name: foreignName(path),
    metadata: {},
    spec: { path: Buffer.from(path, 'latin1').toString('utf8'), ...facts },
  })
  const { link } = facts
  return { path, resource: versioned(resource), bytes: null, link: typeof link === 'string' ? link : null }
}

/** Something that is no folder, by its byte path. */
interface Entry {
  readonly path: string
  /** Known to be a regular file. */
  readonly isFile: boolean
}

/** All that is no folder, in no particular order. */
async function listFiles(folder: string, signal: AbortSignal): Promise<readonly Entry[]> {
  const files: Entry[] = []
  const folders: string[] = ['']
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    signal.throwIfAborted()
    const here = at === '' ? folder : onDisk(folder, at)
    for (const entry of await entriesOf(here)) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else files.push({ path, isFile: entry.isFile() })
    }
  }
  return files
}

async function entriesOf(path: string | Buffer) {
  try {
    return await readdir(path, { withFileTypes: true, encoding: 'latin1' })
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}
