import { resolve } from 'node:path'
import { storeErrors } from '../../core/errors/store.ts'
import { EXIT } from '../exit-codes.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly data: string
}

export const addAdminVerify: AddCommand = (parent, choose) => {
  parent
    .command('verify')
    .description('judge everything in a data directory and name each damaged record; no controller may run on it')
    .option('--data <folder>', 'the data directory', 'data')
    .addHelpText(
      'after',
      '\nNothing is changed: a copy is looked at, made beside the store and removed.\n\nExamples:\n  honua admin verify --data /var/lib/honua',
    )
    .action(({ data }: Options) => choose('admin verify', { data }, verifyAll))
}

const verifyAll: Run<Options> = async ({ data }, { io, out }) => {
  const dataDir = resolve(io.cwd, data)
  // Loaded here alone: other commands start without the store.
  const offline = await import('../../offline.ts')
  const { faults, streams, entries, audit } = await offline.examineData(dataDir)
  out.result({ data: dataDir, streams, entries, audit, faults }, () => [
    ...out.table(
      ['DAMAGED'],
      faults.map(({ message }) => [message]),
    ),
    `${entries} events of ${streams} actors and ${audit} audit entries${faults.length === 0 ? ', all intact' : ' were read'}`,
  ])
  if (faults.length > 0) throw storeErrors.damaged({ dataDir, faults: faults.length })
  return EXIT.ok
}
