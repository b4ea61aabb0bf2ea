import { hash } from 'node:crypto'
// The callback form costs half of the promise form, and files are most of what a deployment does.
import { close, constants, fchmod, fstat, fsync, open, read, writeFile } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { factsOf, type Opened } from './looking/facts.ts'

/** Files on their way to the disk at once: enough that it has work while this thread does other things, few enough to leave the pool to others. */
export const SYNCS_AT_ONCE = 16
const FILE_MODE = 0o640
/** True when a new file would lack the group's right to read, which the serving process needs. Asked once: asking resets the umask for a moment. */
const UMASK_CUTS = (process.umask() & FILE_MODE) !== 0

/** What `node:fs` names a failure, e.g. `ENOENT`; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether a failure to open says that no file is there: nothing at all, a link, or a pipe without the other end. */
export function isAbsence(code: string | undefined): boolean {
  return code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO'
}

/** Creates a file that must not exist, durable when this resolves. A link in its place is refused, not followed. */
export function writeNew(path: string | Buffer, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, FILE_MODE, (refused, fd) => {
      if (refused !== null) return reject(refused)
      const end = closer(fd, resolve, reject)
      const sync = (failed: Error | null) => (failed === null ? fsync(fd, end) : end(failed))
      writeFile(fd, content, (failed) => (failed === null && UMASK_CUTS ? fchmod(fd, FILE_MODE, sync) : sync(failed)))
    })
  })
}

/** Puts `content` in the place of whatever stands at `path`, in one step for every reader; the folder is synced by the caller. */
export async function replaceFile(
  path: string | Buffer,
  temporary: string | Buffer,
  content: string | Uint8Array,
): Promise<void> {
  await rm(temporary, { recursive: true, force: true })
  await writeNew(temporary, content)
  try {
    await rename(temporary, path)
  } catch (error) {
    if (errorCode(error) !== 'EISDIR') throw error
    await rm(path, { recursive: true, force: true })
    await rename(temporary, path)
  }
}

/** Makes the names in a folder durable. */
export function syncFolder(path: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_RDONLY | constants.O_DIRECTORY, (refused, fd) => {
      if (refused !== null) reject(refused)
      else fsync(fd, closer(fd, resolve, reject))
    })
  })
}

/** Reads a regular file without following a link or waiting for a pipe's writer. Rejects with what `node:fs` says where it cannot be opened so. */
export function readRegular(path: string | Buffer, bytesMax = Number.POSITIVE_INFINITY): Promise<Opened> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK, (refused, fd) => {
      if (refused !== null) return reject(refused)
      let opened: Opened
      const end = closer(fd, () => resolve(opened), reject)
      fstat(fd, { bigint: true }, (failed, stats) => {
        if (failed !== null) return end(failed)
        const facts = factsOf(stats)
        if (facts.kind !== 'file' || facts.size > bytesMax) {
          opened = { facts, content: null }
          return end(null)
        }
        readOn(fd, Number(facts.size), [], (unread, content) => {
          opened = { facts, content }
          end(unread)
        })
      })
    })
  })
}

/** All bytes of a file of about `size` bytes, usually by a single read. */
function readOn(fd: number, size: number, chunks: readonly Buffer[], done: (error: Error | null, all: Buffer) => void) {
  // One byte more than the file had is asked for: fewer means that its end was reached.
  const wanted = chunks.length === 0 ? size + 1 : Math.max(size, 4096)
  read(fd, Buffer.allocUnsafe(wanted), 0, wanted, null, (error, count, buffer) => {
    const all = [...chunks, buffer.subarray(0, count)]
    if (error === null && count === wanted) readOn(fd, size, all, done)
    else done(error, all.length === 1 ? (all[0] ?? Buffer.alloc(0)) : Buffer.concat(all))
  })
}

/** Closes a file whatever became of the work on it, and tells the first failure. */
function closer(fd: number, resolve: () => void, reject: (error: Error) => void): (failed: Error | null) => void {
  return (failed) =>
    close(fd, (unclosed) => {
      const failure = failed ?? unclosed ?? null
      if (failure === null) resolve()
      else reject(failure)
    })
}

/** SHA-256 of bytes, lower-case hex. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}
