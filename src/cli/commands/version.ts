import { EXIT } from '../exit-codes.ts'
import type { AddCommand, Run } from '../session.ts'
import { ownVersion } from '../version.ts'

export const addVersion: AddCommand = (parent, choose) => {
  parent
    .command('version')
    .description('the version of this program, and of the controller when one answers')
    .action(() => choose('version', {}, showVersion))
}

const showVersion: Run<object> = async (_options, { api, out }) => {
  const honua = await ownVersion()
  // A controller that does not answer is no failure here: the question was about this program.
  const controller = await api.look('status').then(
    ({ version }) => version,
    () => null,
  )
  out.result({ honua, controller }, () => [
    `honua ${honua}`,
    ...(controller === null ? [] : [`controller ${controller}`]),
  ])
  return EXIT.ok
}
