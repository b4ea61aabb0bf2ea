/** Families of things that happen, each switched as a whole. `commits` and `people` are no faults; all others are. */
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
  },
  git: { always: ['commits', 'badCommits', 'rewrites', 'git'], swarm: ['people', 'crash'] },
  target: { always: ['commits', 'badCommits', 'target', 'outside'], swarm: ['people', 'crash'] },
  disk: { always: ['commits', 'disk', 'crash', 'tamper'], swarm: ['people', 'target'] },
  people: { always: ['commits', 'people', 'windows', 'configure'], swarm: ['badCommits', 'outside', 'crash'] },
  clock: { always: ['commits', 'clock', 'windows'], swarm: ['people', 'target', 'crash'] },
  crash: { always: ['commits', 'crash', 'target', 'people'], swarm: ['badCommits', 'git', 'disk', 'outside'] },
  all: { always: families, swarm: [] },
}
