import { kindOf } from '../resource.ts'
import type { PlanStep, ResourceChange, RiskLevel, RollbackClass } from '../vocabulary.ts'
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

/** The action of a driver that puts back what a backup holds. No step of a topology: it is done by an approved order alone. */
export const RESTORE_BACKUP = 'restore-backup'

/** How the plan could be undone; what a target keeps of it decides, then what must be done again. */
export function rollbackClassOf(
  changes: readonly ResourceChange[],
  targets: readonly PlanTarget[],
  steps: readonly PlanStep[],
): RollbackClass {
  const created = changes.filter(({ action }) => action === 'create')
  const keeping = targets.filter((target) =>
    created.some((change) => change.target === target.name && removalOf(target, kindOf(change.key)) === 'none'),
  )
  if (keeping.length > 0)
    return keeping.every(({ abilities }) => abilities.actions?.includes(RESTORE_BACKUP)) ? 'restore' : 'manual'
  if (steps.some(({ action }) => action?.undo === 'again')) return 'script'
  return changes.every((change) => change.action === 'update' && !altersSpec(change)) ? 'metadata-only' : 'reapply'
}

function altersSpec(change: ResourceChange): boolean {
  return change.action === 'update' && change.fields.some((field) => !field.pointer.startsWith('/metadata'))
}
