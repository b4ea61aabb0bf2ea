import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What was measured at one moment of virtual time. */
export interface Sample {
  readonly hour: number
  /** After a full garbage collection, in MB. */
  readonly heapMb: number
  /** Of the data directory, in MB. */
  readonly storeMb: number
  readonly entries: number
  /** Contents that the newest collection kept. */
  readonly contents: number
  readonly auditLines: number
  /** Files and sockets that the process has open. */
  readonly handles: number
  /** Timers set on the virtual clock. */
  readonly timers: number
  /** The longest that any timer came late since the sample before, in virtual ms. */
  readonly lateMs: number
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

export function heapMb(): number {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed / 1e6
}

/** Linux tells each; elsewhere libuv's count of what is active. */
export function openHandles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : process.getActiveResourcesInfo().length
}

export function folderMb(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    // LevelDB removes files of its own at any time.
    const found = statSync(join(folder, name), { throwIfNoEntry: false })
    return sum + (found?.isFile() === true ? found.size / 1e6 : 0)
  }, 0)
}
