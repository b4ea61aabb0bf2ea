import { visible } from '../core/render/index.ts'
import type { Deployment } from '../core/vocabulary.ts'
import type { Output } from './output.ts'
import { short, summaryWords } from './words.ts'

/** Deployments as a table, newest first. */
export function deploymentTable(deployments: readonly Deployment[], out: Output): readonly string[] {
  if (deployments.length === 0) return out.isTerminal ? ['No deployments yet.'] : []
  const rows = deployments.map((one) => [
    one.id,
    one.outcome === null ? one.state : `${one.state} (${one.outcome})`,
    out.isTerminal ? short(one.commit) : one.commit,
    out.when(one.startedAt),
    byWords(one),
    summaryWords(one.plan),
  ])
  return out.table(['DEPLOYMENT', 'STATE', 'COMMIT', 'STARTED', 'BY', 'PLAN'], rows)
}

/** Who asked for it, and who approved it. */
export function byWords({ initiatedBy, approvedBy }: Deployment): string {
  return visible(approvedBy === null ? initiatedBy.name : `${initiatedBy.name}, approved by ${approvedBy.name}`)
}
