/** All gates are asked and all answers shown; the hardest answer decides: deny, then defer, then ask, then allow. */
import type { Decision, Verdict } from '../vocabulary.ts'
import { autoSyncGate } from './auto-sync.ts'
import { driftGate } from './drift.ts'
import { feasibleGate } from './feasible.ts'
import { heldGate } from './held.ts'
import { quarantineGate } from './quarantine.ts'
import type { Gate, Question } from './question.ts'
import { retryGate } from './retry.ts'
import { windowGate } from './window.ts'
import { wipeOutGate } from './wipe-out.ts'

export { isTimeZone } from './local-time.ts'
export { isOpen, nextOpening } from './opening.ts'
export type { GateFacts, Question } from './question.ts'
export { type Span, spansBetween } from './spans.ts'

const gates: readonly Gate[] = [
  feasibleGate,
  heldGate,
  quarantineGate,
  retryGate,
  driftGate,
  autoSyncGate,
  windowGate,
  wipeOutGate,
]

/** Asks every gate. Approval answers what asks; it never overrides what denies or defers. */
export function decide(question: Question): Decision {
  const verdicts = gates.map((gate) => gate(question))
  const denied = verdicts.find((verdict) => verdict.answer === 'deny')
  if (denied !== undefined) {
    const until = denied.gate === 'held' ? (question.facts.hold?.until ?? null) : null
    return { outcome: 'block', reason: denied.reason, until, verdicts }
  }
  const last = verdicts.reduce<Extract<Verdict, { answer: 'defer' }> | null>(
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
