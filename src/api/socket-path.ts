import { type Stats, statSync } from 'node:fs'
import { lstat, mkdir, stat, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { apiErrors } from '../core/errors/api.ts'

/** `sun_path` has 108 bytes with the final zero; Node 20 cuts longer paths silently and binds elsewhere (measured). */
const PATH_BYTES_MAX = 107
/** With the umask that goes with mode 0660 around `listen`, the socket is never open to others, not even for a moment. */
const SOCKET_UMASK = 0o117

/**
 * Makes the path ready to be listened at: folder there and safe, a socket nobody listens at removed. Throws HONUA_SOCKET_PATH_TOO_LONG,
 * HONUA_SOCKET_FOLDER_UNSAFE, HONUA_SOCKET_PATH_TAKEN or HONUA_SOCKET_IN_USE.
 */
export async function prepareSocketPath(path: string): Promise<void> {
  const bytes = Buffer.byteLength(path)
  if (bytes > PATH_BYTES_MAX) throw apiErrors.socketPathTooLong({ path, bytes, maxBytes: PATH_BYTES_MAX })
  await prepareFolder(dirname(path))
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (found === undefined) return
  const obstacle = obstacleAt(found)
  if (obstacle !== null) throw apiErrors.socketPathTaken({ path, found: obstacle })
  if (await isAnswered(path)) throw apiErrors.socketInUse({ path })
  await unlink(path)
}

/** Listens with mode 0660 from the first moment on. `listen` binds a path before it returns, so the umask holds for that call alone. */
export function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(codeOf(error) === 'EADDRINUSE' ? apiErrors.socketInUse({ path }) : error))
    const umask = process.umask(SOCKET_UMASK)
    try {
      server.listen(path, () =>
        isPrivate(statSync(path)) ? resolve() : reject(unsafe(path, 'the socket is open to others')),
      )
    } finally {
      process.umask(umask)
    }
  })
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const found = await stat(folder)
  const owners = [0, process.geteuid?.()]
  if (!owners.includes(found.uid)) throw unsafe(folder, 'it belongs to another user')
  const isShared = (found.mode & 0o022) !== 0
  const isSticky = (found.mode & 0o1000) !== 0
  if (isShared && !isSticky) throw unsafe(folder, 'others may write to it')
}

function obstacleAt(found: Stats): string | null {
  if (found.isSymbolicLink()) return 'a symbolic link'
  if (!found.isSocket()) return 'something that is no socket'
  if (found.uid !== process.geteuid?.()) return 'a socket of another user'
  return null
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', (error) => (codeOf(error) === 'ECONNREFUSED' ? resolve(false) : reject(error)))
  })
}

function isPrivate(found: Stats): boolean {
  return found.isSocket() && (found.mode & 0o007) === 0
}

function unsafe(path: string, reason: string) {
  return apiErrors.socketFolderUnsafe({ path, reason })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
