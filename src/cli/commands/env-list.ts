import { EXIT } from '../exit-codes.ts'
import type { AddCommand, Run } from '../session.ts'
import { short, waitWords } from '../words.ts'

export const addEnvList: AddCommand = (parent, choose) => {
  parent
    .command('list')
    .description('every environment with its state')
    .addHelpText(
      'after',
      '\nExamples:\n  honua env list\n  honua env list -o json | jq -r \'.[] | select(.state != "Synced").name\'',
    )
    .action(() => choose('env list', {}, listEnvironments))
}

const listEnvironments: Run<object> = async (_options, { api, out }) => {
  const { environments } = await api.look('environments')
  const rows = environments.map((view) => [
    view.name,
    out.isTerminal ? view.state : view.path,
    out.isTerminal ? short(view.deployedCommit) : (view.deployedCommit ?? ''),
    out.isTerminal ? short(view.latestCommit) : (view.latestCommit ?? ''),
    out.when(view.deployedAt, out.isTerminal ? '–' : ''),
    waitWords(view),
  ])
  if (rows.length === 0 && out.format === 'text')
    out.note('no environments yet: the repository has no folder under environments/, or it was not read yet')
  out.result(environments, () =>
    rows.length === 0 ? [] : out.table(['NAME', 'STATE', 'DEPLOYED', 'LATEST', 'SINCE', 'WHY'], rows),
  )
  return EXIT.ok
}
