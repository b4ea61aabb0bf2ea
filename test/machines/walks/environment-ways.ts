/** Named ways through the environment chart, and whether a configuration leads anywhere. */
import { environmentMachine, environmentVersion } from '../../../machines/environment/machine.ts'
import type { EnvironmentContext, EnvironmentEvent, EnvironmentInput } from '../../../machines/environment/types.ts'
import { foldOf, pathOf } from '../../../src/runtime/fold.ts'
import { answers, environmentMoves } from './environment-moves.ts'
import { type Configuration, taken } from './explore.ts'

export type Here = Configuration<EnvironmentContext>

export const environmentFold = foldOf<EnvironmentContext, EnvironmentEvent, EnvironmentInput>(
  environmentMachine,
  environmentVersion,
  { name: '' },
)

const initial = environmentFold.initial({ name: 'production' })

/** An environment about which nothing is known. */
export const nothingKnown: Here = {
  state: initial,
  path: pathOf(initial.value),
  at: Date.UTC(2026, 0, 5, 8),
  sequence: 0,
  trail: [],
}

const planned = ['settings', 'head a', 'planned']
const deployed = ['gates: deploy', 'valid', 'backed up', 'applied', 'verified']
const good = [...planned, ...deployed]
const writing = [...good, 'head b', 'planned', 'gates: deploy', 'valid', 'backed up']

/** Where exploring starts: what each of these is, and the events that lead there. */
export const starts: Readonly<Record<string, readonly string[]>> = {
  'nothing known': [],
  'asking for approval': [...planned, 'gates: ask'],
  'Synced with a': good,
  'deploying b in three waves over a': writing,
  'deploying a on the second try': [
    ...planned,
    'gates: deploy',
    'validation.failed for now',
    'timer',
    'planned',
    ...deployed.slice(0, 4),
  ],
  'rolled back from b to a': [...writing, 'wave.failed for good', 'restored', 'restore verified'],
  'asking to recover': [...good, 'ask to recover'],
  'a rollback that failed': [...writing, 'wave.failed for good', 'restore.failed for now'],
}

/** Follows moves by their names. Throws when one is not possible. */
export function follow(names: readonly string[], from: Here = nothingKnown): Here {
  return names.reduce<Here>((here, name) => {
    const move = environmentMoves(here).find((one) => one.name === name)
    const after = move === undefined ? null : taken(environmentFold, here, move).after
    if (after === null) throw new Error(`"${name}" is not possible in ${here.path} after ${here.trail.join(', ')}`)
    return after
  }, from)
}

/**
 * The longest chain of answers alone, however the world answers, until nothing is owed. Infinite where answers can go round; a plan
 * found stale is left out, because only targets that keep changing make it stale again and again.
 */
export function longestWork(from: Here, likeness: (here: Here) => string, known: Map<string, number>): number {
  const key = likeness(from)
  const before = known.get(key)
  if (before !== undefined) return before
  known.set(key, Number.POSITIVE_INFINITY)
  const nexts = answers(from)
    .filter(([name]) => name !== 'stale')
    .map(([name, fact]) => taken(environmentFold, from, { name, fact, at: from.at }).after)
    .filter((after) => after !== null)
  const longest = nexts.reduce((most, after) => Math.max(most, 1 + longestWork(after, likeness, known)), 0)
  known.set(key, longest)
  return longest
}

/** Events until Synced where a person helps and the world answers well; null when it takes more than `most`. */
export function wayToSynced(from: Here, most: number): number | null {
  let here = from
  for (let count = 0; count <= most; count += 1) {
    if (here.path === 'Synced.quiet') return count
    const after = helpful(here)
      .map((name) => environmentMoves(here).find((move) => move.name === name))
      .filter((move) => move !== undefined)
      .map((move) => taken(environmentFold, here, move).after)
      .find((one) => one !== null)
    if (after === undefined) return null
    here = after
  }
  return null
}

/** What a person who wants the environment Synced does, or a world that works answers: the first that is possible. */
function helpful({ path, state: { context } }: Here): readonly string[] {
  const [work] = context.owed
  if (work?.kind === 'decide') return ['gates: deploy', 'gates: ask', 'gates: wait', 'gates: block']
  if (work !== undefined)
    return [
      'planned',
      'valid',
      'backed up',
      'applied',
      'verified',
      'restored',
      'restore verified',
      'backup checked',
      'recovered',
    ]
  if (path === 'Unknown.waiting') return context.head === null ? ['head a'] : ['settings']
  if (path === 'AwaitingApproval.askedToRecover') return ['approve', 'reject']
  if (context.hold !== null) return ['lift']
  if (path === 'AwaitingApproval.asked') return ['approve', 'sync']
  return context.quarantine.some(({ release }) => release === context.seen?.release) ? ['lift'] : ['timer', 'sync']
}
