import { sha256 } from '../../core/canonical.ts'
import { baseHash } from '../../core/chain.ts'
import { storeErrors } from '../../core/errors/store.ts'
import type { AuditEntry, Compaction, Cut, JournalBase, JournalEntry } from '../../ports/store.ts'
import type { Operation } from './engine.ts'
import { type BaseHead, type ChainHead, COMPACTED, rootOf } from './inspection.ts'
import { checkedName, keys } from './keys.ts'
import { chainedAudit } from './records.ts'

/** Whose journal lines about compaction stand under. */
const STREAM = 'history'

/** What one compaction becomes: where journals begin after it, where the audit log stands, all that is to be written. */
export interface Compacted {
  readonly bases: ReadonlyMap<string, BaseHead>
  readonly line: AuditEntry
  readonly operations: readonly Operation[]
}

/** The new begin of a journal: the entry that is cut off last, and the state behind it. Throws HONUA_STORE_CORRUPT. */
export function baseOf({ stream, sequence, machine, snapshot }: Cut, entry: JournalEntry): JournalBase {
  const { at, hash, state } = entry
  if (sha256(JSON.stringify(snapshot)) !== state)
    throw storeErrors.corrupt({
      place: { in: 'base', stream, sequence },
      problem: 'the state to begin with is not the one that this entry names',
    })
  const facts = { stream, sequence, at, hash, state, machine, snapshot }
  return { ...facts, own: baseHash(facts) }
}

/**
 * The batch that shortens journals: new begins, the entries before them gone, and an audit line with a digest over all begins, so that
 * who moves one must change the audit log too.
 */
export function compacted(
  { at, documents }: Compaction,
  fresh: readonly JournalBase[],
  known: ReadonlyMap<string, BaseHead>,
  audit: ChainHead,
): Compacted {
  const bases = new Map(known)
  const operations: Operation[] = []
  let entries = 0
  for (const base of fresh) {
    const { stream, sequence, own } = base
    for (let gone = (known.get(stream)?.sequence ?? 0) + 1; gone <= sequence; gone += 1, entries += 1)
      operations.push({ type: 'del', key: keys.journal(stream, gone) })
    operations.push({ type: 'put', key: keys.base(stream), value: JSON.stringify(base) })
    bases.set(stream, { sequence, own })
  }
  for (const { collection, id } of documents)
    operations.push({
      type: 'del',
      key: keys.document(checkedName('collection', collection), checkedName('document id', id)),
    })
  const line = chainedAudit(STREAM, audit, {
    at,
    actor: { name: 'controller', how: 'controller' },
    action: COMPACTED,
    details: { journals: fresh.length, entries, documents: documents.length, bases: rootOf(bases) },
  })
  operations.push({ type: 'put', key: keys.audit(line.sequence), value: JSON.stringify(line) })
  return { bases, line, operations }
}
