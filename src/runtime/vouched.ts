import { documentHash } from '../core/chain.ts'
import type { HonuaError } from '../core/errors/index.ts'
import { storeErrors } from '../core/errors/store.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import type { Digest } from '../core/vocabulary.ts'
import type { AuditEntry } from '../ports/store.ts'
import { DEPLOYMENTS } from './records.ts'

/**
 * Compares finished deployment records with the audit log, which names the hash each had at its end: who changes a record and its
 * own hash would have to change the chain as well. Shown every document first, then every audit line.
 */
export class Vouched {
  /** Of the records that are finished: the hash each has, and the one the log names. */
  readonly #records = new Map<string, { readonly has: Digest; named: Digest | null }>()

  document(collection: string, id: string, value: Json): void {
    if (collection !== DEPLOYMENTS || !isJsonObject(value) || typeof value['completedAt'] !== 'number') return
    this.#records.set(id, { has: documentHash(collection, id, JSON.stringify(value)), named: null })
  }

  /** The newest line about a record counts: one that failed may be finished anew by its rollback. */
  audit({ details }: AuditEntry): void {
    const { deployment, record } = details
    const known = typeof deployment === 'string' ? this.#records.get(deployment) : undefined
    if (known !== undefined && typeof record === 'string') known.named = record
  }

  /** A HONUA_STORE_CORRUPT for each record that is not as it was at its end. */
  faults(): readonly HonuaError[] {
    return [...this.#records]
      .filter(([, { has, named }]) => has !== named)
      .map(([id]) =>
        storeErrors.corrupt({
          place: { in: 'document', collection: DEPLOYMENTS, id },
          problem: 'it is not what the audit log says it was when the deployment ended',
        }),
      )
  }
}
