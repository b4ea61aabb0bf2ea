import type { Gate } from './question.ts'

/** Live is not what was deployed though Git did not change: it is healed, after a growing pause, or only told. A person may always ask. */
export const driftGate: Gate = ({ plan, settings, facts: { now, heals, requested, approved } }) => {
  const { drift } = settings
  if (plan.reason !== 'drift' || drift === undefined || requested || approved) return { gate: 'drift', answer: 'allow' }
  const differing = plan.creates + plan.updates + plan.deletes
  if (drift.mode !== 'heal')
    return {
      gate: 'drift',
      answer: 'defer',
      reason: `${differing} live ${differing === 1 ? 'resource differs' : 'resources differ'} from what was deployed, which is left alone (drift: ${drift.mode}); a sync puts it back`,
      until: now + settings.reconcileIntervalMs,
    }
  // No pause is longer than that: where one seems to be, the clock was set back.
  if (heals === null || heals.nextAt <= now || heals.nextAt > now + drift.maxDelayMs)
    return { gate: 'drift', answer: 'allow' }
  return {
    gate: 'drift',
    answer: 'defer',
    reason: `drift was healed ${heals.count} ${heals.count === 1 ? 'time' : 'times'} in a row and came back; the next time waits`,
    until: heals.nextAt,
  }
}
