import type { Gate } from './question.ts'

/** The environment deploys by itself, or asks. */
export const autoSyncGate: Gate = ({ settings }) =>
  settings.autoSync
    ? { gate: 'auto-sync', answer: 'allow' }
    : { gate: 'auto-sync', answer: 'ask', reason: 'deployments to this environment need approval' }
