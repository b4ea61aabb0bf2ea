import type { RollbackBody } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { reasonOption, timeoutOption } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'
import { lookAtDeployment } from '../settling.ts'
import { waitFor } from '../waiting.ts'

interface Options extends Omit<RollbackBody, 'plan'> {
  readonly environment: string
  readonly wait: boolean
  readonly timeoutMs: number
}

export const addRollback: AddCommand = (parent, choose) => {
  parent
    .command('rollback')
    .argument('<environment>')
    .description('go back to an earlier release from its stored copy; Git is not needed')
    .option('--to <deployment|commit>', 'which one; without it, the release deployed before the present one')
    .addOption(reasonOption())
    .option('--wait', 'tell each step, and return when it has ended', false)
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      '\nExamples:\n  honua rollback production\n  honua rollback production --to production-20251004-153344 --wait',
    )
    .action(
      (
        environment: string,
        given: { readonly to?: string; readonly reason: string; readonly wait: boolean; readonly timeout: number },
      ) =>
        choose(
          'rollback',
          { environment, to: given.to ?? null, reason: given.reason, wait: given.wait, timeoutMs: given.timeout },
          rollBack,
        ),
    )
}

const rollBack: Run<Options> = async ({ environment, to, reason, wait, timeoutMs }, session) => {
  const { api, out } = session
  const body: RollbackBody = { reason, to, plan: null }
  let id = ''
  const start = async () => {
    id = (await api.rollback(environment, body)).deployment
    if (out.format === 'text') out.line(`${environment} is being rolled back: ${visible(id)}`)
  }
  if (wait)
    return waitFor(
      {
        environment,
        what: `the rollback of ${environment}`,
        timeoutMs,
        start,
        look: () => lookAtDeployment(id, session),
      },
      session,
    )
  await start()
  if (out.format === 'text') out.line(`  honua deployment show ${visible(id)}`)
  else out.result({ environment, deployment: id }, () => [])
  return EXIT.ok
}
