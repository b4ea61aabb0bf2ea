import { auditHash, journalHash, ZERO_HASH } from '../../core/chain.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { Digest } from '../../core/vocabulary.ts'
import type { AuditEntry, JournalEntry, StoredSnapshot } from '../../ports/store.ts'
import type { Engine } from './engine.ts'
import { keys, parseHistoryKey } from './keys.ts'
import { parsedRecord } from './parse.ts'

/** Where a chain stands. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: Digest
}

/** What verification found: how much, and the head of every chain. */
export interface Verified {
  readonly entries: number
  readonly audit: ChainHead
  readonly streams: ReadonlyMap<string, ChainHead>
  /** Number of the newest write batch, and of the newest that is no longer kept. */
  readonly batches: number
  readonly forgotten: number
}

/** A chain without entries. */
export const START: ChainHead = { sequence: 0, hash: ZERO_HASH }

/**
 * Reads the whole history once and recomputes every chain: no gap, no change, no reordering, snapshots that stand behind their last
 * entry, and no write batch lost from the middle. Throws HONUA_STORE_CORRUPT naming the first bad place.
 */
export async function verifyHistory(engine: Engine): Promise<Verified> {
  let audit = START
  let entries = 0
  let batches = 0
  let forgotten = 0
  const streams = new Map<string, ChainHead>()
  const snapshots = new Map<string, ChainHead>()
  for await (const page of engine.pages(keys.history))
    for (const [key, value] of page) {
      const place = parseHistoryKey(key)
      switch (place.kind) {
        case 'audit':
          audit = checkAudit(
            parsedRecord<AuditEntry>(value, { in: 'audit', sequence: place.sequence }),
            place.sequence,
            audit,
          )
          break
        case 'batches-forgotten':
          forgotten = Number(value)
          batches = forgotten
          break
        case 'batch':
          if (place.sequence !== batches + 1)
            throw storeErrors.corrupt({ place: { in: 'batches', sequence: batches + 1 }, problem: 'it is missing' })
          batches = place.sequence
          break
        case 'journal': {
          const { stream, sequence } = place
          const entry = parsedRecord<JournalEntry>(value, { in: 'journal', stream, sequence })
          streams.set(stream, checkEntry(entry, stream, sequence, streams.get(stream) ?? START))
          entries += 1
          break
        }
        case 'snapshot': {
          const { stream } = place
          const { sequence, hash } = parsedRecord<StoredSnapshot>(value, { in: 'snapshot', stream, sequence: 0 })
          snapshots.set(stream, { sequence, hash })
          break
        }
        case 'unknown':
          throw storeErrors.corrupt({
            place: { in: 'database' },
            problem: 'it holds a key that the controller never writes',
          })
      }
    }
  for (const stream of new Set([...streams.keys(), ...snapshots.keys()]))
    checkSnapshot(stream, snapshots.get(stream), streams.get(stream))
  return { entries, audit, streams, batches, forgotten }
}

function checkAudit(entry: AuditEntry, sequence: number, head: ChainHead): ChainHead {
  const place = { in: 'audit', sequence: head.sequence + 1 } as const
  if (sequence !== head.sequence + 1 || entry.sequence !== sequence)
    throw storeErrors.corrupt({ place, problem: 'it is missing' })
  if (entry.previous !== head.hash || entry.hash !== auditHash(entry))
    throw storeErrors.corrupt({ place, problem: 'it was changed after it was written' })
  return { sequence, hash: entry.hash }
}

function checkEntry(entry: JournalEntry, stream: string, sequence: number, head: ChainHead): ChainHead {
  const place = { in: 'journal', stream, sequence: head.sequence + 1 } as const
  if (sequence !== head.sequence + 1 || entry.sequence !== sequence || entry.stream !== stream)
    throw storeErrors.corrupt({ place, problem: 'it is missing' })
  if (entry.previous !== head.hash || entry.hash !== journalHash(entry))
    throw storeErrors.corrupt({ place, problem: 'it was changed after it was written' })
  return { sequence, hash: entry.hash }
}

function checkSnapshot(stream: string, snapshot: ChainHead | undefined, head: ChainHead | undefined): void {
  const place = { in: 'snapshot', stream, sequence: head?.sequence ?? snapshot?.sequence ?? 0 } as const
  if (snapshot === undefined) throw storeErrors.corrupt({ place, problem: 'it is missing' })
  if (head === undefined || snapshot.sequence !== head.sequence || snapshot.hash !== head.hash)
    throw storeErrors.corrupt({
      place,
      problem: `it stands at entry ${snapshot.sequence}, the journal ends at ${head?.sequence ?? 0}`,
    })
}

/** The heads alone, unverified: as the snapshots and the newest entries tell them. */
export async function readHeads(engine: Engine): Promise<Verified> {
  const streams = new Map<string, ChainHead>()
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
  const entries = [...streams.values()].reduce((sum, { sequence }) => sum + sequence, 0)
  return { entries, audit, streams, batches, forgotten }
}
