/** The environment told a second time, flat: what each field of its memory holds after an event. */
import {
  attemptId,
  nothingKnown,
  pauseAfter,
  quarantined,
  triesOf,
  waitingFor,
} from '../../../machines/environment/memory.ts'
import type { Attempt, EnvironmentContext, EnvironmentEvent, Failure } from '../../../machines/environment/types.ts'
import { type Here, isLastWave, isTriedAgain, isWriting, type Road, roadOf, startsLook } from './environment-roads.ts'

type Memory = EnvironmentContext
/** One event that is taken: what was remembered, and where it leads. */
interface Telling {
  readonly path: string
  readonly was: Memory
  readonly event: EnvironmentEvent
  readonly road: Road
}
type Fields = { readonly [Field in keyof Memory]: (one: Telling) => Memory[Field] }

const CONTROLLER = { name: 'controller', how: 'controller' } as const

/** Where an event leads and what is remembered then; null where it is refused. */
export function told(
  before: Here,
  event: EnvironmentEvent,
): { readonly path: string; readonly context: Memory } | null {
  const road = roadOf(before, event)
  if (road === null) return null
  const one = { path: before.path, was: before.state.context, event, road }
  const changes = Object.entries(fields).map(([name, field]) => [name, field(one)])
  return {
    path: road === 'same' ? before.path : road,
    context: { ...nothingKnown(''), ...Object.fromEntries(changes) },
  }
}

const fields: Fields = {
  name: ({ was }) => was.name,
  settings: ({ was, event }) => (event.type === 'settings.changed' ? event.settings : was.settings),
  head: ({ was, event }) => (event.type === 'head.moved' ? event.head : was.head),
  seen({ was, event, road }) {
    if (event.type === 'look.clean') return { commit: event.commit, release: event.release, at: event.at }
    return event.type === 'look.planned' && road === 'OutOfSync.deciding'
      ? { commit: event.plan.commit, release: event.plan.release, at: event.at }
      : was.seen
  },
  plan({ was, event, road }) {
    if (event.type === 'look.planned') return road === 'OutOfSync.deciding' ? event.plan : was.plan
    return /^(look\.clean|look\.invalid|verification\.passed|restore\.verified)$/.test(event.type) ? null : was.plan
  },
  decision({ was, event, road }) {
    if (event.type === 'decision.made') return event.decision
    const isDone = event.type === 'restore.verified' && road === 'Synced.quiet'
    return isDone || /^(look\.clean|look\.invalid|verification\.passed)$/.test(event.type) ? null : was.decision
  },
  attempt: ({ path, was, event, road }) => attemptAfter({ path, was, event, road }),
  requestedBy({ was, event, road }) {
    if (event.type === 'look.requested') return event.by.how === 'controller' ? null : event.by
    const isAnswered = event.type === 'look.clean' || event.type === 'head.moved' || road === 'AwaitingApproval.asked'
    const isUsed = road === 'Deploying.validating' && event.type === 'decision.made'
    return isUsed || (isAnswered && event.type !== 'look.failed') ? null : was.requestedBy
  },
  ended(one) {
    const { was, event } = one
    if (was.attempt === null || attemptAfter(one)?.id === was.attempt.id) return was.ended
    const failure = failureOf(one) ?? was.attempt.failure
    return { attempt: { ...was.attempt, failure }, result: resultOf(event), at: event.at }
  },
  applied({ was, event }) {
    const { attempt } = was
    if (event.type === 'look.clean' && was.applied?.release !== event.release)
      return { commit: event.commit, release: event.release, deployment: null, at: event.at }
    if (attempt === null) return was.applied
    if (event.type === 'verification.passed')
      return { commit: attempt.plan.commit, release: attempt.plan.release, deployment: attempt.id, at: event.at }
    return event.type === 'restore.verified' && attempt.kind === 'rollback' && attempt.restore !== null
      ? { ...attempt.restore, deployment: attempt.id, at: event.at }
      : was.applied
  },
  inventory: ({ was, event }) => ('inventory' in event ? event.inventory : was.inventory),
  hold({ was, event, path, road }) {
    switch (event.type) {
      case 'hold.placed':
        return { kind: 'person', by: event.by, reason: event.reason, since: event.at, until: event.until }
      case 'hold.lifted':
        return null
      case 'timer.fired':
        return path.startsWith('OutOfSync.') || road === 'same' ? endedHold(was, event.at) : was.hold
      case 'restore.failed':
      case 'restore.unverified':
        return { kind: 'intervention', by: CONTROLLER, reason: event.message, since: event.at, until: null }
      default:
        return was.hold
    }
  },
  quarantine(one) {
    const { was, event } = one
    if (event.type === 'hold.lifted') {
      const release = was.plan?.release ?? was.seen?.release
      return was.quarantine.filter((entry) => entry.release !== release)
    }
    const bad = keptAway(one)
    return bad === null ? was.quarantine : quarantined(was, { ...bad, since: event.at })
  },
  series(one) {
    const { was, event } = one
    if (isPostponed(one) && was.attempt !== null) {
      const count = triesOf(was) + 1
      return { release: was.attempt.plan.release, count, nextAt: event.at + pauseAfter(was, count) }
    }
    const isOver = /^(look\.clean|hold\.lifted|verification\.passed|restore\.verified)$/.test(event.type)
    return isOver || isRefused(one) ? null : was.series
  },
  misses({ was, event }) {
    if (event.type === 'look.failed') return was.misses + 1
    return event.type.startsWith('look.') && event.type !== 'look.requested' ? 0 : was.misses
  },
  waiting(one) {
    const waiting = waitingAfter(one)
    return waiting !== null && startsLook(one.road) ? { ...waiting, until: null } : waiting
  },
  problems({ was, event, road }) {
    if (event.type === 'look.invalid') return event.problems
    return event.type === 'look.clean' || (event.type === 'look.planned' && road === 'OutOfSync.deciding')
      ? []
      : was.problems
  },
  nextLookAt({ was, event, road }) {
    if (road === 'same') return was.nextLookAt
    if (event.type === 'look.failed') return event.at + pauseAfter(was, was.misses + 1)
    return road === 'Synced.quiet' || road === 'AwaitingApproval.asked'
      ? event.at + (was.settings?.reconcileIntervalMs ?? Number.NaN)
      : null
  },
  outdated({ was, event, path, road }) {
    const isBusy = /^(Deploying|RollingBack)\./.test(road === 'same' ? path : (road ?? ''))
    const isNews = event.type === 'head.moved' || event.type === 'settings.changed'
    return isBusy && (was.outdated || isNews)
  },
  owed(one) {
    const { was, event, road } = one
    if (road === 'same') return was.owed
    const work = workIn(road ?? '', fields.head(one), fields.plan(one), fields.attempt(one))
    return work === null ? [] : [{ ...work, id: `${was.name}/${event.sequence}/1` }]
  },
}

function workIn(path: string, head: Memory['head'], plan: Memory['plan'], attempt: Attempt | null) {
  const mine = { deployment: attempt?.id ?? '', plan: attempt?.plan.digest ?? '' }
  const back = { deployment: attempt?.id ?? '', release: attempt?.restore?.release ?? '' }
  switch (path) {
    case 'OutOfSync.deciding':
      return { kind: 'decide', plan: plan?.digest ?? '' } as const
    case 'Deploying.validating':
      return { kind: 'validate', ...mine } as const
    case 'Deploying.backingUp':
      return { kind: 'backUp', ...mine } as const
    case 'Deploying.applying':
      return { kind: 'applyWave', ...mine, wave: attempt?.wave ?? Number.NaN } as const
    case 'Deploying.postValidating':
      return { kind: 'verify', ...mine } as const
    case 'RollingBack.restoring':
      return { kind: 'restore', ...back } as const
    case 'RollingBack.verifying':
      return { kind: 'verifyRestore', ...back } as const
    default:
      return startsLook(path) ? ({ kind: 'look', commit: head?.commit ?? '' } as const) : null
  }
}

function attemptAfter(one: Telling): Attempt | null {
  const { was, event, path, road } = one
  const { attempt } = was
  const blank = { approvedBy: null, startedAt: event.at, wave: 0, backup: null, failure: null }
  if (event.type === 'rollback.requested')
    return {
      ...{ id: attemptId(was, event.at), kind: 'rollback', plan: event.plan, initiatedBy: event.by, ...blank },
      expiresAt: null,
      restore: { commit: event.plan.commit, release: event.plan.release },
    }
  if (event.type === 'decision.made' && /^(Deploying|AwaitingApproval)\./.test(road ?? '') && was.plan !== null)
    return {
      ...{ id: attemptId(was, event.at), kind: 'apply', plan: was.plan, initiatedBy: was.requestedBy ?? CONTROLLER },
      ...blank,
      expiresAt: event.decision.outcome === 'ask' ? event.at + (was.settings?.approvalTtlMs ?? Number.NaN) : null,
      restore: null,
    }
  if (attempt === null || !/^(AwaitingApproval|Deploying|RollingBack)\./.test(road === 'same' ? path : (road ?? '')))
    return null
  switch (event.type) {
    case 'approval.granted':
      return { ...attempt, approvedBy: event.by }
    case 'backup.done':
      return { ...attempt, backup: event.bundle }
    case 'wave.applied':
      return isLastWave(was) ? attempt : { ...attempt, wave: attempt.wave + 1 }
    case 'wave.failed':
    case 'verification.failed':
    case 'deployment.cancelled':
      return { ...attempt, failure: failureOf(one), restore: restoreOf(was, attempt) }
    default:
      return attempt
  }
}

/** The last good release, unless that is the very one that fails: then what was live before the first write. */
function restoreOf({ applied }: Memory, { plan, backup }: Attempt): Attempt['restore'] {
  if (applied !== null && applied.release !== plan.release) return { commit: applied.commit, release: applied.release }
  return { commit: applied?.commit ?? plan.commit, release: backup ?? '' }
}

/** What goes wrong with the open attempt by this event. */
function failureOf({ was, event }: Telling): Failure | null {
  const outcomes = {
    'validation.failed': 'validation-failed',
    'backup.failed': 'backup-failed',
    'wave.failed': 'apply-failed',
    'verification.failed': 'verify-failed',
    'restore.failed': 'rollback-failed',
    'restore.unverified': 'rollback-failed',
  } as const
  switch (event.type) {
    case 'validation.failed':
    case 'backup.failed':
    case 'wave.failed':
    case 'verification.failed':
    case 'restore.failed':
    case 'restore.unverified':
      return { outcome: outcomes[event.type], code: event.code, message: event.message }
    case 'plan.stale':
      return { outcome: 'stale', code: 'HONUA_PLAN_STALE', message: event.message }
    case 'approval.rejected':
      return { outcome: 'rejected', code: 'HONUA_APPROVAL_REJECTED', message: byWhom('rejected', event) }
    case 'deployment.cancelled':
      return { outcome: 'cancelled', code: 'HONUA_DEPLOYMENT_CANCELLED', message: byWhom('cancelled', event) }
    case 'rollback.requested': {
      const message = `a rollback was asked for by ${event.by.name}`
      return { outcome: 'superseded', code: 'HONUA_ROLLBACK_REQUESTED', message }
    }
    case 'timer.fired':
      return { outcome: 'expired', code: 'HONUA_APPROVAL_EXPIRED', message: 'nobody approved in time' }
    case 'look.planned':
    case 'look.clean':
    case 'look.invalid':
      return was.attempt === null ? null : SUPERSEDED
    default:
      return null
  }
}

const SUPERSEDED: Failure = {
  outcome: 'superseded',
  code: 'HONUA_PLAN_SUPERSEDED',
  message: 'what would be deployed changed before it was approved',
}

function byWhom(what: string, { by, reason }: { readonly by: { readonly name: string }; readonly reason: string }) {
  return `${what} by ${by.name}: ${reason}`
}

function resultOf({ type }: EnvironmentEvent): 'Completed' | 'RolledBack' | 'Failed' {
  if (type === 'verification.passed') return 'Completed'
  return type === 'restore.verified' ? 'RolledBack' : 'Failed'
}

function isPostponed({ was, event }: Telling): boolean {
  return /^(validation|backup)\.failed$/.test(event.type) && 'transient' in event && isTriedAgain(was, event)
}

/** The attempt ends for good, and not well. */
function isRefused(one: Telling): boolean {
  const { path, event } = one
  if (event.type === 'deployment.cancelled') return !isWriting(path)
  if (/^(validation|backup)\.failed$/.test(event.type)) return !isPostponed(one)
  return /^(approval\.rejected|restore\.failed|restore\.unverified)$/.test(event.type)
}

/** The release that must not come back by itself after this event. */
function keptAway(one: Telling): { readonly release: string; readonly commit: string; readonly reason: string } | null {
  const { attempt, seen } = one.was
  if (attempt === null) return null
  const of = ({ release, commit }: { readonly release: string; readonly commit: string }, reason: string) => ({
    ...{ release, commit },
    reason,
  })
  if (isRefused(one)) return of(attempt.plan, failureOf(one)?.message ?? '')
  if (one.event.type !== 'restore.verified') return null
  const left = attempt.kind === 'rollback' ? seen : attempt.plan
  if (left === null || left.release === attempt.restore?.release) return null
  return of(left, attempt.failure?.message ?? `rolled back by ${attempt.initiatedBy.name}`)
}

function waitingAfter(one: Telling): Memory['waiting'] {
  const { was, event, road } = one
  const since = event.at
  if (isPostponed(one)) {
    const count = triesOf(was) + 1
    const message = `attempt ${count} failed: ${failureOf(one)?.message}`
    return { reason: 'retry', message, since, until: since + pauseAfter(was, count) }
  }
  switch (event.type) {
    case 'look.planned':
    case 'look.clean':
    case 'approval.granted':
    case 'rollback.requested':
      return null
    case 'look.invalid':
      return {
        ...{ reason: 'invalid', message: event.problems[0]?.message ?? 'the desired state is invalid' },
        ...{ since, until: null },
      }
    case 'look.failed': {
      const until = since + pauseAfter(was, was.misses + 1)
      return { reason: event.code, message: event.message, since: was.waiting?.since ?? since, until }
    }
    case 'decision.made':
      return /^(deploy|ask)$/.test(event.decision.outcome) ? null : waitingFor(event.decision, since)
    case 'timer.fired': {
      if (was.attempt === null || !/^OutOfSync\./.test(road ?? '')) return was.waiting
      const message = 'nobody approved in time; a newer commit or a sync asks again'
      return { reason: 'approval-expired', message, since, until: null }
    }
    case 'approval.rejected':
      return { reason: 'rejected', message: byWhom('rejected', event), since, until: null }
    case 'deployment.cancelled':
      return isRefused(one)
        ? { reason: 'cancelled', message: byWhom('cancelled', event), since, until: null }
        : was.waiting
    case 'validation.failed':
    case 'backup.failed':
      return { reason: 'quarantined', message: event.message, since, until: null }
    case 'restore.failed':
    case 'restore.unverified':
      return { reason: 'rollback-failed', message: event.message, since, until: null }
    case 'restore.verified': {
      const message = was.attempt?.failure?.message ?? 'rolled back by a person'
      return road === 'Synced.quiet' ? null : { reason: 'quarantined', message, since, until: null }
    }
    default:
      return was.waiting
  }
}

function endedHold({ hold }: Memory, at: number): Memory['hold'] {
  return hold?.until != null && hold.until <= at ? null : hold
}
