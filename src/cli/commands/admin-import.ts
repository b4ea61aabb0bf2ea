import { resolve } from 'node:path'
import { BackupReader } from '../../core/backup.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { fileLines } from '../files.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly from: string
  readonly data: string
}

export const addAdminImport: AddCommand = (parent, choose) => {
  parent
    .command('import')
    .description('make a data directory from a backup; no controller may run on it')
    .requiredOption('--from <file>', 'a file written by admin export')
    .requiredOption('--data <folder>', 'the data directory: empty, or not there yet')
    .addHelpText(
      'after',
      '\nThe whole backup is verified before anything is written.\n\nExamples:\n  honua admin import --from honua-backup.ndjson --data /var/lib/honua',
    )
    .action(({ from, data }: Options) => choose('admin import', { from, data }, importAll))
}

const importAll: Run<Options> = async ({ from, data }, { io, out }) => {
  const file = resolve(io.cwd, from)
  const dataDir = resolve(io.cwd, data)
  // Loaded here alone: other commands start without the store.
  const offline = await import('../../offline.ts')
  const { streams, entries, audit } = await offline.importData(dataDir, {
    name: from,
    pairs: () => pairsOf(file, from),
  })
  out.result({ data: dataDir, streams, entries, audit }, () => [
    `${visible(data)} holds ${streams} actors with ${entries} events, and ${audit} audit entries, all verified`,
    '  set spec.dataDir to it and start the controller: it goes on from there',
  ])
  return EXIT.ok
}

async function* pairsOf(file: string, name: string) {
  const reader = new BackupReader(name)
  for await (const line of fileLines(file)) {
    if (line === '') continue
    const pair = reader.take(line)
    if (pair !== null) yield pair
  }
  reader.end()
}
