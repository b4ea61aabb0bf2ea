import type { Gate } from './question.ts'

/** An attempt at the release failed, and the pause after it is not over. */
export const retryGate: Gate = ({ facts: { series, now } }) =>
  series === null || series.nextAt <= now
    ? { gate: 'retry', answer: 'allow' }
    : {
        gate: 'retry',
        answer: 'defer',
        reason: `attempt ${series.count} failed; the next one waits`,
        until: series.nextAt,
      }
