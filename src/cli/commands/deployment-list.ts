import { deploymentTable } from '../deployment-table.ts'
import { EXIT } from '../exit-codes.ts'
import { positive } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly environment: string | null
  readonly limit: number
}

export const addDeploymentList: AddCommand = (parent, choose) => {
  parent
    .command('list')
    .description('deployments of all environments, newest first')
    .option('-e, --env <environment>', 'of this one only')
    .option('-n, --limit <count>', 'how many', positive, 20)
    .addHelpText('after', '\nExamples:\n  honua deployment list --env production -n 5')
    .action(({ env, limit }: { readonly env?: string; readonly limit: number }) =>
      choose('deployment list', { environment: env ?? null, limit }, listDeployments),
    )
}

const listDeployments: Run<Options> = async (options, { api, out }) => {
  const { deployments } = await api.deployments(options)
  out.result(deployments, () => deploymentTable(deployments, out))
  return EXIT.ok
}
