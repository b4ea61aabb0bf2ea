/** The environment told a second time, flat: what each field of its memory holds after an event. */
import { nothingKnown, pauseAfter, quarantined, triesOf, waitingFor } from '../../../machines/environment/memory.ts'
import type { Attempt, EnvironmentEvent } from '../../../machines/environment/types.ts'
import {
  attemptAfter,
  byWhom,
  CONTROLLER,
  failureOf,
  isPostponed,
  isRefused,
  keptAway,
  type Memory,
  resultOf,
  type Telling,
} from './environment-attempts.ts'
import { type Here, roadOf, startsLook } from './environment-roads.ts'

/** A field that is not there yet is told as undefined. */
type Fields = { readonly [Field in keyof Memory]-?: (one: Telling) => Memory[Field] | undefined }

/** Where an event leads and what is remembered then; null where it is refused. */
export function told(
  before: Here,
  event: EnvironmentEvent,
): { readonly path: string; readonly context: Memory } | null {
  const road = roadOf(before, event)
  if (road === null) return null
  const one = { path: before.path, was: before.state.context, event, road }
  const changes = Object.entries(fields)
    .map(([name, field]) => [name, field(one)] as const)
    .filter(([, value]) => value !== undefined)
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
      case 'recovery.done':
      case 'recovery.failed':
        return { kind: 'intervention', by: CONTROLLER, reason: lookAtIt(event), since: event.at, until: null }
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
  heals({ was, event }) {
    if (event.type === 'look.clean') return was.heals != null && was.heals.nextAt <= event.at ? null : was.heals
    const { attempt, settings } = was
    if (event.type !== 'verification.passed' || attempt === null) return was.heals
    if (attempt.plan.reason !== 'drift') return was.heals == null ? was.heals : null
    if (settings?.drift === undefined || attempt.initiatedBy.how !== 'controller') return was.heals
    const count = (was.heals?.count ?? 0) + 1
    const pauseMs = settings.drift.initialDelayMs * 2 ** (count - 1)
    return { count, nextAt: event.at + Math.min(pauseMs, settings.drift.maxDelayMs) }
  },
  drift({ was, event, road }) {
    if (event.type === 'look.planned' && road === 'OutOfSync.deciding') return event.drift ?? was.drift
    const isGone = event.type === 'look.clean' || event.type === 'verification.passed'
    return isGone && was.drift != null ? null : was.drift
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
    if (road === 'Synced.quiet' && was.settings?.drift?.mode === 'ignore') return null
    return road === 'Synced.quiet' || road === 'AwaitingApproval.asked'
      ? event.at + (was.settings?.reconcileIntervalMs ?? Number.NaN)
      : null
  },
  outdated({ was, event, path, road }) {
    const isBusy = /^(Deploying|RollingBack|AwaitingApproval\.askedToRecover$)/.test(
      road === 'same' ? path : (road ?? ''),
    )
    const isNews = event.type === 'head.moved' || event.type === 'settings.changed'
    return isBusy && (was.outdated || isNews)
  },
  owed(one) {
    const { was, event, road } = one
    if (road === 'same') return was.owed
    const work = workIn(road ?? '', fields.head(one) ?? null, fields.plan(one) ?? null, fields.attempt(one) ?? null)
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
    case 'RollingBack.checkingRecovery':
      return { kind: 'checkRecovery', ...mine } as const
    case 'RollingBack.recovering':
      return { kind: 'recover', ...mine } as const
    default:
      return startsLook(path) ? ({ kind: 'look', commit: head?.commit ?? '' } as const) : null
  }
}

function waitingAfter(one: Telling): Memory['waiting'] {
  const { path, was, event, road } = one
  const since = event.at
  if (path === 'AwaitingApproval.askedToRecover') return event.type === 'rollback.requested' ? null : was.waiting
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
    case 'recovery.requested':
      return null
    case 'recovery.done':
      return { reason: 'recovered', message: lookAtIt(event), since, until: null }
    case 'recovery.failed':
      return { reason: 'recovery-failed', message: lookAtIt(event), since, until: null }
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

/** However a recovery ended, a person looks at it before anything else is done. */
function lookAtIt({ type, message }: { readonly type: string; readonly message: string }): string {
  return type === 'recovery.done' ? `${message}; check it, then unhold` : `${message}; check what is there, then unhold`
}

function endedHold({ hold }: Memory, at: number): Memory['hold'] {
  return hold?.until != null && hold.until <= at ? null : hold
}
