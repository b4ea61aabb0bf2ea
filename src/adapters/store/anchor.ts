import { join } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import type { Log } from '../../ports/log.ts'
import type { Engine } from './engine.ts'
import { codeOf } from './failures.ts'
import { readObject, replaceFile } from './files.ts'
import type { ChainHead } from './inspection.ts'
import { keys } from './keys.ts'
import { parsedRecord } from './parse.ts'

// A kill loses at most the notice of what was written since; both are small beside the cost of one sync each.
const AUDIT_ENTRIES_MAX = 256
const BATCHES_MAX = 4_096

/** How far the history reached: the newest audit entry, and the number of the newest write batch. */
export interface Reach {
  readonly audit: ChainHead
  readonly batches: number
}

/**
 * Writes beside the database how far its history reached: every 256 audit entries or 4,096 batches, and when the store is closed.
 * A tail that is lost, or an old copy put back, then shows at the next start.
 */
export class Anchor {
  readonly #path: string
  readonly #log: Log
  #written: Reach
  #newest: Reach
  #writing: Promise<void> = Promise.resolve()

  constructor(dataDir: string, reach: Reach, log: Log) {
    this.#path = anchorPath(dataDir)
    this.#written = reach
    this.#newest = reach
    this.#log = log
  }

  /** What its file says. */
  static text({ audit: { sequence, hash }, batches }: Reach): string {
    return JSON.stringify({ sequence, hash, batches })
  }

  /** Takes note of what is on disk now; costs a write only when much came since the last one. */
  moved(reach: Reach): void {
    this.#newest = reach
    const { audit, batches } = this.#written
    if (reach.audit.sequence - audit.sequence >= AUDIT_ENTRIES_MAX || reach.batches - batches >= BATCHES_MAX)
      this.#write()
  }

  /** Writes the newest reach; resolves when it is on disk, or was logged as not. */
  async settle(): Promise<void> {
    this.#write()
    await this.#writing
  }

  #write(): void {
    const text = Anchor.text(this.#newest)
    this.#written = this.#newest
    this.#writing = this.#writing.then(() =>
      replaceFile(this.#path, text).catch((error: unknown) =>
        this.#log.warn({ code: codeOf(error) }, 'the anchor of the audit log could not be written'),
      ),
    )
  }
}

/** Throws HONUA_STORE_CORRUPT when the history does not reach its anchor, or differs from it there. */
export async function checkAnchor(dataDir: string, engine: Engine, reach: Reach): Promise<void> {
  const path = anchorPath(dataDir)
  const anchor = await readObject(path)
  if (anchor === undefined) return
  const { sequence, hash, batches } = anchor
  const remedy = `restore the database and ${path} from the same backup; to accept the loss, remove that file`
  if (typeof sequence === 'number' && sequence > 0) {
    const place = { in: 'audit', sequence: reach.audit.sequence + 1 } as const
    if (reach.audit.sequence < sequence)
      throw storeErrors.corrupt({ place, problem: `the log ends before its anchor, entry ${sequence}`, remedy })
    if ((await auditHashAt(engine, sequence)) !== hash)
      throw storeErrors.corrupt({ place: { in: 'audit', sequence }, problem: 'it differs from its anchor', remedy })
  }
  if (typeof batches === 'number' && reach.batches < batches)
    throw storeErrors.corrupt({
      place: { in: 'batches', sequence: reach.batches + 1 },
      problem: `it is missing; the anchor names ${batches}`,
      remedy,
    })
}

async function auditHashAt(engine: Engine, sequence: number): Promise<string | undefined> {
  const text = await engine.get(keys.audit(sequence))
  return text === undefined ? undefined : parsedRecord<{ readonly hash?: string }>(text, { in: 'audit', sequence }).hash
}

/** Where it stands. */
export function anchorPath(dataDir: string): string {
  return join(dataDir, 'anchor.json')
}
