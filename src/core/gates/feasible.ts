import type { Gate } from './question.ts'

/** A plan that a target cannot carry out is deployed by nobody: something else has to be declared. */
export const feasibleGate: Gate = ({ plan: { refused } }) =>
  refused === undefined
    ? { gate: 'feasible', answer: 'allow' }
    : { gate: 'feasible', answer: 'deny', reason: `it cannot be carried out: ${refused}` }
