/** The environment told a second time, flat: what an event does to the attempt that is open. */
import { attemptId } from '../../../machines/environment/memory.ts'
import type { Attempt, EnvironmentContext, EnvironmentEvent, Failure } from '../../../machines/environment/types.ts'
import { isLastWave, isTriedAgain, isWriting, type Road } from './environment-roads.ts'

export type Memory = EnvironmentContext

/** One event that is taken: what was remembered, and where it leads. */
export interface Telling {
  readonly path: string
  readonly was: Memory
  readonly event: EnvironmentEvent
  readonly road: Road
}

export const CONTROLLER = { name: 'controller', how: 'controller' } as const

/** The open attempt after an event; null where none is open. */
export function attemptAfter(one: Telling): Attempt | null {
  const { was, event, path, road } = one
  const { attempt } = was
  const blank = { approvedBy: null, startedAt: event.at, wave: 0, backup: null, failure: null }
  if (event.type === 'rollback.requested')
    return {
      ...{ id: attemptId(was, event.at), kind: 'rollback', plan: event.plan, initiatedBy: event.by, ...blank },
      expiresAt: null,
      restore: { commit: event.plan.commit, release: event.plan.release },
    }
  if (event.type === 'recovery.requested')
    return {
      ...{ id: attemptId(was, event.at), kind: 'recovery', plan: event.plan, initiatedBy: event.by, ...blank },
      expiresAt: event.at + (was.settings?.approvalTtlMs ?? Number.NaN),
      restore: null,
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
export function failureOf({ was, event }: Telling): Failure | null {
  const outcomes = {
    'validation.failed': 'validation-failed',
    'backup.failed': 'backup-failed',
    'wave.failed': 'apply-failed',
    'verification.failed': 'verify-failed',
    'restore.failed': 'rollback-failed',
    'restore.unverified': 'rollback-failed',
    'recovery.failed': 'recovery-failed',
  } as const
  switch (event.type) {
    case 'validation.failed':
    case 'backup.failed':
    case 'wave.failed':
    case 'verification.failed':
    case 'restore.failed':
    case 'restore.unverified':
    case 'recovery.failed':
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

/** Whose word ended it, and why. */
export function byWhom(
  what: string,
  { by, reason }: { readonly by: { readonly name: string }; readonly reason: string },
) {
  return `${what} by ${by.name}: ${reason}`
}

/** How an attempt ends by this event. */
export function resultOf({ type }: EnvironmentEvent): 'Completed' | 'RolledBack' | 'Failed' {
  if (type === 'verification.passed') return 'Completed'
  return type === 'restore.verified' || type === 'recovery.done' ? 'RolledBack' : 'Failed'
}

/** The attempt ends, and the next one comes by itself. */
export function isPostponed({ was, event }: Telling): boolean {
  return /^(validation|backup)\.failed$/.test(event.type) && 'transient' in event && isTriedAgain(was, event)
}

/** The attempt ends for good, and not well. */
export function isRefused(one: Telling): boolean {
  const { path, was, event } = one
  if (was.attempt?.kind === 'recovery') return false
  if (event.type === 'deployment.cancelled') return !isWriting(path)
  if (/^(validation|backup)\.failed$/.test(event.type)) return !isPostponed(one)
  return /^(approval\.rejected|restore\.failed|restore\.unverified)$/.test(event.type)
}

/** The release that must not come back by itself after this event. */
export function keptAway(
  one: Telling,
): { readonly release: string; readonly commit: string; readonly reason: string } | null {
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
