import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'

/** Syncs in flight at once: enough to fill a disk's queue, few enough to leave the thread pool to others. */
export const SYNCS_AT_ONCE = 8
const FILE_MODE = 0o640
/** True when a new file would lack the group's right to read, which the serving process needs. Asked once: asking resets the umask for a moment. */
const UMASK_CUTS = (process.umask() & FILE_MODE) !== 0

/** What `node:fs` names a failure, e.g. `ENOENT`; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Creates a file that must not exist, durable when this resolves. A link in its place is refused, not followed. */
export async function writeNew(path: string | Buffer, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, FILE_MODE)
  await closing(handle, async () => {
    await handle.writeFile(content)
    if (UMASK_CUTS) await handle.chmod(FILE_MODE)
    await handle.sync()
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
export async function syncFolder(path: string | Buffer): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  await closing(handle, () => handle.sync())
}

/** Runs `work` and closes the handle whatever happens. */
export async function closing<T>(handle: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await handle.close()
  }
}

/** The bytes of a regular file; null when it is absent or has become a link or a device. */
export async function readRegular(path: string | Buffer): Promise<Buffer | null> {
  const handle = await openRegular(path)
  if (handle === null) return null
  return closing(handle, async () => {
    const stats = await handle.stat()
    return stats.isFile() ? readWhole(handle, stats.size) : null
  })
}

/** All bytes of a file of about `size` bytes, usually by a single read. */
export async function readWhole(handle: FileHandle, size: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (let left = size + 1; ; left = Math.max(size, 4096)) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(left), 0, left, null)
    if (bytesRead > 0) chunks.push(buffer.subarray(0, bytesRead))
    // One byte more than the file had was asked for: fewer means that its end was reached.
    if (bytesRead < left) return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)
  }
}

/** Opens for reading without following a link or waiting for a pipe's writer; null when there is nothing of the kind. */
export async function openRegular(path: string | Buffer): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(errorCode(error) ?? '')) return null
    throw error
  }
}

/** SHA-256 of bytes, lower-case hex. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
