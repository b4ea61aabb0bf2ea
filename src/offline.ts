/** What is done while no controller runs: on a data directory, and with a driver program. */
import { systemClock } from './adapters/clock-system.ts'
import { type Check, checkProgram } from './adapters/drivers/command/conformance/index.ts'
import { createLog } from './adapters/log-pino.ts'
import { type Backup, examineLevelStore, importLevelStore } from './adapters/store/index.ts'
import type { JsonObject } from './core/json.ts'
import { Vouched } from './runtime/vouched.ts'

/** How much a store holds. */
export interface Extent {
  readonly streams: number
  readonly entries: number
  readonly audit: number
}

/** A damaged place, in words. */
export interface Fault {
  readonly code: string
  readonly message: string
}

/** Takes a backup into an empty folder. Throws HONUA_BACKUP_INVALID, HONUA_BACKUP_PLACE; then nothing was written. */
export async function importData(dataDir: string, backup: Backup): Promise<Extent> {
  return extentOf(await importLevelStore(dataDir, backup))
}

/** Judges all that the store of a data directory holds, and changes nothing. */
export async function examineData(dataDir: string): Promise<Extent & { readonly faults: readonly Fault[] }> {
  const observer = new Vouched()
  const { faults, verified } = await examineLevelStore({
    dataDir,
    observer,
    clock: systemClock(),
    log: createLog({ level: 'silent' }),
  })
  const all = [...faults, ...observer.faults()]
  return { ...extentOf(verified), faults: all.map(({ code, message }) => ({ code, message })) }
}

function extentOf({ streams, entries, audit }: Awaited<ReturnType<typeof importLevelStore>>): Extent {
  return { streams: streams.size, entries, audit: audit.sequence }
}

export type { Check } from './adapters/drivers/command/conformance/index.ts'

/** Asks a driver program what a controller would ask, and tells each check as it is done. Rejects with the signal's reason. */
export async function testDriver(
  given: {
    /** Absolute path, then arguments. */
    readonly command: readonly [string, ...string[]]
    readonly settings: JsonObject
    readonly secrets: Readonly<Record<string, string>>
    readonly kind: string
    readonly timeoutMs: number
  },
  tell: (check: Check) => void,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { command, settings, secrets, kind, timeoutMs } = given
  const program = { name: 'test', driver: 'command', command, settings, env: {}, secrets: [], timeoutMs } as const
  return checkProgram({ program, kind, secrets }, { clock: systemClock() }, tell, signal)
}
