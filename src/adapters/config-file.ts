import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { concatMap, debounceTime, filter, type Observable, Subject, takeUntil } from 'rxjs'
import { type Loaded, loadConfig } from '../core/config/index.ts'
import type { Clock } from '../ports/clock.ts'

/** Editors write a file in several steps; what counts is how it stands when they are done. */
const SETTLE_MS = 200

export interface ConfigFile {
  /** The file as it is now. A file that cannot be read is a problem like any other. */
  read(): Promise<Loaded>
  /** The file each time it changed on disk, or `poke` was called. */
  readonly changes$: Observable<Loaded>
  poke(): void
  close(): void
}

/** Watches the folder, not the file: editors and configuration managers replace files by renaming. */
export function openConfigFile(file: string, clock: Clock): ConfigFile {
  const touched$ = new Subject<null>()
  const closed$ = new Subject<null>()
  const watcher = watch(dirname(file), (_, name) => {
    if (name === null || name === basename(file)) touched$.next(null)
  })
  watcher.on('error', () => watcher.close())
  const read = () => readConfig(file)
  let last: string | null = null
  const changes$ = touched$.pipe(
    debounceTime(SETTLE_MS, clock.scheduler),
    concatMap(read),
    filter((loaded) => {
      const text = JSON.stringify(loaded)
      const isNew = text !== last
      last = text
      return isNew
    }),
    takeUntil(closed$),
  )
  return {
    read: async () => {
      const loaded = await read()
      last = JSON.stringify(loaded)
      return loaded
    },
    changes$,
    poke: () => touched$.next(null),
    close() {
      closed$.next(null)
      watcher.close()
    },
  }
}

async function readConfig(file: string): Promise<Loaded> {
  try {
    return loadConfig(await readFile(file, 'utf8'), file)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return {
      config: null,
      problems: [
        {
          code: 'HONUA_CONFIG_UNREADABLE',
          message: `the configuration cannot be read: ${reason}`,
          location: { path: file, line: 1, column: 1 },
        },
      ],
      inactive: [],
    }
  }
}
