import type { Gate } from './question.ts'

/** The release failed or was turned down before, and nobody lifted that. */
export const quarantineGate: Gate = ({ facts: { quarantine } }) =>
  quarantine === null
    ? { gate: 'quarantined', answer: 'allow' }
    : { gate: 'quarantined', answer: 'deny', reason: `this release is quarantined: ${quarantine}` }
