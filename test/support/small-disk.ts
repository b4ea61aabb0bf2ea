import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk in memory that is soon full. */
export interface SmallDisk {
  readonly path: string
  remove(): void
}

/** Mounts one. Throws where nothing can be mounted. */
export function smallDisk(mib: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'honua-small-disk-'))
  const remove = () => rmSync(path, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'honua-test', path], { stdio: 'pipe' })
  } catch (error) {
    remove()
    throw error
  }
  return {
    path,
    remove() {
      // A git that a killed controller had started may still stand in it for a moment.
      execFileSync('umount', ['--lazy', path])
      remove()
    },
  }
}

/** Takes all the room there is. */
export async function fill(path: string): Promise<void> {
  const handle = await open(path, 'w')
  try {
    for (let bytes = 1024 * 1024; bytes >= 4096; ) {
      const isTaken = await handle.write(Buffer.alloc(bytes, 'x')).then(
        ({ bytesWritten }) => bytesWritten === bytes,
        () => false,
      )
      if (!isTaken) bytes /= 2
    }
  } finally {
    await handle.close()
  }
}

/** Null where a small disk can be mounted. */
export function reasonAgainstDisks(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux'
  try {
    smallDisk(1).remove()
    return null
  } catch (error) {
    return `nothing can be mounted here: ${error instanceof Error ? error.message : String(error)}`
  }
}
