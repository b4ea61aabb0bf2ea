import { isWipeOut } from '../plan/index.ts'
import type { Gate } from './question.ts'

/** A plan that would delete more than the environment allows, or everything, asks a person, automatic or not. */
export const wipeOutGate: Gate = ({ plan: { deletes, deletePercent }, settings: { maxDeletePercent } }) => {
  if (deletes === 0 || !isWipeOut(deletePercent, maxDeletePercent)) return { gate: 'wipe-out', answer: 'allow' }
  const limit = maxDeletePercent < 100 ? `more than ${maxDeletePercent} %` : 'everything'
  return {
    gate: 'wipe-out',
    answer: 'ask',
    reason: `it would delete ${deletePercent} % of what is deployed (${deletes}); ${limit} needs approval`,
  }
}
