import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'

/** Our own lock beside LevelDB's, which a failed second open by the same process drops (THREATS §0.7). */
export interface Lock {
  release(): Promise<void>
}

const PID_FILE = 'controller.pid'

/**
 * Takes the data directory for this process. On Linux the lock is an abstract socket named by the folder's device and inode: the kernel
 * frees it when the process dies, however it dies, and keeps it while the process is stopped. Elsewhere it is a socket in the folder.
 * Throws HONUA_STORE_LOCKED without touching the database.
 */
export async function takeLock(dataDir: string): Promise<Lock> {
  const { dev, ino } = await stat(dataDir, { bigint: true })
  const address = process.platform === 'linux' ? `\0honua-gitops-${dev}-${ino}` : join(dataDir, 'lock.sock')
  const server = await listenOn(address, dataDir)
  const pidFile = join(dataDir, PID_FILE)
  await writeFile(`${pidFile}.new`, `${process.pid}\n`, { mode: 0o600 })
  await rename(`${pidFile}.new`, pidFile)
  return {
    async release() {
      await rm(pidFile, { force: true })
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function listenOn(address: string, dataDir: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.once('error', (error) => {
      holderOf(dataDir).then((pid) => reject(storeErrors.locked({ dataDir, pid }, error)), reject)
    })
    server.listen(address, () => resolve(server))
  })
}

/** What the holder wrote down; for the message only. */
async function holderOf(dataDir: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(join(dataDir, PID_FILE), 'utf8')).trim())
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
