import type { EnvironmentSettings } from '../../../src/core/vocabulary.ts'
import type { Act, Action, Edit, Order, Scenario, Site } from '../script.ts'
import type { TargetTrouble } from '../world/target.ts'
import { restoreStories } from './restores.ts'
import { MINUTE, SITE, type Timed } from './stories.ts'
import { topologyStories } from './topologies.ts'

/** A short history with a name, to be crashed at each of its durable steps. */
export interface NamedScenario {
  readonly name: string
  readonly scenario: Scenario
}

/** By then the first deployment is long over: only its own scenario crashes it. */
export const BEGIN_MS = 20 * MINUTE
const HOURS = 1.2
const QUIET_MS = 20 * MINUTE

const commit = (edit: Edit, pick = 0): Act => ({ kind: 'commit', environment: SITE, edit, pick })
const order = (what: Order, pick = 1): Act => ({
  kind: 'person',
  order: what,
  environment: SITE,
  afterMs: 0,
  times: 1,
  pick,
})
const trouble = (what: TargetTrouble, minutes = 30): Act => ({
  kind: 'target',
  environment: SITE,
  trouble: what,
  forMs: minutes * MINUTE,
})
const git = (what: 'down' | 'gone' | 'slow' | 'cache', minutes: number): Act => ({
  kind: 'git',
  trouble: what,
  forMs: minutes * MINUTE,
})
const outside = (edit: 'edit' | 'delete' | 'foreign'): Act => ({ kind: 'outside', environment: SITE, edit, pick: 1 })
const configure = (change: Partial<EnvironmentSettings>): Act => ({ kind: 'configure', environment: SITE, change })
const disk = (what: 'full' | 'slow' | 'fails', minutes: number): Act => ({
  kind: 'disk',
  trouble: what,
  forMs: minutes * MINUTE,
})

/** By hand: nothing is deployed unasked. */
const BY_HAND: Partial<EnvironmentSettings> = { autoSync: false, approvalTtlMs: 40 * MINUTE }

/** Opens at 08:40 UTC, twenty minutes after the story begins. */
const WINDOW: Partial<EnvironmentSettings> = {
  outsideWindow: 'wait',
  windows: [
    { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], fromMinute: 520, toMinute: 600, timeZone: 'UTC' },
  ],
}

const stories: readonly (readonly [
  name: string,
  settings: Partial<EnvironmentSettings>,
  ...story: readonly Timed[],
])[] = [
  ['a first deployment', {}],
  ['a commit is deployed', {}, [0, commit('edit')]],
  ['three waves are deployed', {}, [0, commit('add', 0)], [0.01, commit('add', 1)], [0.02, commit('add', 2)]],
  ['a removed resource is pruned', {}, [0, commit('remove')]],
  ['a removed resource stays where prune is off', { prune: false }, [0, commit('remove')]],
  ['a breaking change is deployed', {}, [0, commit('breaking')]],
  ['a request is approved', BY_HAND, [0, commit('edit')], [5, order('approve')]],
  [
    'a request is approved twice at once',
    BY_HAND,
    [0, commit('edit')],
    [5, order('approve')],
    [5, order('approve', 2)],
  ],
  ['a request is rejected', BY_HAND, [0, commit('edit')], [5, order('reject')]],
  ['a request is cancelled', BY_HAND, [0, commit('edit')], [5, order('cancel')]],
  ['a request expires', BY_HAND, [0, commit('edit')]],
  [
    'a request is superseded by a newer commit',
    BY_HAND,
    [0, commit('edit')],
    [5, commit('edit', 1)],
    [10, order('approve')],
  ],
  [
    'a request loses its ground by a change from outside',
    BY_HAND,
    [0, commit('edit')],
    [5, outside('edit')],
    [5.01, order('approve')],
  ],
  [
    'a hold keeps a commit out until it is lifted',
    {},
    [0, order('hold', 4)],
    [1, commit('edit')],
    [10, order('unhold')],
  ],
  ['a hold ends by itself', {}, [0, order('hold', 9)], [1, commit('edit')]],
  ['a person rolls back', {}, [0, commit('edit')], [10, order('rollback')]],
  ['a person rolls back and lifts it', {}, [0, commit('edit')], [10, order('rollback')], [20, order('unhold')]],
  ['a refused commit is rolled back', {}, [0, commit('refused')]],
  ['a commit that makes the target ill is rolled back', {}, [0, commit('sick')], [15, commit('edit')]],
  ['a change by hand is healed', {}, [0, outside('edit')], [1, order('sync')]],
  ['a deletion by hand is healed', {}, [0, outside('delete')], [1, order('sync')]],
  ['what others keep on the target is left alone', {}, [0, outside('foreign')], [1, commit('edit')]],
  ['a write times out after it landed', {}, [0, trouble('times-out-after')], [0.1, commit('edit')]],
  ['a write times out before it landed', {}, [0, trouble('times-out-before')], [0.1, commit('edit')]],
  ['a write lands when nobody waits for it any more', {}, [0, trouble('lands-late')], [0.1, commit('edit')]],
  ['a write lands in part', {}, [0, trouble('partial')], [0.1, commit('add', 3)]],
  ['a target says yes and does nothing', {}, [0, trouble('lies')], [0.1, commit('edit')]],
  ['a target is down for a while', {}, [0, trouble('down', 12)], [0.1, commit('edit')]],
  [
    'a deployment is cancelled while its target hangs',
    {},
    [0, commit('edit')],
    [0.02, trouble('hangs', 5)],
    [3, order('cancel')],
  ],
  [
    'the remote is down while somebody changes the target',
    {},
    [0, git('down', 30)],
    [1, outside('edit')],
    [10, order('rollback')],
  ],
  [
    'a rewritten history is accepted',
    {},
    [0, commit('edit')],
    [5, { kind: 'force-push', environment: SITE, back: 1, pick: 1 }],
    [10, order('accept-rewrite')],
  ],
  ['the branch is set back', {}, [0, commit('edit')], [5, { kind: 'rewind', back: 1 }], [10, commit('edit', 2)]],
  ['the branch is gone for a while', {}, [0, git('gone', 10)], [1, commit('edit')]],
  ['files that cannot be read are mended', {}, [0, commit('syntax')], [10, commit('restore')]],
  ['an environment disappears and comes back', {}, [0, commit('drop')], [10, commit('restore')]],
  ['everything is removed at once', {}, [0, commit('empty')], [5, order('approve')]],
  ['a window opens', WINDOW, [0, commit('edit')]],
  [
    'automatic deployment is switched off while a commit comes',
    {},
    [0, commit('edit')],
    [0.01, configure({ autoSync: false })],
    [5, order('approve')],
  ],
  ['the disk is full amid a deployment', {}, [0, commit('edit')], [0.01, disk('full', 5)]],
  ['the disk fails amid a deployment', {}, [0, commit('edit')], [0.01, disk('fails', 5)]],
  ['the clock is set back amid a deployment', {}, [0, commit('edit')], [0.01, { kind: 'clock', ms: -3 * 60 * MINUTE }]],
]

export const scenarios: readonly NamedScenario[] = [
  ...stories.map(([name, settings, ...story], seed) => scenarioOf(name, seed, settings, undefined, story)),
  ...[...topologyStories, ...restoreStories].map(([name, site, ...story], at) =>
    scenarioOf(name, stories.length + at, {}, site, story),
  ),
]

function scenarioOf(
  name: string,
  seed: number,
  settings: Partial<EnvironmentSettings>,
  site: Site | undefined,
  story: readonly Timed[],
): NamedScenario {
  const own = { reconcileIntervalMs: 60 * MINUTE, ...settings }
  const scenario: Scenario = {
    seed,
    profile: null,
    hours: story.length === 0 ? BEGIN_MS / 3_600_000 : HOURS,
    start: Date.UTC(2026, 0, 5, 8),
    // Looks that find nothing would be most of what there is to crash.
    environments: [{ name: SITE, settings: own, ...(site === undefined ? {} : { site }) }],
    quietMs: QUIET_MS,
    script: story.map(([minutes, act]): Action => ({ ...act, at: BEGIN_MS + Math.round(minutes * MINUTE) })),
  }
  return { name, scenario }
}
