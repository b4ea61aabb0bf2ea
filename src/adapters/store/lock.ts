import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import { codeOf, isDiskFull } from './failures.ts'

/** Our own lock beside LevelDB's, which a failed second open by the same process drops (THREATS §0.7). */
export interface Lock {
  release(): Promise<void>
}

/**
 * `abstract`: a Linux socket name without a file; the kernel frees it when the process dies, however it dies. `file`: a socket file,
 * which a dead process leaves behind; whoever finds nobody listening takes it over. `pipe`: a Windows name, freed by itself.
 */
export type LockKind = 'abstract' | 'file' | 'pipe'

const PID_FILE = 'controller.pid'
// Of sockaddr_un on the BSDs and macOS; Node cuts a longer path and listens elsewhere.
const SOCKET_PATH_MAX = 103

/**
 * Takes the data directory for this process: an exclusive listening socket named by the folder's device and inode, so that no other
 * spelling of the path leads around it. A stopped process keeps it. Throws HONUA_STORE_LOCKED without touching the database.
 */
export async function takeLock(dataDir: string, kind: LockKind = kindHere()): Promise<Lock> {
  const address = await addressOf(dataDir, kind)
  const server = await listenOn(address, kind).catch(async (error: unknown) => {
    if (codeOf(error) === 'EADDRINUSE') throw storeErrors.locked({ dataDir, pid: await holderOf(dataDir) }, error)
    throw storeErrors.unusable({ path: dataDir, reason: codeOf(error) }, error)
  })
  const pidFile = join(dataDir, PID_FILE)
  try {
    await writePid(pidFile)
  } catch (error) {
    await closed(server)
    throw storeErrors.unusable({ path: pidFile, reason: codeOf(error) }, error)
  }
  return {
    async release() {
      await rm(pidFile, { force: true })
      await closed(server)
    },
  }
}

function kindHere(): LockKind {
  if (process.platform === 'linux') return 'abstract'
  return process.platform === 'win32' ? 'pipe' : 'file'
}

async function addressOf(dataDir: string, kind: LockKind): Promise<string> {
  const { dev, ino } = await stat(dataDir, { bigint: true })
  const name = `honua-gitops-${dev}-${ino}`
  if (kind === 'abstract') return `\0${name}`
  if (kind === 'pipe') return `\\\\.\\pipe\\${name}`
  const path = join(dataDir, 'lock.sock')
  return Buffer.byteLength(path) <= SOCKET_PATH_MAX ? path : join(tmpdir(), `${name}.sock`)
}

/** Rejects with EADDRINUSE while somebody listens there. */
async function listenOn(address: string, kind: LockKind): Promise<Server> {
  try {
    return await listening(address)
  } catch (error) {
    if (kind !== 'file' || codeOf(error) !== 'EADDRINUSE' || (await isAnswered(address))) throw error
    await rm(address, { force: true })
    return listening(address)
  }
}

function listening(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    // The lock alone keeps no process alive.
    server.unref()
    server.once('error', reject)
    server.listen({ path: address, exclusive: true }, () => resolve(server))
  })
}

/** False only when it is sure that nobody listens. A stopped process still does: the kernel takes the connection for it. */
function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

/** For people, and left out when the disk is full: the lock is the socket. */
async function writePid(path: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, `${process.pid}\n`, { mode: 0o600 })
    await rename(`${path}.new`, path)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    await rm(`${path}.new`, { force: true })
  }
}

/** What the holder wrote down; for the message only. */
async function holderOf(dataDir: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(join(dataDir, PID_FILE), 'utf8')).trim())
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
