import type { RestoreBody } from '../../api/contract.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { planText } from '../plan-text.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options extends RestoreBody {
  readonly environment: string
}

export const addRestore: AddCommand = (parent, choose) => {
  parent
    .command('restore')
    .argument('<environment>')
    .description('ask that a database goes back to a backup; nothing happens until a person approves it')
    .requiredOption('--target <name>', 'the database, by the name of its target')
    .requiredOption('--backup <id>', 'which backup; a wrong one is answered with those that are there')
    .requiredOption('-m, --reason <text>', 'why; it stands in the record and in the audit log')
    .addHelpText(
      'after',
      '\nExamples:\n  honua restore production --target db --backup 20261128T223300Z-1f3a5c7e9b2d -m "parcels were overwritten"',
    )
    .action(
      (environment: string, given: { readonly target: string; readonly backup: string; readonly reason: string }) =>
        choose('restore', { environment, target: given.target, backup: given.backup, reason: given.reason }, restore),
    )
}

const restore: Run<Options> = async ({ environment, ...body }, { api, out }) => {
  const { deployment } = await api.restore(environment, body satisfies RestoreBody)
  const { plan } = await api.deploymentPlan(deployment)
  const id = visible(deployment)
  out.result({ environment, deployment, plan }, () => [
    ...(plan === null ? [] : [planText(plan, 'table', out), '']),
    `${id} waits for approval:`,
    `  honua deployment approve ${id}`,
    `  honua deployment reject ${id} -m "…"`,
  ])
  return EXIT.ok
}
