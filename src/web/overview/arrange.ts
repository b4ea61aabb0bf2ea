/** Which environments are shown, and in which order. Pure. */
import type { EnvironmentView } from '../../api/contract.ts'
import { STATE_WORDS, whyWords } from '../parts/words.ts'

export type Show = 'all' | 'person' | 'waiting' | 'held' | 'drifted' | 'moving' | 'synced'
export type Order = 'trouble' | 'name' | 'deployed'

/** What an environment can be looked for by, with what it is called. */
export const SHOWS: readonly { readonly show: Show; readonly label: string }[] = [
  { show: 'all', label: 'All' },
  { show: 'person', label: 'Needs a person' },
  { show: 'waiting', label: 'Out of sync' },
  { show: 'held', label: 'Held' },
  { show: 'drifted', label: 'Drifted' },
  { show: 'moving', label: 'Deploying' },
  { show: 'synced', label: 'Synced' },
]
export const ORDERS: readonly { readonly order: Order; readonly label: string }[] = [
  { order: 'trouble', label: 'Troubled first' },
  { order: 'name', label: 'By name' },
  { order: 'deployed', label: 'Deployed last first' },
]

const needsPerson = ({ state, hold, problems, quarantine }: EnvironmentView) =>
  hold?.kind === 'intervention' || problems.length > 0 || quarantine.length > 0 || state === 'AwaitingApproval'
const isMoving = ({ state }: EnvironmentView) => state === 'Deploying' || state === 'RollingBack'

const SHOWN: { readonly [show in Show]: (view: EnvironmentView) => boolean } = {
  all: () => true,
  person: needsPerson,
  waiting: ({ state }) => state === 'OutOfSync',
  held: ({ hold }) => hold !== null,
  drifted: ({ drift }) => drift !== null,
  moving: isMoving,
  synced: ({ state }) => state === 'Synced',
}

/** How many environments each choice shows. */
export function countsOf(views: readonly EnvironmentView[]): { readonly [show in Show]: number } {
  const count = (show: Show) => views.filter(SHOWN[show]).length
  return {
    all: views.length,
    person: count('person'),
    waiting: count('waiting'),
    held: count('held'),
    drifted: count('drifted'),
    moving: count('moving'),
    synced: count('synced'),
  }
}

/** Whether a choice and all words of a text fit the environment: its name, state, reason, commits and targets. */
export function fits(view: EnvironmentView, asked: { readonly show: Show; readonly text: string }): boolean {
  if (!SHOWN[asked.show](view)) return false
  const words = asked.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return true
  const { name, state, deployedCommit, latestCommit, targets } = view
  const told = [name, STATE_WORDS[state], whyWords(view), deployedCommit, latestCommit, ...targets]
  const all = told.join('\n').toLowerCase()
  return words.every((word) => all.includes(word))
}

/** The names in an order; equal ones by name. */
export function ordered(views: readonly EnvironmentView[], order: Order): readonly string[] {
  const rank = RANKS[order]
  return views
    .map((view) => ({ name: view.name, rank: rank(view) }))
    .sort((one, other) => one.rank - other.rank || (one.name < other.name ? -1 : 1))
    .map(({ name }) => name)
}

const RANKS: { readonly [order in Order]: (view: EnvironmentView) => number } = {
  trouble,
  name: () => 0,
  deployed: ({ deployedAt }) => -(deployedAt ?? 0),
}

/** The lower, the sooner somebody should look. */
function trouble(view: EnvironmentView): number {
  const { state, hold, problems, quarantine, drift } = view
  if (hold?.kind === 'intervention') return 0
  if (problems.length > 0 || quarantine.length > 0) return 1
  if (state === 'AwaitingApproval') return 2
  if (state === 'OutOfSync') return 3
  if (hold !== null) return 4
  if (drift !== null) return 5
  if (isMoving(view)) return 6
  return state === 'Unknown' ? 7 : 8
}
