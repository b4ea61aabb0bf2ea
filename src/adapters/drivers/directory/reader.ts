import type { BigIntStats } from 'node:fs'
import { type FileHandle, readdir, readlink } from 'node:fs/promises'
import type { JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { Digest, LiveResource, Resource } from '../../../core/vocabulary.ts'
import type { Clock } from '../../../ports/clock.ts'
import { forEachBounded } from '../parallel.ts'
import { closing, errorCode, openRegular, readWhole, sha256OfBytes } from './files.ts'
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
    return this.#look(folder, paths, this.#remembered, signal)
  }

  /** Forgets files whose content must not stay in memory. */
  forget(folder: string, paths: Iterable<string>): void {
    for (const path of paths) this.#remembered.delete(`${folder}/${path}`)
  }

  async #look(
    folder: string,
    paths: readonly string[],
    before: ReadonlyMap<string, Remembered>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, SeenFile>> {
    const facts = await statAll(
      paths.map((path) => onDisk(folder, path)),
      signal,
    )
    const found = new Map<string, SeenFile>()
    const unknown: { readonly path: string; readonly facts: BigIntStats }[] = []
    for (const [index, path] of paths.entries()) {
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
    await forEachBounded(unknown, READS_AT_ONCE, async (item) => {
      signal.throwIfAborted()
      const seen = await this.#readOne(folder, item.path, item.facts)
      if (seen !== null) found.set(item.path, seen)
    })
    return found
  }

  /** Null when the file vanished meanwhile. */
  async #readOne(folder: string, path: string, facts: BigIntStats): Promise<SeenFile | null> {
    const place = onDisk(folder, path)
    try {
      if (facts.isSymbolicLink()) return foreign(path, { link: await readlink(place, 'latin1') })
      if (!facts.isFile()) return foreign(path, { type: 'special' })
      const handle = await openRegular(place)
      return handle === null ? null : await closing(handle, () => this.#readFile(handle, folder, path))
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EINVAL') return null
      if (errorCode(error) === 'EACCES') return foreign(path, { type: 'unreadable' })
      throw error
    }
  }

  async #readFile(handle: FileHandle, folder: string, path: string): Promise<SeenFile> {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) return foreign(path, { type: 'special' })
    if (stats.size > FILE_BYTES_MAX) return foreign(path, { bytes: Number(stats.size) })
    const seen = seenFile(path, await readWhole(handle, Number(stats.size)))
    const { ino, size, mtimeNs, ctimeNs, mode } = stats
    if (this.#clock.now() - Number(stats.ctimeMs) > SETTLED_MS)
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

/** Byte paths of all that is no folder, in no particular order. */
async function listFiles(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const files: string[] = []
  const folders: string[] = ['']
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    signal.throwIfAborted()
    const here = at === '' ? folder : onDisk(folder, at)
    for (const entry of await entriesOf(here)) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else files.push(path)
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
