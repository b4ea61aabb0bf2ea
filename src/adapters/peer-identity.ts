import { constants } from 'node:fs'
import { chmod, lstat, mkdir, open, readdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { apiErrors } from '../core/errors/api.ts'
import type { Instant } from '../core/vocabulary.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerAnswer, PeerIdentity } from '../ports/identity.ts'
import { userNames } from './user-names.ts'

/** How long a question stands, in ms. */
const CHALLENGE_TTL_MS = 30_000
/** Open questions at one time; more are refused. */
const CHALLENGES_MAX = 256
/**
 * Members of the socket's group may create files and not list them; nobody but the owner of a file may rename or remove it. The
 * setgid bit gives each file the controller's group, so that the controller can read one that another user made with mode 0640.
 */
const FOLDER_MODE = 0o3730
const NAME = /^[0-9a-f]{32}$/
const HARMLESS: ReadonlySet<unknown> = new Set(['ENOENT', 'EISDIR', 'EPERM'])

/**
 * Identity by a file, because Node tells nothing about the peer of a Unix socket. The file's owner is the proof. A link, or a file
 * that somebody else moved there, does not pass: it must be regular, have one name, be writable by its owner alone, and hold the nonce.
 */
export async function openPeerIdentity(options: {
  readonly folder: string
  readonly clock: Clock
}): Promise<PeerIdentity> {
  const { folder, clock } = options
  await prepareFolder(folder)
  const pending = new Map<string, { readonly path: string; readonly until: Instant }>()
  const nameOf = userNames(clock)

  const forgetExpired = async () => {
    for (const [nonce, { path, until }] of pending)
      if (until <= clock.now()) {
        pending.delete(nonce)
        await remove(path)
      }
  }
  return {
    async challenge() {
      await forgetExpired()
      if (pending.size >= CHALLENGES_MAX)
        throw apiErrors.tooMany({ what: 'open identity challenges', most: CHALLENGES_MAX })
      const nonce = clock.id()
      // Another id than the nonce: the name of a file may be seen by more eyes than its content.
      const path = join(folder, clock.id())
      pending.set(nonce, { path, until: clock.now() + CHALLENGE_TTL_MS })
      return { nonce, path }
    },
    async answered(nonce): Promise<PeerAnswer> {
      const question = pending.get(nonce)
      pending.delete(nonce)
      if (question === undefined) return { unknown: 'the challenge is unknown, or was used already' }
      try {
        if (question.until <= clock.now()) return { unknown: 'the challenge expired' }
        const owner = await ownerOf(question.path, nonce)
        return typeof owner === 'string' ? { unknown: owner } : { name: await nameOf(owner.uid) }
      } finally {
        await remove(question.path)
      }
    },
    async close() {
      for (const { path } of pending.values()) await remove(path)
      pending.clear()
    },
  }
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o750 })
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  const found = await lstat(folder)
  if (!found.isDirectory()) throw apiErrors.socketFolderUnsafe({ path: folder, reason: 'it is no folder' })
  if (found.uid !== process.geteuid?.())
    throw apiErrors.socketFolderUnsafe({ path: folder, reason: 'it belongs to another user' })
  await chmod(folder, FOLDER_MODE)
  for (const name of await readdir(folder)) if (NAME.test(name)) await remove(join(folder, name))
}

/** The user id that answered, or why the file proves nothing. */
async function ownerOf(path: string, nonce: string): Promise<{ readonly uid: number } | string> {
  const seen = await lstat(path).catch(() => undefined)
  if (seen === undefined) return 'the challenge was not answered'
  // Before opening: what is no regular file could block or act when it is opened.
  if (!seen.isFile()) return 'the answer is no regular file'
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined)
  if (file === undefined) return 'the answer cannot be read by the controller'
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.ino !== seen.ino || stat.dev !== seen.dev)
      return 'the answer was exchanged while it was read'
    if (stat.nlink !== 1) return 'the answer has more than one name'
    if ((stat.mode & 0o022) !== 0) return 'others could have written the answer'
    const bytes = Buffer.alloc(nonce.length + 1)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    if (stat.size !== nonce.length || bytes.toString('latin1', 0, bytesRead) !== nonce)
      return 'the answer is not the one asked for'
    return { uid: stat.uid }
  } finally {
    await file.close()
  }
}

/** Gone already is gone; a folder that somebody put there proves nothing and may stay. */
async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!HARMLESS.has(codeOf(error))) throw error
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
