import type { Act, Edit, Order, Site } from '../script.ts'
import type { ActTrouble } from '../world/acts.ts'
import { type Outline, plainOutline } from '../world/outline.ts'
import { MAIN, type Member } from '../world/site.ts'
import type { TargetTrouble } from '../world/target.ts'
import { MINUTE, SITE, type Timed } from './stories.ts'

const SECOND: Member = { name: 'server-2', role: 'server', trait: 'able' }
const CDN: Member = { name: 'cdn', role: 'cdn', trait: 'able' }
const BALANCER: Member = { name: 'balancer', role: 'balancer', trait: 'able' }
const DATABASE: Member = { name: 'database', role: 'database', trait: 'able' }

const site = (members: readonly Member[], steps: Outline['steps'], over: Partial<Outline> = {}): Site => ({
  members,
  topology: { ...plainOutline, steps, ...over },
})
const commit = (edit: Edit, pick = 0): Act => ({ kind: 'commit', environment: SITE, edit, pick })
const order = (what: Order): Act => ({
  ...{ kind: 'person', order: what, environment: SITE },
  ...{ afterMs: 0, times: 1, pick: 1 },
})
const trouble = (target: string, what: TargetTrouble | ActTrouble, minutes = 10): Act => ({
  ...{ kind: 'target', environment: SITE, target },
  ...{ trouble: what, forMs: minutes * MINUTE },
})

const FLUSH = { step: 'flush-cdn-cache', tries: 2, seconds: 40 } as const
const TESTS = { step: 'smoke-tests', tries: 1, seconds: 40 } as const
const WELL = { step: 'check-dependencies', tries: 1, seconds: 20 } as const

/** Stories of environments of several targets. */
export const topologyStories: readonly (readonly [name: string, site: Site, ...story: readonly Timed[]])[] = [
  ['two servers are changed one after the other', site([MAIN, SECOND], []), [0, commit('edit')]],
  [
    'two servers are drained and changed at the same time',
    site([MAIN, SECOND, BALANCER], [], { maxUnavailable: 2, drain: true }),
    [0, commit('edit')],
  ],
  ['a target is not well beforehand', site([MAIN, CDN], [WELL]), [0, trouble('cdn', 'ill')], [0.1, commit('edit')]],
  [
    'a database is changed first, between a backup and its analysis',
    site(
      [MAIN, DATABASE],
      [
        { step: 'create-backup', tries: 1, seconds: 60 },
        { step: 'analyze-tables', tries: 2, seconds: 40 },
      ],
    ),
    [0, commit('edit', 0)],
  ],
  [
    'a validation fails and everything goes back',
    site([MAIN, DATABASE], [TESTS]),
    [0, trouble('main', 'act-fails')],
    [0.1, commit('edit', 0)],
    [20, order('unhold')],
  ],
  [
    'the answer of a step is lost',
    site([MAIN, CDN], [FLUSH]),
    [0, trouble('cdn', 'act-times-out')],
    [0.1, commit('edit')],
  ],
  [
    'a step that may be tried once hangs',
    site([MAIN], [{ step: 'rolling-restart', tries: 1, seconds: 30 }]),
    [0, trouble('main', 'act-hangs')],
    [0.1, commit('edit')],
  ],
  [
    'the second server is ill of what it was given, while it is drained',
    site([MAIN, SECOND, BALANCER], [], { drain: true }),
    [0.1, commit('edit')],
    [0.101, trouble('server-2', 'ill', 4)],
  ],
  [
    'what comes at the very end fails',
    site([MAIN], [{ step: 'warm-metadata-cache', tries: 1, seconds: 20 }]),
    [0, trouble('main', 'act-fails')],
    [0.1, commit('edit')],
  ],
  [
    'a deployment is cancelled while a step hangs',
    site([MAIN, CDN], [FLUSH]),
    [0, trouble('cdn', 'act-hangs')],
    [0.1, commit('edit')],
    [1.2, order('cancel')],
  ],
  [
    'a person rolls back along a topology',
    site([MAIN, SECOND, DATABASE, CDN], [FLUSH]),
    [0, commit('edit')],
    [10, order('rollback')],
  ],
]
