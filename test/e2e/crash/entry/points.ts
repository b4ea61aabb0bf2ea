/** The named points at which the controller is killed: each a place between two things that must not be torn apart. */

/** What the environment's chart and the source's owe the world. */
export const EFFECTS = [
  'look',
  'decide',
  'validate',
  'backUp',
  'applyWave',
  'verify',
  'restore',
  'verifyRestore',
  'fetch',
] as const
export type EffectName = (typeof EFFECTS)[number]

/** Around the commit that owes an effect, and around the one that takes in what came of it. */
const EFFECT_MOMENTS = ['before-intent', 'after-intent', 'before-outcome', 'after-outcome'] as const
const DRIVERS = ['directory', 'honua'] as const
const DRIVER_CALLS = ['probe', 'observe', 'dryRun', 'apply', 'health'] as const
export type DriverCall = (typeof DRIVER_CALLS)[number]
const AROUND = ['before', 'after'] as const

/** Calls with a moment before and a moment after. */
const CALLS = [
  // git ls-remote; git fetch; within it: the commit is in the cache, nobody took note yet.
  'git.remoteHead',
  'git.fetch',
  'git.fetchCommit',
  // The cache made for the first time.
  'git.open',
  // Contents by digest.
  'content.put',
  // One synced batch of LevelDB: journal entry, snapshot, records, audit lines.
  'store.batch',
  // The file that says that there is a store, and the anchor of the audit log, take their names.
  'store.marker',
  'store.anchor',
  // The directory driver: the new folder takes its name; templates beside it; the link is replaced; old releases go.
  'release.build',
  'release.templates',
  'release.link',
  'release.prune',
  // Writes at the Honua server.
  'manifest.apply',
  'manifest.put',
  'manifest.delete',
  // The history.
  'history.compact',
  'history.collect',
  'history.sweep',
  // An order over the socket: the answer is handed to the connection, and has left it.
  'order.answer',
  // A page of a backup.
  'export.page',
] as const
export type CallName = (typeof CALLS)[number]

export type PointName =
  | `${EffectName}/${(typeof EFFECT_MOMENTS)[number]}`
  | `${(typeof DRIVERS)[number]}.${DriverCall}/${(typeof AROUND)[number]}`
  | `${CallName}/${(typeof AROUND)[number]}`

/** Every point, by name. */
export const POINTS: readonly PointName[] = [
  ...EFFECTS.flatMap((effect) => EFFECT_MOMENTS.map((moment) => `${effect}/${moment}` as const)),
  ...DRIVERS.flatMap((driver) =>
    DRIVER_CALLS.flatMap((call) => AROUND.map((when) => `${driver}.${call}/${when}` as const)),
  ),
  ...CALLS.flatMap((call) => AROUND.map((when) => `${call}/${when}` as const)),
]

/** The names of the variables that tell the entry where to kill itself. */
export const CRASH_POINT = 'HONUA_TEST_CRASH_POINT'
/** At which passing, 1 for the first. */
export const CRASH_PASSING = 'HONUA_TEST_CRASH_PASSING'
/** `1`: the history is tidied at once and over and over, whatever its age. */
export const CRASH_TIDY = 'HONUA_TEST_CRASH_TIDY'
