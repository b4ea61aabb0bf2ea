/** All gates are asked and all answers shown; the hardest answer decides: deny, then defer, then ask, then allow. */
import type { Actor, Decision, EnvironmentSettings, Instant, PlanSummary, Verdict } from '../vocabulary.ts'
import { windowGate } from './window.ts'

export { isTimeZone } from './local-time.ts'
export { isOpen, nextOpening } from './window.ts'

/** What the gates are asked about. */
export interface GateFacts {
  readonly now: Instant
  readonly hold: { readonly reason: string; readonly by: Actor; readonly until: Instant | null } | null
  /** Why this release was taken off the targets or turned down; null where it was not. */
  readonly quarantine: string | null
  /** Failed attempts at this release, and when the next may start. */
  readonly series: { readonly count: number; readonly nextAt: Instant } | null
  /** A person approved exactly this plan: what would ask is answered. */
  readonly approved: boolean
}

interface Question {
  readonly plan: PlanSummary
  readonly settings: EnvironmentSettings
  readonly facts: GateFacts
}

const gates: readonly ((question: Question) => Verdict)[] = [
  ({ facts: { hold } }) =>
    hold === null
      ? { gate: 'held', answer: 'allow' }
      : { gate: 'held', answer: 'deny', reason: `held by ${hold.by.name}: ${hold.reason}` },
  ({ facts: { quarantine } }) =>
    quarantine === null
      ? { gate: 'quarantined', answer: 'allow' }
      : { gate: 'quarantined', answer: 'deny', reason: `this release is quarantined: ${quarantine}` },
  ({ facts: { series, now } }) =>
    series === null || series.nextAt <= now
      ? { gate: 'retry', answer: 'allow' }
      : {
          gate: 'retry',
          answer: 'defer',
          reason: `attempt ${series.count} failed; the next one waits`,
          until: series.nextAt,
        },
  ({ settings }) =>
    settings.autoSync
      ? { gate: 'auto-sync', answer: 'allow' }
      : { gate: 'auto-sync', answer: 'ask', reason: 'deployments to this environment need approval' },
  ({ settings, facts }) => windowGate(settings, facts.now),
  ({ plan, settings }) => wipeOutGate(plan, settings),
]

/** Asks every gate. Approval answers what asks; it never overrides what denies or defers. */
export function decide(question: Question): Decision {
  const verdicts = gates.map((gate) => gate(question))
  const denied = verdicts.find((verdict) => verdict.answer === 'deny')
  if (denied !== undefined)
    return { outcome: 'block', reason: denied.reason, until: question.facts.hold?.until ?? null, verdicts }
  // Outside a window an approved plan may go: that is what the approval was asked for.
  const deferred = verdicts.filter(
    (verdict) => verdict.answer === 'defer' && !(question.facts.approved && verdict.gate === 'window'),
  )
  const last = deferred.reduce<Extract<Verdict, { answer: 'defer' }> | null>(
    (latest, verdict) =>
      verdict.answer === 'defer' && (latest === null || verdict.until > latest.until) ? verdict : latest,
    null,
  )
  if (last !== null) return { outcome: 'wait', reason: last.reason, until: last.until, verdicts }
  const asking = question.facts.approved ? undefined : verdicts.find((verdict) => verdict.answer === 'ask')
  if (asking !== undefined) return { outcome: 'ask', reason: asking.reason, until: null, verdicts }
  return {
    outcome: 'deploy',
    reason: question.facts.approved ? 'approved' : 'all gates allow it',
    until: null,
    verdicts,
  }
}

/** A plan that would delete more than the environment allows, or all that is ours, asks a person, automatic or not. */
function wipeOutGate(plan: PlanSummary, settings: EnvironmentSettings): Verdict {
  if (plan.deletes === 0 || plan.deletePercent <= settings.maxDeletePercent)
    return { gate: 'wipe-out', answer: 'allow' }
  return {
    gate: 'wipe-out',
    answer: 'ask',
    reason: `it would delete ${plan.deletePercent} % of what is deployed (${plan.deletes}); more than ${settings.maxDeletePercent} % needs approval`,
  }
}
