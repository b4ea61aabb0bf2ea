import { readdir, readlink } from 'node:fs/promises'
import type { JsonObject } from '../../../core/json.ts'
import { makeResource } from '../../../core/resource.ts'
import type { Digest, LiveResource, Resource } from '../../../core/vocabulary.ts'
import type { Clock } from '../../../ports/clock.ts'
import { errorCode, isAbsence, sha256OfBytes } from './files.ts'
import type { Facts, Looker, Opened, Unseen } from './looking/index.ts'
import { FOREIGN, filePathOf, foreignName, onDisk } from './paths.ts'
import { readResource } from './yaml-read.ts'

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
type Identity = Omit<Facts, 'kind'>

interface Remembered {
  readonly identity: Identity
  readonly seen: SeenFile
}

/** Reads release folders, and remembers each file by (path, inode, size, times), so that what did not change costs one `lstat`. */
export class ReleaseReader {
  readonly #clock: Clock
  readonly #looker: Looker
  #remembered = new Map<string, Remembered>()
  /** What files that were written lately say, by byte path, until they are read back. */
  #written = new Map<string, SeenFile>()

  constructor(clock: Clock, looker: Looker) {
    this.#clock = clock
    this.#looker = looker
  }

  /** Everything in `folder`, by byte path. An absent folder is empty. Rejects with the signal's reason when aborted. */
  async read(folder: string, signal: AbortSignal): Promise<ReadonlyMap<string, SeenFile>> {
    const before = this.#remembered
    this.#remembered = new Map()
    const found = await this.#look(folder, await listFiles(folder, signal), before, signal)
    this.#written = new Map()
    return found
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

  /** Finds out what a text says that is being written: bytes that are read back and are the same need no second look. */
  note(path: string, text: string): void {
    const content = Buffer.from(text)
    this.#written.set(path, seenFile(path, content, sha256OfBytes(content)))
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
    // A regular file that is to be read anyway tells its facts when it is open.
    const isUnread = ({ isFile, path }: Entry) => isFile && !before.has(`${folder}/${path}`)
    const unread = entries.filter(isUnread).map(({ path }) => path)
    const asked = entries.filter((entry) => !isUnread(entry)).map(({ path }) => path)
    const facts = await this.#looker.facts(placesOf(folder, asked), signal)
    for (const [at, one] of facts.entries()) {
      const path = asked[at] ?? ''
      const known = presentOf(one, folder, path)
      // Removed since the folder was listed.
      if (known === null) continue
      const id = `${folder}/${path}`
      const remembered = before.get(id)
      if (remembered !== undefined && isSame(remembered.identity, known)) {
        this.#remembered.set(id, remembered)
        found.set(path, remembered.seen)
      } else if (known.kind === 'file') unread.push(path)
      else {
        const seen = await notAFile(folder, path, known)
        if (seen !== null) found.set(path, seen)
      }
    }
    await this.#looker.contents(placesOf(folder, unread), FILE_BYTES_MAX, signal, (at, opened) => {
      const path = unread[at] ?? ''
      if ('failed' in opened && opened.failed === 'EACCES') {
        found.set(path, foreign(path, { type: 'unreadable' }))
        return
      }
      const present = presentOf(opened, folder, path)
      if (present !== null) found.set(path, this.#seen(folder, path, present))
    })
    return found
  }

  #seen(folder: string, path: string, { facts, content }: Opened): SeenFile {
    if (facts.kind !== 'file') return foreign(path, { type: 'special' })
    if (content === null) return foreign(path, { bytes: Number(facts.size) })
    const written = this.#written.get(path)
    const bytes = sha256OfBytes(content)
    const seen = written?.bytes === bytes ? written : seenFile(path, content, bytes)
    const { kind: _, ...identity } = facts
    if (this.#clock.now() - Number(facts.ctimeNs / 1_000_000n) > SETTLED_MS)
      this.#remembered.set(`${folder}/${path}`, { identity, seen })
    return seen
  }
}

function placesOf(folder: string, paths: readonly string[]): readonly (string | Buffer)[] {
  return paths.map((path) => onDisk(folder, path))
}

/** What was found; null where nothing is, or no longer. Throws what the file system said of anything else. */
function presentOf<Found extends object>(one: Found | Unseen, folder: string, path: string): Found | null {
  if (!('failed' in one)) return one
  if (isAbsence(one.failed)) return null
  throw Object.assign(new Error(one.failed), { code: one.failed, path: `${folder}/${path}` })
}

/** What is no regular file; null when it vanished or became another thing meanwhile. */
async function notAFile(folder: string, path: string, { kind }: Facts): Promise<SeenFile | null> {
  if (kind !== 'link') return foreign(path, { type: 'special' })
  try {
    return foreign(path, { link: await readlink(onDisk(folder, path), 'latin1') })
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EINVAL') return null
    throw error
  }
}

function isSame(a: Identity, b: Identity): boolean {
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.ino === b.ino && a.mode === b.mode
}

function seenFile(path: string, content: Buffer, bytes: Digest): SeenFile {
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
