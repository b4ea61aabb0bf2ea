import type { Act, Order, Site } from '../script.ts'
import { plainOutline } from '../world/outline.ts'
import { MAIN } from '../world/site.ts'
import { SITE, type Timed } from './stories.ts'

const BESIDE: Site = {
  members: [MAIN, { name: 'database', role: 'database', trait: 'able' }],
  topology: { ...plainOutline, steps: [] },
}
const NIGHTLY = { kind: 'backup', environment: SITE, how: 'made', pick: 0 } as const
const ALTERED: Act = { ...NIGHTLY, how: 'altered' }
const EDIT: Act = { kind: 'commit', environment: SITE, edit: 'edit', pick: 0 }
const FAILS: Act = {
  ...{ kind: 'target', environment: SITE, target: 'database' },
  ...{ trouble: 'act-fails', forMs: 10 * 60_000 },
}
const order = (what: Order): Act => ({
  ...{ kind: 'person', order: what, environment: SITE },
  ...{ afterMs: 0, times: 1, pick: 1 },
})

/** Stories of a database that goes back to its backup. */
export const restoreStories: readonly (readonly [name: string, site: Site, ...story: readonly Timed[]])[] = [
  [
    'a restore is approved',
    BESIDE,
    [0, NIGHTLY],
    [0.1, EDIT],
    [5, order('restore')],
    [7, order('approve')],
    [15, order('unhold')],
  ],
  [
    'a restore that fails is held',
    BESIDE,
    [0, NIGHTLY],
    [5, order('restore')],
    [6, FAILS],
    [7, order('approve')],
    [9, EDIT],
    [20, order('unhold')],
  ],
  // A controller that is killed is back ten seconds later: this comes in between.
  [
    'a backup becomes another while it is being put back',
    BESIDE,
    [0, NIGHTLY],
    [0.1, EDIT],
    [5, order('restore')],
    [7, order('approve')],
    [7.1, ALTERED],
    [15, order('unhold')],
  ],
]
