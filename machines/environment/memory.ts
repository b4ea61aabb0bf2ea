/** What each event leaves in the memory of an environment: pure functions from (context, …) to the fields that change. */

import type { Actor, Decision, Digest, Instant, PlanSummary } from '../../src/core/vocabulary.ts'
import { known } from '../common.ts'
import type { Attempt, EnvironmentContext, Failure, Quarantine, Waiting } from './types.ts'

/** A request, or a deployment, remembers at most this many releases that must not come back by themselves. */
const QUARANTINE_MAX = 50
const CONTROLLER: Actor = { name: 'controller', how: 'controller' }

type Change = Partial<EnvironmentContext>

/** The memory of an environment about which nothing is known. */
export function nothingKnown(name: string): EnvironmentContext {
  return {
    name,
    settings: null,
    head: null,
    seen: null,
    plan: null,
    decision: null,
    attempt: null,
    requestedBy: null,
    ended: null,
    applied: null,
    inventory: null,
    hold: null,
    quarantine: [],
    series: null,
    misses: 0,
    waiting: null,
    problems: [],
    nextLookAt: null,
    outdated: false,
    owed: [],
  }
}

/**
 * `<environment>-yyyyMMdd-HHmmss` of `at` in UTC; `-2`, `-3` … when the attempt before began in the same second. A clock that was set back
 * does not bring an old id back: ids never go behind the attempt before.
 */
export function attemptId(context: EnvironmentContext, at: Instant): string {
  const stamp = new Date(at).toISOString()
  const now = `${context.name}-${stamp.slice(0, 10).replaceAll('-', '')}-${stamp.slice(11, 19).replaceAll(':', '')}`
  const last = context.attempt?.id ?? context.ended?.attempt.id
  if (last === undefined) return now
  // All ids of an environment have the same length up to the count, so that text order is time order.
  const lastBase = last.slice(0, now.length)
  if (lastBase < now) return now
  const count = Number(last.slice(now.length + 1) || '1')
  return `${lastBase}-${count + 1}`
}

/** Pause after the n-th failure in a row (n = 1, 2, 3 …), in ms. The runtime's timers add no chance: replay must be exact. */
export function pauseAfter(context: EnvironmentContext, n: number): number {
  const retry = context.settings?.retry
  if (retry === undefined || !retry.enabled) return context.settings?.reconcileIntervalMs ?? 300_000
  const factor = retry.backoff === 'exponential' ? 2 ** Math.min(n - 1, 30) : 1
  return Math.min(retry.initialDelayMs * factor, retry.maxDelayMs)
}

/** When an environment that is as declared is looked at next; null where nobody is to look for drift. */
export function nextDriftCheck(context: EnvironmentContext, at: Instant): Instant | null {
  return context.settings?.drift?.mode === 'ignore' ? null : nextLook(context, at)
}

/** The pause after drift was healed by itself; as it was after any other deployment. */
function healed({ heals, settings }: EnvironmentContext, at: Instant, { plan, initiatedBy }: Attempt): Change {
  const drift = settings?.drift
  if (plan.reason !== 'drift') return heals == null ? {} : { heals: null }
  if (drift === undefined || initiatedBy.how !== 'controller') return {}
  const count = (heals?.count ?? 0) + 1
  const pauseMs = Math.min(drift.initialDelayMs * 2 ** Math.min(count - 1, 30), drift.maxDelayMs)
  return { heals: { count, nextAt: at + pauseMs } }
}

/** Live is what was deployed: nothing has drifted, and drift that stayed away for its whole pause is forgotten. */
export function undrifted({ drift, heals }: EnvironmentContext, at: Instant): Change {
  return {
    ...(drift == null ? {} : { drift: null }),
    ...(heals == null || heals.nextAt > at ? {} : { heals: null }),
  }
}

/** When the next regular look is due after one at `at`. */
export function nextLook(context: EnvironmentContext, at: Instant): Instant {
  return at + (context.settings?.reconcileIntervalMs ?? 300_000)
}

/** Opens an attempt at the planned release. */
export function begin(context: EnvironmentContext, at: Instant, asks: boolean): Change {
  return {
    attempt: newAttempt(context, at, known(context.plan), {
      kind: 'apply',
      by: context.requestedBy ?? CONTROLLER,
      expiresAt: asks ? at + known(context.settings).approvalTtlMs : null,
    }),
    requestedBy: null,
    nextLookAt: asks ? nextLook(context, at) : null,
  }
}

/** Opens an attempt at an older release that a person asked for. */
export function beginRollback(context: EnvironmentContext, at: Instant, plan: PlanSummary, by: Actor): Change {
  return {
    ...finish(
      context,
      at,
      'Failed',
      fail('superseded', 'HONUA_ROLLBACK_REQUESTED', `a rollback was asked for by ${by.name}`),
    ),
    attempt: {
      ...newAttempt(context, at, plan, { kind: 'rollback', by, expiresAt: null }),
      restore: { commit: plan.commit, release: plan.release },
    },
    waiting: null,
    nextLookAt: null,
  }
}

/** Opens a request to put a backup of a database back. Nobody has answered it yet. */
export function beginRecovery(context: EnvironmentContext, at: Instant, plan: PlanSummary, by: Actor): Change {
  const expiresAt = at + known(context.settings).approvalTtlMs
  return {
    attempt: newAttempt(context, at, plan, { kind: 'recovery', by, expiresAt }),
    waiting: null,
    nextLookAt: null,
  }
}

/** A recovery ended, well or not: a person looks at what is there now, and lets the environment go on. */
export function recovered(context: EnvironmentContext, at: Instant, why: Why, failure?: Failure): Change {
  return {
    ...finish(context, at, failure === undefined ? 'RolledBack' : 'Failed', failure),
    hold: { kind: 'intervention', by: CONTROLLER, reason: why.message, since: at, until: null },
    waiting: wait(why.reason, why.message, at, null),
  }
}

interface Why {
  readonly reason: string
  readonly message: string
}

function newAttempt(
  context: EnvironmentContext,
  at: Instant,
  plan: PlanSummary,
  how: { readonly kind: Attempt['kind']; readonly by: Actor; readonly expiresAt: Instant | null },
): Attempt {
  return {
    id: attemptId(context, at),
    kind: how.kind,
    plan,
    initiatedBy: how.by,
    approvedBy: null,
    startedAt: at,
    expiresAt: how.expiresAt,
    wave: 0,
    backup: null,
    restore: null,
    failure: null,
  }
}

/** Changes the open attempt. */
export function attempted(context: EnvironmentContext, change: Partial<Attempt>): Change {
  return { attempt: { ...known(context.attempt), ...change } }
}

export function fail(outcome: Failure['outcome'], code: string, message: string): Failure {
  return { outcome, code, message }
}

interface Said {
  readonly by: Actor
  readonly reason: string
}

export function rejectedBy({ by, reason }: Said): Failure {
  return fail('rejected', 'HONUA_APPROVAL_REJECTED', `rejected by ${by.name}: ${reason}`)
}

export function cancelledBy({ by, reason }: Said): Failure {
  return fail('cancelled', 'HONUA_DEPLOYMENT_CANCELLED', `cancelled by ${by.name}: ${reason}`)
}

/** Nobody answered. */
export const lapsed: Failure = fail('expired', 'HONUA_APPROVAL_EXPIRED', 'nobody approved in time')

/** Closes the open attempt; nothing where there is none. */
export function finish(
  context: EnvironmentContext,
  at: Instant,
  result: 'Completed' | 'Failed' | 'RolledBack',
  failure?: Failure,
): Change {
  if (context.attempt === null) return {}
  const attempt = failure === undefined ? context.attempt : { ...context.attempt, failure }
  return { attempt: null, ended: { attempt, result, at }, nextLookAt: null }
}

/** The release is on the targets, read back and healthy. */
export function completed(context: EnvironmentContext, at: Instant, inventory: Digest): Change {
  const attempt = known(context.attempt)
  return {
    ...finish(context, at, 'Completed'),
    applied: { commit: attempt.plan.commit, release: attempt.plan.release, deployment: attempt.id, at },
    inventory,
    series: null,
    ...(context.drift == null ? {} : { drift: null }),
    ...healed(context, at, attempt),
    plan: null,
    decision: null,
    nextLookAt: nextDriftCheck(context, at),
  }
}

/** The older release is on the targets again; what was rolled back from stays away. */
export function rolledBack(context: EnvironmentContext, at: Instant, inventory: Digest): Change {
  // What is left is what Git declares, whether a deployment of it failed or a person goes back from it.
  const from = context.seen
  const attempt = known(context.attempt)
  const restore = known(attempt.restore)
  const why = attempt.failure?.message ?? `rolled back by ${attempt.initiatedBy.name}`
  return {
    ...finish(context, at, 'RolledBack'),
    ...(attempt.kind === 'rollback' ? { applied: { ...restore, deployment: attempt.id, at } } : {}),
    ...(from === null || from.release === restore.release
      ? {}
      : { quarantine: quarantined(context, { release: from.release, commit: from.commit, reason: why, since: at }) }),
    inventory,
    series: null,
    plan: null,
  }
}

/** Where a failed deployment goes back to: the last good release, or what was live before when that is what just failed. */
export function restorePoint(context: EnvironmentContext): NonNullable<Attempt['restore']> {
  const { applied } = context
  const attempt = known(context.attempt)
  if (applied !== null && applied.release !== attempt.plan.release)
    return { commit: applied.commit, release: applied.release }
  return { commit: applied?.commit ?? attempt.plan.commit, release: known(attempt.backup) }
}

/** Adds a release to those kept away, once each, newest last, bounded. */
export function quarantined(context: EnvironmentContext, entry: Quarantine): readonly Quarantine[] {
  return [...context.quarantine.filter((one) => one.release !== entry.release), entry].slice(-QUARANTINE_MAX)
}

/** Ends an attempt before anything was written, and keeps its release away. */
export function refused(context: EnvironmentContext, at: Instant, failure: Failure): Change {
  const { release, commit } = known(context.attempt).plan
  return {
    ...finish(context, at, 'Failed', failure),
    quarantine: quarantined(context, { release, commit, reason: failure.message, since: at }),
    series: null,
  }
}

/** Ends an attempt that may work later; the next one waits longer. */
export function postponed(context: EnvironmentContext, at: Instant, failure: Failure): Change {
  const { release } = known(context.attempt).plan
  const count = triesOf(context) + 1
  const nextAt = at + pauseAfter(context, count)
  return {
    ...finish(context, at, 'Failed', failure),
    series: { release, count, nextAt },
    waiting: wait('retry', `attempt ${count} failed: ${failure.message}`, at, nextAt),
  }
}

/** Attempts made at the release of the open attempt, itself not counted. */
export function triesOf(context: EnvironmentContext): number {
  return context.series !== null && context.series.release === context.attempt?.plan.release ? context.series.count : 0
}

export function wait(reason: string, message: string, since: Instant, until: Instant | null): Waiting {
  return { reason, message, since, until }
}

/** What a decision that neither deploys nor asks waits for: the gate that decided it, by its denial or by its moment. */
export function waitingFor(decision: Decision, at: Instant): Waiting {
  const decisive = decision.verdicts.find((verdict) =>
    decision.outcome === 'wait'
      ? verdict.answer === 'defer' && verdict.until === decision.until
      : verdict.answer === 'deny',
  )
  return wait(decisive?.gate ?? decision.outcome, decision.reason, at, decision.until)
}

/** A person lets the environment go on: the hold goes, and the quarantine of what Git declares now. */
export function released(context: EnvironmentContext): Change {
  const release = context.seen?.release
  return {
    hold: null,
    quarantine: context.quarantine.filter((one) => one.release !== release),
    series: null,
  }
}

/** Whether a deadline has come. */
export function isDue(moment: Instant | null | undefined, at: Instant): boolean {
  return moment != null && moment <= at
}

/** The earliest moment at which the environment needs a timer event; null where only events help. */
export function wakeAt(context: EnvironmentContext): Instant | null {
  const { attempt } = context
  const expiresAt = attempt?.approvedBy === null ? attempt.expiresAt : null
  const times = [context.nextLookAt, context.waiting?.until ?? null, context.hold?.until ?? null, expiresAt]
  const set = times.filter((time): time is number => time !== null)
  return set.length === 0 ? null : Math.min(...set)
}
