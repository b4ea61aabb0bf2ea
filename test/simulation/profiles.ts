/**
 * Families of things that happen, each switched as a whole. `commits` and `people` are no faults, `windows` and `drift` are how
 * environments are configured; all others are faults.
 */
export const families = [
  'commits',
  'badCommits',
  'rewrites',
  'git',
  'target',
  'outside',
  'people',
  'clock',
  'windows',
  'drift',
  'configure',
  'disk',
  'crash',
  'tamper',
] as const

export type Family = (typeof families)[number]

/** Which families a profile switches on: always, or in each seed with a probability of one half (`swarm`). */
interface Profile {
  readonly always: readonly Family[]
  readonly swarm: readonly Family[]
  /** How likely some environments have several targets, and topologies; never unless said otherwise. */
  readonly sites?: number
  /** How likely environments say what is to be done about drift, where the family `drift` is off; never unless said otherwise. */
  readonly drifts?: number
}

/** All on at once hides faults behind each other: in `default` each seed has some of them only. */
export const profiles: Readonly<Record<string, Profile>> = {
  calm: { always: ['commits', 'people'], swarm: [] },
  default: {
    always: ['commits'],
    swarm: [
      'badCommits',
      'rewrites',
      'git',
      'target',
      'outside',
      'people',
      'clock',
      'windows',
      'configure',
      'disk',
      'crash',
      'tamper',
    ],
    sites: 0.4,
    drifts: 0.3,
  },
  git: { always: ['commits', 'badCommits', 'rewrites', 'git'], swarm: ['people', 'crash'] },
  target: { always: ['commits', 'badCommits', 'target', 'outside'], swarm: ['people', 'crash'] },
  disk: { always: ['commits', 'disk', 'crash', 'tamper'], swarm: ['people', 'target'] },
  people: { always: ['commits', 'people', 'windows', 'configure'], swarm: ['badCommits', 'outside', 'crash'] },
  clock: { always: ['commits', 'clock', 'windows'], swarm: ['people', 'target', 'crash'] },
  crash: { always: ['commits', 'crash', 'target', 'people'], swarm: ['badCommits', 'git', 'disk', 'outside'] },
  topology: { always: ['commits'], swarm: ['badCommits', 'target', 'outside', 'people', 'crash', 'disk'], sites: 1 },
  drift: { always: ['commits', 'outside', 'drift'], swarm: ['people', 'configure', 'target', 'crash', 'clock'] },
  all: { always: families, swarm: [], sites: 0.5 },
}
