import { kindOf } from '../resource.ts'
import type { ResourceChange, RiskLevel, RollbackClass } from '../vocabulary.ts'
import { type PlanTarget, removalOf } from './target.ts'

/** From this many changes on, a plan is no longer of low risk even when each of them is. */
const MANY_CHANGES = 50

/** Whether a plan deletes more of what is ours than an environment takes unasked: more than `maxDeletePercent`, or everything. */
export function isWipeOut(deletePercent: number, maxDeletePercent: number): boolean {
  return deletePercent > maxDeletePercent || deletePercent >= 100
}

/** Critical: deletes more than allowed, or everything. High: breaks or deletes. Medium: alters specs, or many things. Low: the rest. */
export function riskOf(
  changes: readonly ResourceChange[],
  facts: { readonly breaking: boolean; readonly deletePercent: number; readonly maxDeletePercent: number },
): RiskLevel {
  if (isWipeOut(facts.deletePercent, facts.maxDeletePercent)) return 'Critical'
  if (facts.breaking || changes.some((change) => change.action === 'delete')) return 'High'
  return changes.length >= MANY_CHANGES || changes.some(altersSpec) ? 'Medium' : 'Low'
}

/** How the plan could be undone: metadata alone; by re-applying the last release; by hand where a target cannot delete what it would create. */
export function rollbackClassOf(changes: readonly ResourceChange[], targets: readonly PlanTarget[]): RollbackClass {
  const stays = (change: ResourceChange) =>
    change.action === 'create' &&
    targets.some((target) => target.name === change.target && removalOf(target, kindOf(change.key)) === 'none')
  if (changes.some(stays)) return 'manual'
  return changes.every((change) => change.action === 'update' && !altersSpec(change)) ? 'metadata-only' : 'reapply'
}

function altersSpec(change: ResourceChange): boolean {
  return change.action === 'update' && change.fields.some((field) => !field.pointer.startsWith('/metadata'))
}
