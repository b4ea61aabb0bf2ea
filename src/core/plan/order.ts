import { byNumber, MIGRATION } from '../migrations/index.ts'
import type { PlanStep, ResourceChange } from '../vocabulary.ts'
import type { PlanTarget } from './target.ts'

/** Writes by ascending wave, then deletions by descending wave; within a wave by target and key, migrations by number. */
export function inOrder(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  return [...changes].sort(
    (a, b) =>
      rank(a) - rank(b) || waveRank(a) - waveRank(b) || compare(a.target, b.target) || compareKeys(a.key, b.key),
  )
}

/**
 * Groups ordered changes into steps: one for each wave and target, the waves renumbered 0, 1, 2 … A transactional target takes all its
 * changes in one step, in the last wave in which it is written to.
 */
export function stepsOf(changes: readonly ResourceChange[], targets: readonly PlanTarget[]): readonly PlanStep[] {
  const whole = new Set(targets.filter((target) => target.abilities.transactional).map((target) => target.name))
  const slots = slotsOf(changes)
  const lastWrite = new Map<string, number>()
  for (const [at, change] of changes.entries())
    if (change.action !== 'delete' || !lastWrite.has(change.target)) lastWrite.set(change.target, slots[at] ?? 0)
  const steps = new Map<string, { readonly slot: number; readonly target: string; readonly changes: string[] }>()
  for (const [at, { target, key }] of changes.entries()) {
    const slot = (whole.has(target) ? lastWrite.get(target) : slots[at]) ?? 0
    const id = `${slot} ${target}`
    const step = steps.get(id) ?? { slot, target, changes: [] }
    step.changes.push(`${target}/${key}`)
    steps.set(id, step)
  }
  return renumbered([...steps.values()].sort((a, b) => a.slot - b.slot || compare(a.target, b.target)))
}

/** Which wave each of the ordered changes belongs to, from 0 on; waves of deletions come after those of writes. */
function slotsOf(changes: readonly ResourceChange[]): readonly number[] {
  let slot = -1
  return changes.map((change, at) => {
    const before = changes[at - 1]
    if (before === undefined || rank(before) !== rank(change) || waveRank(before) !== waveRank(change)) slot += 1
    return slot
  })
}

function renumbered(
  steps: readonly { readonly slot: number; readonly target: string; readonly changes: readonly string[] }[],
): readonly PlanStep[] {
  const waves = new Map([...new Set(steps.map((step) => step.slot))].map((slot, wave) => [slot, wave]))
  return steps.map(({ slot, target, changes }) => ({ wave: waves.get(slot) ?? 0, target, changes }))
}

function rank(change: ResourceChange): number {
  return change.action === 'delete' ? 1 : 0
}

function waveRank(change: ResourceChange): number {
  return change.action === 'delete' ? -change.wave : change.wave
}

const MIGRATIONS = `${MIGRATION}/default/`

/** Migrations by their numbers, everything else by code unit. */
function compareKeys(a: string, b: string): number {
  if (!a.startsWith(MIGRATIONS) || !b.startsWith(MIGRATIONS)) return compare(a, b)
  return byNumber({ name: a.slice(MIGRATIONS.length) }, { name: b.slice(MIGRATIONS.length) })
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
