/** Ends what a program started and let out of its process group (a daemon, a session of its own). Linux only: it looks into /proc. */
import { readdir, readFile } from 'node:fs/promises'
import { codeOf } from './errno.ts'

/** Rounds of looking: what is found may start one more before it is ended. */
const ROUNDS_MAX = 10
/** Looks in a row that must find none: while a process becomes another program it has no environment for a moment. */
const QUIET_ROUNDS = 3

/**
 * Kills every process of ours whose environment holds `name=value`. Resolves when three looks in a row find none, or after ten looks. A process
 * that has cleared its environment is not found.
 */
export async function endMarked({ name, value }: { readonly name: string; readonly value: string }): Promise<void> {
  let quiet = 0
  for (let round = 0; round < ROUNDS_MAX && quiet < QUIET_ROUNDS; round += 1) {
    const found = await markedBy(`${name}=${value}`)
    quiet = found.length === 0 ? quiet + 1 : 0
    for (const pid of found) end(pid)
  }
}

async function markedBy(mark: string): Promise<readonly number[]> {
  const pids = (await listed()).filter((entry) => /^\d+$/.test(entry)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => ((await environmentOf(pid)).split('\0').includes(mark) ? [pid] : [])),
  )
  return found.flat()
}

async function listed(): Promise<readonly string[]> {
  try {
    return await readdir('/proc')
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return []
  }
}

/** Empty for what has ended, and for what is not ours to look into. */
async function environmentOf(pid: number): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/environ`, 'utf8')
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return ''
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}
