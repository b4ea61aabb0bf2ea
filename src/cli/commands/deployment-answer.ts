import { InvalidArgumentError } from 'commander'
import type { ApproveBody, ReasonBody } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import { part } from '../client.ts'
import { EXIT } from '../exit-codes.ts'
import { reasonOption, timeoutOption } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'
import { lookAtDeployment } from '../settling.ts'
import { waitFor } from '../waiting.ts'
import { short, summaryWords } from '../words.ts'

interface ApproveOptions {
  readonly id: string
  readonly reason: string
  readonly plan: string | null
  readonly wait: boolean
  readonly timeoutMs: number
}
interface ReasonOptions {
  readonly id: string
  readonly reason: string
}

export const addDeploymentApprove: AddCommand = (parent, choose) => {
  parent
    .command('approve')
    .argument('<deployment>')
    .description('let a deployment that waits go on; counts for its plan as it is now, and for no other')
    .addOption(reasonOption())
    .option(
      '--plan <digest>',
      'only if its plan is this one (at least 8 characters), as you saw it in env diff',
      planDigest,
    )
    .option('--wait', 'tell each step, and return when it has ended', false)
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      '\nExamples:\n  honua deployment approve production-20251004-153344\n  honua deployment approve production-20251004-153344 --plan 3f9ac2d1 --wait',
    )
    .action(
      (
        id: string,
        given: { readonly reason: string; readonly plan?: string; readonly wait: boolean; readonly timeout: number },
      ) =>
        choose(
          'deployment approve',
          { id, reason: given.reason, plan: given.plan ?? null, wait: given.wait, timeoutMs: given.timeout },
          approve,
        ),
    )
}

export const addDeploymentReject: AddCommand = (parent, choose) => {
  parent
    .command('reject')
    .argument('<deployment>')
    .description('refuse a deployment that waits for approval')
    .requiredOption('-m, --reason <text>', 'why; it stands in the record and in the audit log')
    .addHelpText(
      'after',
      '\nExamples:\n  honua deployment reject production-20251004-153344 -m "not before the elections"',
    )
    .action((id: string, { reason }: { readonly reason: string }) =>
      choose('deployment reject', { id, reason }, reject),
    )
}

export const addDeploymentCancel: AddCommand = (parent, choose) => {
  parent
    .command('cancel')
    .argument('<deployment>')
    .description('break a deployment off; what it wrote already is rolled back')
    .addOption(reasonOption())
    .addHelpText('after', '\nExamples:\n  honua deployment cancel staging-20251004-153344 -m "wrong branch"')
    .action((id: string, { reason }: { readonly reason: string }) =>
      choose('deployment cancel', { id, reason }, cancel),
    )
}

const approve: Run<ApproveOptions> = async ({ id, reason, plan, wait, timeoutMs }, session) => {
  const { api, out } = session
  const deployment = await api.deployment(id)
  // Names the plan that is shown here, so that a plan that changes in between is not approved unseen.
  const body: ApproveBody = { reason, plan: plan ?? deployment.plan.digest }
  const start = async () => {
    await api.order(`deployments/${part(id)}/approve`, body)
    if (out.format !== 'text') return
    out.line(`${visible(id)} is approved: ${summaryWords(deployment.plan)} (plan ${short(deployment.plan.digest)})`)
    if (!wait) out.line(`  honua deployment show ${visible(id)}`)
  }
  if (wait)
    return waitFor(
      { environment: deployment.environment, what: id, timeoutMs, start, look: () => lookAtDeployment(id, session) },
      session,
    )
  await start()
  if (out.format !== 'text') out.result({ deployment: id, approved: true, plan: deployment.plan.digest }, () => [])
  return EXIT.ok
}

const reject: Run<ReasonOptions> = async ({ id, reason }, { api, out }) => {
  const body: ReasonBody = { reason }
  await api.order(`deployments/${part(id)}/reject`, body)
  out.result({ deployment: id, rejected: true }, () => [`${visible(id)} is rejected`])
  return EXIT.ok
}

const cancel: Run<ReasonOptions> = async ({ id, reason }, { api, out }) => {
  const body: ReasonBody = { reason }
  await api.order(`deployments/${part(id)}/cancel`, body)
  out.result({ deployment: id, cancelled: true }, () => [
    `${visible(id)} is being cancelled`,
    `  honua deployment show ${visible(id)}`,
  ])
  return EXIT.ok
}

function planDigest(text: string): string {
  if (!/^[0-9a-f]{8,64}$/.test(text)) throw new InvalidArgumentError('Expected 8 to 64 characters of a plan digest.')
  return text
}
