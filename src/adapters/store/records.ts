import { auditHash, journalHash } from '../../core/chain.ts'
import type { AuditEntry, Commit, JournalEntry, NewAuditEntry, StoredSnapshot } from '../../ports/store.ts'
import { documentText } from './documents.ts'
import type { Operation } from './engine.ts'
import type { ChainHead } from './inspection.ts'
import { checkedName, keys } from './keys.ts'

/** What one commit becomes: its entry, numbered and chained; where the audit log stands after it; all that is to be written. */
export interface Records {
  readonly entry: JournalEntry
  readonly audit: ChainHead
  readonly operations: readonly Operation[]
}

/**
 * Numbers and chains a commit behind the heads of its stream and of the audit log, and turns it into texts: nothing that the caller
 * changes afterwards gets in. Throws HONUA_STORE_NAME.
 */
export function recordsOf(commit: Commit, head: ChainHead, auditHead: ChainHead): Records {
  const { stream, machine, snapshot } = commit
  const entry = chained(stream, head, commit.entry)
  const stored: StoredSnapshot = { stream, sequence: entry.sequence, machine, snapshot, hash: entry.hash }
  const operations: Operation[] = [
    { type: 'put', key: keys.journal(stream, entry.sequence), value: JSON.stringify(entry) },
    { type: 'put', key: keys.snapshot(stream), value: JSON.stringify(stored) },
  ]
  for (const { collection, id, value } of commit.documents) {
    const key = keys.document(checkedName('collection', collection), checkedName('document id', id))
    operations.push(
      value === null ? { type: 'del', key } : { type: 'put', key, value: documentText(collection, id, value) },
    )
  }
  let audit = auditHead
  for (const line of commit.audit) {
    const written = chainedAudit(stream, audit, line)
    operations.push({ type: 'put', key: keys.audit(written.sequence), value: JSON.stringify(written) })
    audit = { sequence: written.sequence, hash: written.hash }
  }
  return { entry, audit, operations }
}

function chained(stream: string, head: ChainHead, fresh: Commit['entry']): JournalEntry {
  const { at, event, state } = fresh
  const facts = { stream, sequence: head.sequence + 1, at, event, state, previous: head.hash }
  return Object.freeze({ ...facts, hash: journalHash(facts) })
}

/** An audit line, numbered and chained behind `head`. */
export function chainedAudit(stream: string, head: ChainHead, fresh: NewAuditEntry): AuditEntry {
  const { at, actor, action, details } = fresh
  const facts = { sequence: head.sequence + 1, at, stream, actor, action, details, previous: head.hash }
  return { ...facts, hash: auditHash(facts) }
}
