import { constants, watch } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { concatMap, debounceTime, filter, interval, merge, type Observable, Subject, takeUntil } from 'rxjs'
import { CONFIG_SIZE_MAX, type Loaded, loadConfig } from '../core/config/index.ts'
import type { Clock } from '../ports/clock.ts'

/** Editors write a file in several steps; what counts is how it stands when they are done. */
const SETTLE_MS = 200
/** The file is looked at this often in any case: links to it, network drives and lost watches tell of no change. */
const LOOK_EVERY_MS = 30_000

export interface ConfigFile {
  /** The file as it is now. A file that cannot be read is a problem like any other. */
  read(): Promise<Loaded>
  /** The file each time its content became another one than was read last. Looks 200 ms after a change or `poke`, and each 30 s. */
  readonly changes$: Observable<Loaded>
  poke(): void
  close(): void
}

/** Watches the folder, not the file: editors and configuration managers replace files by renaming. Throws nothing. */
export function openConfigFile(file: string, clock: Clock): ConfigFile {
  const touched$ = new Subject<null>()
  const closed$ = new Subject<null>()
  const unwatch = watchFolder(dirname(file), (name) => {
    if (name === null || name === basename(file)) touched$.next(null)
  })
  let last: string | null = null
  const look = async (): Promise<{ readonly loaded: Loaded; readonly isNew: boolean }> => {
    const loaded = await readConfig(file)
    const text = JSON.stringify(loaded)
    const isNew = text !== last
    last = text
    return { loaded, isNew }
  }
  const due$ = merge(touched$.pipe(debounceTime(SETTLE_MS, clock.scheduler)), interval(LOOK_EVERY_MS, clock.scheduler))
  return {
    read: async () => (await look()).loaded,
    changes$: due$.pipe(
      concatMap(look),
      filter(({ isNew }) => isNew),
      concatMap(({ loaded }) => [loaded]),
      takeUntil(closed$),
    ),
    poke: () => touched$.next(null),
    close() {
      closed$.next(null)
      unwatch()
    },
  }
}

/** A folder that is not there, or a system without watches left, is no mistake: the regular look finds changes too. */
function watchFolder(folder: string, onChange: (name: string | null) => void): () => void {
  try {
    const watcher = watch(folder, (_, name) => onChange(name))
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return () => undefined
    throw error
  }
}

async function readConfig(file: string): Promise<Loaded> {
  try {
    return loadConfig(await readStart(file), file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const message = `the configuration cannot be read: ${String(error.code)}`
    const location = { path: file, line: 1, column: 1 }
    return { config: null, problems: [{ code: 'HONUA_CONFIG_UNREADABLE', message, location }], notes: [] }
  }
}

/** The content, or as much of it as shows that it is too large: the path may be mistaken for that of a device or a pipe. */
async function readStart(file: string): Promise<Uint8Array> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const bytes = Buffer.alloc(CONFIG_SIZE_MAX + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = (await handle.read(bytes, length, bytes.length - length)).bytesRead
    return bytes.subarray(0, length)
  } finally {
    await handle.close()
  }
}
