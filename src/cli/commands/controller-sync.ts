import { part } from '../client.ts'
import { EXIT } from '../exit-codes.ts'
import { timeoutOption } from '../parse.ts'
import type { AddCommand, Run } from '../session.ts'
import { lookAtSync } from '../settling.ts'
import { waitFor } from '../waiting.ts'

interface Options {
  readonly environment: string
  readonly wait: boolean
  readonly timeoutMs: number
}

export const addControllerSync: AddCommand = (parent, choose) => {
  parent
    .command('sync')
    .argument('<environment>')
    .description('look at Git and at the targets now, and deploy what policy lets through')
    .option('--wait', 'tell each step, and return when it has settled', false)
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      '\nExamples:\n  honua controller sync production\n  honua controller sync staging --wait --timeout 5m',
    )
    .action((environment: string, { wait, timeout }: { readonly wait: boolean; readonly timeout: number }) =>
      choose('controller sync', { environment, wait, timeoutMs: timeout }, sync),
    )
}

const sync: Run<Options> = async ({ environment, wait, timeoutMs }, session) => {
  const { api, out } = session
  const start = async () => {
    await api.order(`environments/${part(environment)}/sync`, {})
  }
  if (!wait) {
    await start()
    out.result({ environment, requested: true }, () => [
      `${environment} is being looked at`,
      `  honua env show ${environment}`,
    ])
    return EXIT.ok
  }
  const [before] = (await api.history(environment, 1)).deployments
  const look = () => lookAtSync(environment, before?.id ?? null, session)
  return waitFor({ environment, what: environment, timeoutMs, start, look }, session)
}
