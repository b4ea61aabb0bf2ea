import type { Json } from '../json.ts'
import type {
  ChangeAction,
  Coordination,
  FieldChange,
  Impact,
  Plan,
  PlannedAction,
  ResourceChange,
} from '../vocabulary.ts'
import { visible } from './visible.ts'

export interface RenderOptions {
  readonly color: boolean
  /** Columns of the terminal; long values are cut to fit. */
  readonly width: number
}

const SIGNS: { readonly [action in ChangeAction]: string } = { create: '+', update: '~', delete: '-' }
const COLORS: { readonly [action in ChangeAction]: number } = { create: 32, update: 33, delete: 31 }
const HIDDEN = '(hidden)'
const WHY_RETAINED = {
  'prune-off': 'no longer in Git, kept because prune is off',
  protected: 'no longer in Git, kept because it is protected',
  'not-ours': 'not declared in Git and not ours',
  'cannot-delete': 'no longer in Git, kept because the target cannot delete',
} as const

/** A plan as people read it: a line for each resource, its fields below, then what it means. Ends with a newline. */
export function renderPlan(plan: Plan, options: RenderOptions): string {
  const paint = (code: number, text: string) => (options.color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const lines: string[] = [heading(plan), '']
  for (const change of plan.changes) {
    const { action, means } = change
    const sign = means === 'recreate' ? '-/+' : SIGNS[action]
    lines.push(
      paint(COLORS[action], `${sign} ${visible(change.key)}`) +
        `  ${means ?? action} on ${visible(change.target)}${waveOf(change)}`,
    )
    for (const field of change.fields) lines.push(`    ${fieldLine(field, options.width)}`)
    for (const reason of change.breaking) lines.push(`    ${paint(31, `breaking: ${visible(reason)}`)}`)
  }
  if (plan.reason === 'recovery')
    lines.push(...plan.steps.flatMap(({ action }) => (action === undefined ? [] : [paint(31, recoveryLine(action))])))
  else if (plan.changes.length === 0) lines.push('No changes: live is what Git declares.')
  lines.push('', summary(plan))
  for (const { target, key, why } of plan.refused ?? [])
    lines.push(`  ${paint(31, `cannot be done: ${visible(key)}: ${visible(target)} ${visible(why)}`)}`)
  if (plan.coordination !== undefined) lines.push(...coordinationOf(plan, plan.coordination))
  for (const one of plan.retained)
    lines.push(`  kept: ${visible(one.key)} on ${visible(one.target)}: ${WHY_RETAINED[one.why]}`)
  for (const note of plan.notes) lines.push(`  note: ${visible(note)}`)
  return `${lines.join('\n')}\n`
}

/** What it means for each component, then everything in the order in which it is done. */
function coordinationOf(
  plan: Plan,
  { preFlight, validation, postDeployment, impact }: Coordination,
): readonly string[] {
  const count = ({ creates, updates, deletes }: Impact) =>
    creates + updates + deletes === 0
      ? 'nothing to write'
      : `${creates} to create, ${updates} to update, ${deletes} to delete`
  const rows = impact.map((one) => {
    const name = one.instance === one.component ? one.component : `${one.component}/${one.instance}`
    const steps = one.steps.length === 0 ? '' : `; ${one.steps.join(', ')}`
    return `  ${visible(name)} (${visible(one.target)}): ${count(one)}${visible(steps)}`
  })
  const told = ({ step, target }: PlannedAction) => `${visible(step)} on ${visible(target)}`
  const waves = new Map<number, string[]>()
  for (const { wave, target, changes, action } of plan.steps) {
    const what = action === undefined ? `write ${changes.length} to ${visible(target)}` : told(action)
    waves.set(wave, [...(waves.get(wave) ?? []), what])
  }
  const order = [
    ...preFlight.map((action) => `before anything: ${told(action)}`),
    ...[...waves.values()].map((some) => some.join(' · ')),
    ...validation.map((action) => `validation: ${told(action)}`),
    ...postDeployment.map((action) => `at the end: ${told(action)}`),
  ]
  return ['', 'Components:', ...rows, '', 'Order:', ...order.map((line, at) => `  ${at + 1}. ${line}`), '']
}

function heading(plan: Plan): string {
  const what = {
    commit: 'deploys',
    drift: 'repairs drift from',
    rollback: 'goes back to',
    recovery: 'puts a backup back under',
  }[plan.reason]
  return `Plan ${plan.digest.slice(0, 12)} for ${visible(plan.environment)} ${what} commit ${plan.commit.slice(0, 12)}`
}

function summary(plan: Plan): string {
  const count = (action: ChangeAction) => plan.changes.filter((change) => change.action === action).length
  const parts =
    plan.reason === 'recovery'
      ? ['What Git declares is not written']
      : [
          `${count('create')} to create`,
          `${count('update')} to update`,
          `${count('delete')} to delete`,
          `${plan.unchanged} unchanged`,
        ]
  const deletes = plan.deletePercent > 0 ? `; deletes ${plan.deletePercent} % of what is deployed` : ''
  return `${parts.join(', ')}. Risk ${plan.risk}${plan.breaking ? ', breaking' : ''}; rollback: ${plan.rollback}${deletes}.`
}

/** `! restore-backup on db: 20261128T223300Z-1f3a…`. */
function recoveryLine({ step, target, inputs }: PlannedAction): string {
  return `! ${visible(step)} on ${visible(target)}: ${visible(String(inputs['backup']))}`
}

function waveOf({ wave }: ResourceChange): string {
  return wave === 0 ? '' : `, wave ${wave}`
}

function fieldLine({ pointer, before, after }: FieldChange, width: number): string {
  const path = visible(pointer)
  const room = Math.max(20, Math.floor((width - path.length - 12) / 2))
  const [old, now] = [text(before), text(after)]
  // The plan holds no secret: two sides that read the same are two secrets that differ, or "1" and 1.
  if (old === now && old.includes(HIDDEN)) return `${path}: changed ${HIDDEN}`
  if (old === now) return `${path}: ${cut(json(before), room)} → ${cut(json(after), room)}`
  return `${path}: ${cut(old, room)} → ${cut(now, room)}`
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? visible(value) : json(value)
}

function json(value: Json | undefined): string {
  return value === undefined ? '(none)' : visible(JSON.stringify(value))
}

/** At most `room` long; never half a character. */
function cut(shown: string, room: number): string {
  return shown.length > room ? `${shown.slice(0, room - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown
}
