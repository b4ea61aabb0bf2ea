import type { BigIntStats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import type { JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { Digest, Resource } from '../../../core/vocabulary.ts'
import type { Clock } from '../../../ports/clock.ts'
import { forEachBounded } from '../parallel.ts'
import { closing, errorCode, openRegular, sha256OfBytes } from './files.ts'
import { FOREIGN, filePathOf, foreignName, onDisk } from './paths.ts'
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
  /** The resource it holds, secrets resolved, or kind `File` for what is not ours. */
  readonly resource: Resource
  /** Over the bytes of a regular file that was read; null for links, devices and files too long. */
  readonly bytes: Digest | null
  /** Where a symbolic link points to; it is never followed. */
  readonly link: string | null
}

interface Remembered {
  readonly identity: string
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
    const paths = await listFiles(folder, signal)
    const found: (SeenFile | null)[] = new Array(paths.length).fill(null)
    const next = new Map<string, Remembered>()
    await forEachBounded([...paths.entries()], READS_AT_ONCE, async ([index, path]) => {
      signal.throwIfAborted()
      found[index] = await this.#look(folder, path, next)
    })
    this.#remembered = next
    return new Map(found.flatMap((seen) => (seen === null ? [] : [[seen.path, seen]])))
  }

  /** Forgets files whose content must not stay in memory. */
  forget(folder: string, paths: Iterable<string>): void {
    for (const path of paths) this.#remembered.delete(`${folder}/${path}`)
  }

  async #look(folder: string, path: string, next: Map<string, Remembered>): Promise<SeenFile | null> {
    const id = `${folder}/${path}`
    const onDiskPath = onDisk(folder, path)
    try {
      const stats = await lstat(onDiskPath, { bigint: true })
      const remembered = this.#remembered.get(id)
      if (remembered !== undefined && remembered.identity === identityOf(stats)) {
        next.set(id, remembered)
        return remembered.seen
      }
      if (stats.isSymbolicLink()) return foreign(path, { link: await readlink(onDiskPath, 'latin1') })
      if (!stats.isFile()) return foreign(path, { type: 'special' })
      return await this.#readFile(onDiskPath, path, id, next)
    } catch (error) {
      // Removed, or changed into a link, since the folder was listed: the next look sees what it is now.
      if (errorCode(error) === 'ENOENT') return null
      if (errorCode(error) === 'EACCES') return foreign(path, { type: 'unreadable' })
      throw error
    }
  }

  async #readFile(
    onDiskPath: string | Buffer,
    path: string,
    id: string,
    next: Map<string, Remembered>,
  ): Promise<SeenFile | null> {
    const handle = await openRegular(onDiskPath)
    if (handle === null) return null
    return closing(handle, async () => {
      const stats = await handle.stat({ bigint: true })
      const seen =
        !stats.isFile() || stats.size > FILE_BYTES_MAX
          ? foreign(path, { bytes: Number(stats.size) })
          : seenFile(path, await handle.readFile())
      if (this.#clock.now() - Number(stats.ctimeMs) > SETTLED_MS) next.set(id, { identity: identityOf(stats), seen })
      return seen
    })
  }
}

function identityOf(stats: BigIntStats): string {
  return `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.mode}`
}

function seenFile(path: string, content: Buffer): SeenFile {
  const bytes = sha256OfBytes(content)
  const text = content.toString('utf8')
  // Bytes that are no UTF-8 decode to something else: such a file is not what any of our texts would be.
  const resource = Buffer.byteLength(text, 'utf8') === content.length ? readResource(text) : null
  if (resource !== null) {
    const place = filePathOf(resource)
    if ('path' in place && place.path === path) return { path, resource, bytes, link: null }
  }
  return { ...foreign(path, { bytes: content.length, digest: bytes }), bytes }
}

function foreign(path: string, facts: JsonObject): SeenFile {
  const resource = makeResource({
    ...FOREIGN,
    name: foreignName(path),
    metadata: {},
    spec: { path: Buffer.from(path, 'latin1').toString('utf8'), ...facts },
  })
  const { link } = facts
  return { path, resource, bytes: null, link: typeof link === 'string' ? link : null }
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
