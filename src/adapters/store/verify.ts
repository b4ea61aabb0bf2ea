import type { AuditEntry, JournalBase, StoredSnapshot } from '../../ports/store.ts'
import type { Engine } from './engine.ts'
import { type BaseHead, type ChainHead, Inspection, START, type Verified } from './inspection.ts'
import { keys } from './keys.ts'
import { parsedRecord } from './parse.ts'

/**
 * Reads the whole history once and recomputes every chain; contents are checked whenever they are read. Throws HONUA_STORE_CORRUPT
 * naming the first bad place.
 */
export async function verifyHistory(engine: Engine): Promise<Verified> {
  const inspection = new Inspection((fault) => {
    throw fault
  })
  for await (const page of engine.pages(keys.history)) for (const pair of page) inspection.take(pair)
  return inspection.finish()
}

/** The heads alone, unverified: as the snapshots and the newest entries tell them. */
export async function readHeads(engine: Engine): Promise<Verified> {
  const streams = new Map<string, ChainHead>()
  const bases = new Map<string, BaseHead>()
  for await (const page of engine.pages(keys.bases))
    for (const [, value] of page) {
      const { stream, sequence, own } = parsedRecord<JournalBase>(value, { in: 'database' })
      bases.set(stream, { sequence, own })
    }
  for await (const page of engine.pages(keys.snapshots))
    for (const [, value] of page) {
      const { stream, sequence, hash } = parsedRecord<StoredSnapshot>(value, { in: 'database' })
      streams.set(stream, { sequence, hash })
    }
  let audit = START
  for await (const page of engine.pages({ ...keys.auditLog, reverse: true, limit: 1 }))
    for (const [, value] of page) {
      const { sequence, hash } = parsedRecord<AuditEntry>(value, { in: 'database' })
      audit = { sequence, hash }
    }
  const forgotten = Number((await engine.get(keys.batchesForgotten)) ?? 0)
  let batches = forgotten
  for await (const page of engine.pages({ ...keys.batches, reverse: true, limit: 1 }))
    for (const [key] of page) batches = keys.sequence(key)
  const entries = [...streams].reduce(
    (sum, [stream, { sequence }]) => sum + sequence - (bases.get(stream)?.sequence ?? 0),
    0,
  )
  return { entries, audit, streams, bases, batches, forgotten }
}
