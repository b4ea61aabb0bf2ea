/** When an order has come to its end, and what that end is called. */
import type { EnvironmentView } from '../api/contract.ts'
import { visible } from '../core/render/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Session } from './session.ts'
import { nextStep, planWords, short, summaryWords, waitWords } from './words.ts'

const BUSY = new Set([
  'Unknown.waiting',
  'Unknown.looking',
  'Synced.checking',
  'OutOfSync.planning',
  'OutOfSync.deciding',
  'AwaitingApproval.checking',
])

/** Whether the environment goes on by itself soon: it looks, decides, deploys, or tries again after a pause. */
export function isUnderWay({ path, waiting, state }: EnvironmentView): boolean {
  if (state === 'Deploying' || state === 'RollingBack' || BUSY.has(path)) return true
  // A reason that is an error code is a pause before the next try; one that is a gate's name may last for days.
  return (
    path === 'OutOfSync.waiting' && waiting !== null && waiting.until !== null && waiting.reason.startsWith('HONUA_')
  )
}

/** Looks whether a sync of the environment has settled; prints how. `before` is the newest deployment before the order. */
export async function lookAtSync(name: string, before: string | null, { api, out }: Session): Promise<ExitCode | null> {
  const view = await api.environment(name)
  if (isUnderWay(view)) return null
  const source = await api.look('source')
  if (source.state === 'Fetching') return null
  const [newest] = (await api.history(name, 1)).deployments
  const failed = newest !== undefined && newest.id !== before && newest.outcome !== null && view.state === 'OutOfSync'
  const code = view.path === 'Synced.quiet' ? EXIT.ok : failed ? EXIT.failed : EXIT.blocked
  const lines =
    code === EXIT.ok
      ? [`${name} is synced at ${short(view.deployedCommit)}`]
      : await standstill(view, failed ? newest : null)
  out.result(view, () => lines)
  return code

  async function standstill(at: EnvironmentView, failure: typeof newest | null): Promise<readonly string[]> {
    const step = nextStep(at)
    const failed = failure?.error == null ? [] : [`${visible(failure.id)} failed: ${visible(failure.error.message)}`]
    return [...failed, await reasonOf(at), ...(step === null ? [] : [`  ${step}`])]
  }
  async function reasonOf(at: EnvironmentView): Promise<string> {
    if (at.state !== 'AwaitingApproval' || at.deployment === null)
      return `${name} is ${at.state}: ${waitWords(at) || 'no reason given'}`
    const { plan } = await api.environmentPlan(name)
    return `${visible(at.deployment)} waits for approval: ${plan === null ? '' : planWords(plan.plan)}`
  }
}

/** Looks whether one deployment has ended; prints how. */
export async function lookAtDeployment(id: string, { api, out }: Session): Promise<ExitCode | null> {
  const deployment = await api.deployment(id)
  if (deployment.completedAt === null) return null
  const isGood = deployment.outcome === null && deployment.state !== 'Failed'
  out.result(deployment, () => [
    isGood
      ? `${visible(id)} is ${deployment.state}: ${summaryWords(deployment.plan)}`
      : `${visible(id)} is ${deployment.state} (${deployment.outcome ?? 'failed'})${deployment.error === null ? '' : `: ${visible(deployment.error.message)}`}`,
    ...(isGood ? [] : [`  honua deployment show ${visible(id)}`]),
  ])
  return isGood ? EXIT.ok : EXIT.failed
}
