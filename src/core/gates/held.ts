import type { Gate } from './question.ts'

/** Somebody paused the environment, and the pause is not over. */
export const heldGate: Gate = ({ facts: { hold, now } }) =>
  hold === null || (hold.until !== null && hold.until <= now)
    ? { gate: 'held', answer: 'allow' }
    : { gate: 'held', answer: 'deny', reason: `held by ${hold.by.name}: ${hold.reason}` }
