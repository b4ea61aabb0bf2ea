/** A finite alphabet of what may happen to an environment: every kind of event, each in the few shapes that a guard can tell apart. */
import { wakeAt } from '../../../machines/environment/memory.ts'
import type { EnvironmentContext, EnvironmentFact } from '../../../machines/environment/types.ts'
import { decisionFor } from '../../../src/runtime/environment/decide.ts'
import { ANNA, aDecision, aHead, aPlan, someSettings } from '../../support/builders/environment.ts'
import type { Configuration, Move } from './explore.ts'

type Here = Configuration<EnvironmentContext>
type Named = readonly [name: string, fact: EnvironmentFact]

const by = { by: ANNA, reason: 'walk' }
const CONTROLLER = { name: 'controller', how: 'controller' } as const
const STRANGER = 'production/0/1'

const pauses = { initialDelayMs: 60_000, maxDelayMs: 90_000 }
const settings = {
  patient: someSettings({ retry: { ...someSettings().retry, attemptsMax: 2 }, drift: { mode: 'heal', ...pauses } }),
  asking: someSettings({
    autoSync: false,
    retry: { ...someSettings().retry, enabled: false },
    drift: { mode: 'ignore', ...pauses },
  }),
}
const passing = { code: 'HONUA_X', message: 'later', transient: true }
const lasting = { code: 'HONUA_X', message: 'never', transient: false }

/** Everything that may happen now: orders, news, timers, and each answer to the effect that is owed. */
export function environmentMoves(here: Here): readonly Move<EnvironmentFact>[] {
  const { at } = here
  const now = [...news(), ...orders(here), ...answers(here)].map(([name, fact]) => ({ name, fact, at }))
  const due = wakeAt(here.state.context)
  const fired = { type: 'timer.fired' } as const
  return [
    ...now,
    { name: 'timer too early', fact: fired, at },
    ...(due === null ? [] : [{ name: 'timer', fact: fired, at: Math.max(due, at) }]),
  ]
}

function news(): readonly Named[] {
  return [
    ['settings', { type: 'settings.changed', settings: settings.patient }],
    ['settings that ask', { type: 'settings.changed', settings: settings.asking }],
    ['head a', { type: 'head.moved', head: aHead('a') }],
    ['head b', { type: 'head.moved', head: aHead('b') }],
  ]
}

/** What people (and the controller, by itself) ask for. */
function orders({ state, at }: Here): readonly Named[] {
  const deployment = state.context.attempt?.id ?? 'none'
  const foreign = 'production-19990101-000000'
  return [
    ['sync', { type: 'look.requested', by: ANNA }],
    ['sync by itself', { type: 'look.requested', by: CONTROLLER }],
    ['hold', { type: 'hold.placed', until: null, ...by }],
    ['hold for a while', { type: 'hold.placed', until: at + 1_000, ...by }],
    ['lift', { type: 'hold.lifted', ...by }],
    ['rollback to a', { type: 'rollback.requested', plan: aPlan('a', { reason: 'rollback' }), ...by }],
    [
      'ask to recover',
      { type: 'recovery.requested', plan: aPlan('r', { reason: 'recovery' }), target: 'db', backup: 'backup', ...by },
    ],
    ...[deployment, foreign].flatMap((id): readonly Named[] => {
      const whose = id === foreign ? ' another' : ''
      return [
        [`approve${whose}`, { type: 'approval.granted', deployment: id, ...by }],
        [`reject${whose}`, { type: 'approval.rejected', deployment: id, ...by }],
        [`cancel${whose}`, { type: 'deployment.cancelled', deployment: id, ...by }],
      ]
    }),
  ]
}

/** Each answer that the world may give to the effect owed, and one to an effect nobody owes. The gates answer as they would. */
export function answers({ state: { context }, at }: Here): readonly Named[] {
  const [work] = context.owed
  if (work === undefined) return []
  const real = answersTo(context, work, at)
  return [
    ...real,
    ...real.map(([name, fact]): Named => [`${name}, by a stranger`, { ...fact, effect: STRANGER } as const]),
  ]
}

type Answer = Extract<EnvironmentFact, { readonly effect: string }>

function answersTo(
  context: EnvironmentContext,
  work: EnvironmentContext['owed'][number],
  at: number,
): readonly (readonly [string, Answer])[] {
  const effect = work.id
  const failed = (type: Extract<Answer, { code: string }>['type']): readonly (readonly [string, Answer])[] => [
    [`${type} for now`, { type, effect, ...passing }],
    [`${type} for good`, { type, effect, ...lasting }],
  ]
  switch (work.kind) {
    case 'look': {
      const letter = work.commit.slice(0, 1)
      return [
        ['planned', { type: 'look.planned', effect, plan: aPlan(letter, { waves: letter === 'b' ? 3 : 1 }) }],
        [
          'planned after drift',
          {
            ...{ type: 'look.planned', effect, drift: `drift-${letter}` },
            plan: aPlan(letter, { digest: 'plan-drifted', reason: 'drift' }),
          },
        ],
        [
          'clean',
          { type: 'look.clean', effect, commit: work.commit, release: `release-${letter}`, inventory: 'inventory' },
        ],
        ['invalid', { type: 'look.invalid', effect, problems: [{ code: 'X', message: 'bad', location: null }] }],
        ...failed('look.failed'),
      ]
    }
    case 'decide': {
      const honest = context.plan === null ? aDecision('block') : decisionFor(context, context.plan, at, false)
      return [
        [`gates: ${honest.outcome}`, { type: 'decision.made', effect, decision: honest }],
        ...(honest.outcome === 'block'
          ? []
          : [
              [
                'gates: wait for the window',
                { type: 'decision.made', effect, decision: aDecision('wait', { until: at + 60_000 }) },
              ] as const,
            ]),
        ...(honest.outcome === 'deploy'
          ? [['gates: ask', { type: 'decision.made', effect, decision: aDecision('ask') }] as const]
          : []),
      ]
    }
    case 'validate':
      return [
        ['valid', { type: 'validation.passed', effect }],
        ['stale', { type: 'plan.stale', effect, message: 'moved' }],
        ...failed('validation.failed'),
      ]
    case 'backUp':
      return [['backed up', { type: 'backup.done', effect, bundle: 'backup' }], ...failed('backup.failed')]
    case 'applyWave':
      return [['applied', { type: 'wave.applied', effect }], ...failed('wave.failed')]
    case 'verify':
      return [
        ['verified', { type: 'verification.passed', effect, inventory: 'inventory' }],
        ...failed('verification.failed'),
      ]
    case 'restore':
      return [['restored', { type: 'restore.done', effect }], ...failed('restore.failed')]
    case 'verifyRestore':
      return [
        ['restore verified', { type: 'restore.verified', effect, inventory: 'inventory' }],
        ...failed('restore.unverified'),
      ]
    case 'checkRecovery':
      return [
        ['backup checked', { type: 'recovery.checked', effect }],
        ['stale', { type: 'plan.stale', effect, message: 'moved' }],
        ...failed('recovery.failed'),
      ]
    case 'recover':
      return [['recovered', { type: 'recovery.done', effect, message: 'put back' }], ...failed('recovery.failed')]
  }
}

/** What of a configuration can make a difference later; moments only by whether they have come. */
export function environmentLikeness({ path, state: { context }, at }: Here): string {
  const due = (moment: number | null | undefined) => (moment == null ? null : moment <= at ? 'due' : 'to come')
  const { settings, attempt, hold, series, waiting } = context
  return JSON.stringify([
    path,
    settings?.autoSync,
    context.drift != null,
    due(context.heals?.nextAt),
    context.head?.commit[0],
    context.seen?.release,
    context.seen?.commit[0],
    context.plan?.digest,
    attempt && [
      attempt.kind,
      attempt.plan.digest,
      attempt.approvedBy !== null,
      due(attempt.expiresAt),
      attempt.wave,
      attempt.backup,
      attempt.restore?.release,
      attempt.failure !== null,
    ],
    context.requestedBy !== null,
    context.applied?.release,
    hold && [hold.kind, due(hold.until)],
    context.quarantine.map((one) => one.release).toSorted(),
    series && [series.release, series.count, due(series.nextAt)],
    Math.min(context.misses, 2),
    waiting && [waiting.reason, due(waiting.until)],
    due(context.nextLookAt),
    context.outdated,
    context.owed.map((work) => work.kind),
  ])
}
