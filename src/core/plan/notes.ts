import type { ResourceChange } from '../vocabulary.ts'
import type { PlanTarget } from './target.ts'

/** What the targets that are written to cannot do, and what that means for this plan: said before anybody approves. */
export function notesOf(changes: readonly ResourceChange[], targets: readonly PlanTarget[]): readonly string[] {
  return targets.flatMap((target) => {
    const actions = new Set(changes.filter((change) => change.target === target.name).map((change) => change.action))
    return actions.size === 0 ? [] : limitsOf(target, actions).map((limit) => `${target.name} ${limit}`)
  })
}

function limitsOf(
  { description, abilities }: PlanTarget,
  actions: ReadonlySet<ResourceChange['action']>,
): readonly string[] {
  const limits: string[] = []
  if (!abilities.transactional)
    limits.push(`(${description}) takes changes one by one: a failure in between is rolled back, not undone at once`)
  if (abilities.conditionalWrite === false)
    limits.push('cannot refuse a write to what somebody else changed since: such a change is overwritten')
  if (abilities.dryRun === false) limits.push('cannot rehearse: what it refuses shows only while it is written')
  if (abilities.delete === 'none' && actions.has('create'))
    limits.push('cannot delete: what this plan creates there stays after a rollback')
  if (abilities.delete === 'disable' && (actions.has('create') || actions.has('delete')))
    limits.push('cannot delete: what is taken away there is switched off and stays')
  return limits
}
