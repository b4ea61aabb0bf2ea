import { kindOf } from '../resource.ts'
import type { PlannedAction, Removal, ResourceChange } from '../vocabulary.ts'
import { type PlanTarget, removalOf } from './target.ts'

/** What the targets that are written to cannot do, and what that means for this plan: said before anybody approves. */
export function notesOf(changes: readonly ResourceChange[], targets: readonly PlanTarget[]): readonly string[] {
  return targets.flatMap((target) => {
    const own = changes.filter((change) => change.target === target.name)
    return own.length === 0 ? [] : limitsOf(target, own).map((limit) => `${target.name} ${limit}`)
  })
}

/** What of the written resources the target has no place for, in one line; none where it has. */
export function omissionNotes(target: string, omitted: ReadonlyMap<string, number>): readonly string[] {
  if (omitted.size === 0) return []
  const fields = [...omitted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, count]) => `${field} (${count})`)
  return [`${target} has no place for what is declared as ${fields.join(', ')}: it is left out there`]
}

/** Steps of the plan that may be done twice, a line for each target. */
export function repeatNotes(actions: readonly PlannedAction[], targets: readonly PlanTarget[]): readonly string[] {
  return targets.flatMap(({ name, abilities: { unseen = [] } }) => {
    const steps = actions.filter(
      ({ means, target, step }) => means === 'act' && target === name && unseen.includes(step),
    )
    const names = [...new Set(steps.map(({ step }) => step))].join(', ')
    return names === ''
      ? []
      : [
          `${name} may be asked for ${names} again after a crash or without an answer: whether it was done cannot be seen there`,
        ]
  })
}

function limitsOf(target: PlanTarget, changes: readonly ResourceChange[]): readonly string[] {
  const { description, abilities } = target
  const limits: string[] = []
  if (!abilities.transactional)
    limits.push(`(${description}) takes changes one by one: a failure in between is rolled back, not undone at once`)
  if (abilities.conditionalWrite === false)
    limits.push('cannot refuse a write to what somebody else changed since: such a change is overwritten')
  if (abilities.dryRun === false) limits.push('cannot rehearse: what it refuses shows only while it is written')
  const removals = (...actions: readonly ResourceChange['action'][]) =>
    new Set(changes.filter(({ action }) => actions.includes(action)).map(({ key }) => removalOf(target, kindOf(key))))
  if (removals('create').has('none'))
    limits.push(`cannot delete${kindsOf(target, 'none', changes)}: what this plan creates there stays after a rollback`)
  if (removals('create', 'delete').has('disable'))
    limits.push(
      `cannot delete${kindsOf(target, 'disable', changes)}: what is taken away there is switched off and stays`,
    )
  const effects = (abilities.sideEffects ?? []).filter(({ kind, action }) =>
    changes.some((change) => change.action === action && kindOf(change.key) === kind),
  )
  return [...limits, ...new Set(effects.map(({ says }) => says))]
}

/** The kinds concerned, named where the target does not treat all alike. */
function kindsOf(target: PlanTarget, removal: Removal, changes: readonly ResourceChange[]): string {
  if (target.abilities.deletes === undefined) return ''
  const kinds = new Set(changes.map(({ key }) => kindOf(key)).filter((kind) => removalOf(target, kind) === removal))
  return ` ${[...kinds].sort().join(', ')}`
}
