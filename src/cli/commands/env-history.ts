import { deploymentTable } from '../deployment-table.ts'
import { EXIT } from '../exit-codes.ts'
import { positive } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly environment: string
  readonly limit: number
}

export const addEnvHistory: AddCommand = (parent, choose) => {
  parent
    .command('history')
    .argument('<environment>')
    .description('its deployments, newest first')
    .option('-n, --limit <count>', 'how many', positive, 20)
    .addHelpText('after', '\nExamples:\n  honua env history production -n 5')
    .action((environment: string, { limit }: { readonly limit: number }) =>
      choose('env history', { environment, limit }, showHistory),
    )
}

const showHistory: Run<Options> = async ({ environment, limit }, { api, out }) => {
  const { deployments } = await api.history(environment, limit)
  out.result(deployments, () => deploymentTable(deployments, out))
  return EXIT.ok
}
