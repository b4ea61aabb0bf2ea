import type { Gate } from './question.ts'

/** An attempt at the release failed, and the pause after it is not over. */
export const retryGate: Gate = ({ facts: { series, now }, settings: { retry, reconcileIntervalMs } }) =>
  // No pause is longer than that: where one seems to be, the clock was set back.
  series === null ||
  series.nextAt <= now ||
  series.nextAt > now + (retry.enabled ? retry.maxDelayMs : reconcileIntervalMs)
    ? { gate: 'retry', answer: 'allow' }
    : {
        gate: 'retry',
        answer: 'defer',
        reason: `attempt ${series.count} failed; the next one waits`,
        until: series.nextAt,
      }
