import type { DriftSettings, EnvironmentSettings, TimeWindow, Weekday } from '../../src/core/vocabulary.ts'
import { restores } from './generate-restores.ts'
import { someSite, strikesOnSites } from './generate-sites.ts'
import { Prng } from './prng.ts'
import { type Family, profiles } from './profiles.ts'
import type { Act, Action, Edit, Order, Scenario } from './script.ts'
import { COMMON } from './world/declared.ts'
import type { TargetTrouble } from './world/target.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Share of the actions that come right behind another one, and how long behind. */
const GATHERED = 0.3
const MOMENT_MS = 500
/** Nobody takes longer to decide: what is ordered later would fall into the time in which nothing moves. */
const THINKS_MAX_MS = 40 * MINUTE
const DAYS: readonly Weekday[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const ZONES = ['UTC', 'Europe/Vienna', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'] as const
/** A Monday, and the days before clocks in Europe and in New York go forward and back. */
const STARTS = [
  Date.UTC(2026, 0, 5, 8),
  Date.UTC(2026, 2, 28, 20),
  Date.UTC(2026, 9, 24, 20),
  Date.UTC(2026, 2, 7, 22),
  Date.UTC(2026, 9, 31, 22),
  Date.UTC(2028, 1, 28, 20),
] as const

const GOOD: readonly Edit[] = ['edit', 'edit', 'edit', 'add', 'remove', 'breaking', 'protect', 'restore']
const BAD: readonly Edit[] = ['refused', 'sick', 'syntax', 'twice', 'link', 'empty', 'drop']
const ORDERS: readonly Order[] = [
  'approve',
  'approve',
  'approve',
  'reject',
  'cancel',
  'hold',
  'unhold',
  'rollback',
  'sync',
]
const TROUBLES: readonly TargetTrouble[] = [
  'busy',
  'refuses',
  'times-out-before',
  'times-out-after',
  'lands-late',
  'partial',
  'lies',
  'hangs',
  'down',
  'slow',
  'ill',
  'flaps',
  'rehearses-nothing',
]

/** How often each family strikes, in ms on average, and what then happens. */
const STRIKES: { readonly [family in Exclude<Family, 'windows' | 'drift'>]: readonly [everyMs: number, act: Draw] } = {
  commits: [40 * MINUTE, (draw) => commit(draw, GOOD)],
  badCommits: [2 * HOUR, (draw) => commit(draw, BAD)],
  rewrites: [
    4 * HOUR,
    ({ prng, names }) =>
      prng.pick<() => Act>([
        () => ({
          kind: 'force-push',
          environment: prng.pick(names),
          back: prng.between(1, 4),
          pick: prng.between(0, 99),
        }),
        () => ({ kind: 'rewind', back: prng.between(1, 4) }),
        () => person(prng, names, 'accept-rewrite'),
      ])(),
  ],
  git: [
    2 * HOUR,
    ({ prng }) => ({
      kind: 'git',
      trouble: prng.pick(['down', 'down', 'gone', 'slow', 'cache']),
      forMs: prng.pause(20 * MINUTE),
    }),
  ],
  target: [
    HOUR,
    ({ prng, names }) => ({
      kind: 'target',
      environment: prng.pick(names),
      trouble: prng.pick(TROUBLES),
      forMs: prng.pause(20 * MINUTE),
    }),
  ],
  outside: [
    90 * MINUTE,
    ({ prng, names }) => ({
      kind: 'outside',
      environment: prng.pick(names),
      edit: prng.pick(['edit', 'delete', 'foreign']),
      pick: prng.between(0, 99),
    }),
  ],
  people: [30 * MINUTE, ({ prng, names }) => person(prng, names, prng.pick(ORDERS))],
  clock: [
    3 * HOUR,
    ({ prng }) => ({ kind: 'clock', ms: prng.pick([-1, 1]) * prng.pause(prng.pick([MINUTE, HOUR, 12 * HOUR])) }),
  ],
  configure: [
    2 * HOUR,
    ({ prng, names }) => ({ kind: 'configure', environment: prng.pick(names), change: someChange(prng) }),
  ],
  disk: [
    2 * HOUR,
    ({ prng }) => ({
      kind: 'disk',
      trouble: prng.pick(['full', 'slow', 'fails']),
      forMs: prng.pause(10 * MINUTE),
    }),
  ],
  crash: [
    HOUR,
    ({ prng }) => ({
      kind: 'crash',
      boundaries: prng.between(1, 30),
      isKept: prng.chance(0.5),
      downMs: prng.pause(MINUTE),
    }),
  ],
  tamper: [
    6 * HOUR,
    ({ prng }) => ({
      kind: 'tamper',
      how: prng.pick(['edit', 'remove', 'swap', 'snapshot']),
      pick: prng.between(0, 9_999),
    }),
  ],
}

interface Drawing {
  readonly prng: Prng
  readonly names: readonly string[]
}

type Draw = (drawing: Drawing) => Act

/** The simulation that a seed stands for. */
export function generate(options: {
  readonly seed: number
  readonly profile: string
  readonly hours: number
}): Scenario {
  const { seed, profile, hours } = options
  const known = profiles[profile]
  if (known === undefined) throw new RangeError(`there is no profile "${profile}": ${Object.keys(profiles).join(', ')}`)
  const prng = Prng.named(seed, 'script')
  const on = new Set([...known.always, ...known.swarm.filter(() => prng.chance(0.5))])
  const sites = Prng.named(seed, 'sites')
  const drifts = Prng.named(seed, 'drift')
  const hasDrift = on.has('drift') || drifts.chance(known.drifts ?? 0)
  const hasSites = sites.chance(known.sites ?? 0)
  const environments: Scenario['environments'] = ['dev', 'production', 'staging'].map((name) => ({
    name,
    settings: { ...someSettings(prng, on.has('windows')), ...(hasDrift ? { drift: someDrift(drifts) } : {}) },
    ...(hasSites && sites.chance(0.6) ? { site: someSite(sites) } : {}),
  }))
  const names = environments.map(({ name }) => name)
  const script: Action[] = []
  for (const family of on) {
    if (family === 'windows' || family === 'drift') continue
    const [everyMs, draw] = STRIKES[family]
    const own = Prng.named(seed, family)
    for (let at = own.pause(everyMs); at < hours * HOUR; at += own.pause(everyMs))
      script.push({ ...draw({ prng: own, names }), at })
  }
  script.push(...strikesOnSites(environments, hours, sites))
  gather(script, Prng.named(seed, 'gathering'))
  script.push(...restores(environments, hours, Prng.named(seed, 'restores')))
  script.sort((one, other) => one.at - other.at)
  return { seed, profile, hours, start: prng.pick(STARTS), environments, script }
}

/** Troubles seldom come alone: some of what happens is moved to within a moment of something else, where races are. */
function gather(script: Action[], prng: Prng): void {
  for (const [at, action] of script.entries())
    if (prng.chance(GATHERED)) script[at] = { ...action, at: prng.pick(script).at + prng.pause(MOMENT_MS) }
}

function commit({ prng, names }: Drawing, edits: readonly Edit[]): Act {
  const environment = prng.chance(0.1) ? COMMON : prng.pick(names)
  return { kind: 'commit', environment, edit: prng.pick(edits), pick: prng.between(0, 99) }
}

function person(prng: Prng, names: readonly string[], order: Order): Act {
  return {
    kind: 'person',
    order,
    environment: prng.pick(names),
    afterMs: prng.chance(0.3) ? Math.min(prng.pause(20 * MINUTE), THINKS_MAX_MS) : prng.between(0, 5_000),
    times: prng.chance(0.2) ? 2 : 1,
    pick: prng.between(0, 99),
  }
}

function someSettings(prng: Prng, hasWindows: boolean): Partial<EnvironmentSettings> {
  return {
    autoSync: prng.chance(0.6),
    prune: prng.chance(0.7),
    windows: hasWindows && prng.chance(0.6) ? [someWindow(prng)] : [],
    outsideWindow: prng.pick(['ask', 'wait']),
    retry: {
      enabled: prng.chance(0.9),
      attemptsMax: prng.between(1, 4),
      backoff: prng.pick(['exponential', 'constant']),
      initialDelayMs: prng.between(10, 120) * 1_000,
      maxDelayMs: 10 * MINUTE,
    },
    reconcileIntervalMs: prng.pick([5, 10, 30, 60]) * MINUTE,
    approvalTtlMs: prng.pick([1, 4, 24]) * HOUR,
    maxDeletePercent: prng.pick([25, 50, 100]),
  }
}

function someDrift(prng: Prng): DriftSettings {
  const initialDelayMs = prng.between(20, 90) * MINUTE
  return { mode: prng.pick(['heal', 'heal', 'warn', 'ignore']), initialDelayMs, maxDelayMs: 2 * initialDelayMs }
}

function someChange(prng: Prng): Partial<EnvironmentSettings> {
  const { autoSync, prune, windows, maxDeletePercent, reconcileIntervalMs } = someSettings(prng, true)
  const changes: readonly Partial<EnvironmentSettings>[] = [
    { autoSync: autoSync === true },
    { prune: prune === true },
    { windows: windows ?? [] },
    { maxDeletePercent: maxDeletePercent ?? 50 },
    { reconcileIntervalMs: reconcileIntervalMs ?? 5 * MINUTE },
  ]
  return prng.pick(changes)
}

function someWindow(prng: Prng): TimeWindow {
  const from = prng.between(0, 95) * 15
  return {
    days: prng.chance(0.7) ? DAYS : DAYS.filter(() => prng.chance(0.7)),
    fromMinute: from,
    toMinute: (from + prng.between(2, 40) * 15) % 1_440,
    timeZone: prng.pick(ZONES),
  }
}
