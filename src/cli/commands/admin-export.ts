import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BackupReader } from '../../core/backup.ts'
import { cliErrors } from '../../core/errors/cli.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { reasonOf } from '../files.ts'
import type { AddCommand, Run } from '../session.ts'

interface Options {
  readonly to: string
}

/** Lines are written in pieces of about this many characters. */
const PIECE_CHARACTERS = 256 * 1024

export const addAdminExport: AddCommand = (parent, choose) => {
  parent
    .command('export')
    .description('write a backup of everything the controller knows, of one moment, while it runs')
    .requiredOption('--to <file>', 'the file; only you can read it')
    .addHelpText(
      'after',
      '\nIt holds journals, states, deployments, releases and the audit log; secrets stand in none of them.\n\nExamples:\n  honua admin export --to honua-backup.ndjson',
    )
    .action(({ to }: Options) => choose('admin export', { to }, exportAll))
}

/** The file has its name only when all of it is on the disk. */
const exportAll: Run<Options> = async ({ to }, { api, io, out }) => {
  const path = resolve(io.cwd, to)
  const part = `${path}.part`
  const reader = new BackupReader(to)
  try {
    await writeLines(part, checkedLines(api.backup(), reader))
    await rename(part, path).catch((error: unknown) => {
      throw cliErrors.fileUnreadable({ path, reason: reasonOf(error) })
    })
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  const { pairs, digest } = reader.end()
  out.result({ file: path, pairs, digest }, () => [
    `${pairs} records are in ${visible(to)} (digest ${digest.slice(0, 12)})`,
    `  honua admin import --from ${visible(to)} --data <an empty folder>`,
  ])
  return EXIT.ok
}

async function* checkedLines(lines: AsyncIterable<string>, reader: BackupReader): AsyncIterable<string> {
  for await (const line of lines) {
    if (line === '') continue
    reader.take(line)
    yield line
  }
  reader.end()
}

async function writeLines(path: string, lines: AsyncIterable<string>): Promise<void> {
  const unwritable = (error: unknown) => cliErrors.fileUnreadable({ path, reason: reasonOf(error) })
  const handle = await open(path, 'w', 0o600).catch((error: unknown) => {
    throw unwritable(error)
  })
  const write = (text: string) =>
    handle.writeFile(text).catch((error: unknown) => {
      throw unwritable(error)
    })
  try {
    await handle.chmod(0o600)
    let piece = ''
    for await (const line of lines) {
      piece += `${line}\n`
      if (piece.length < PIECE_CHARACTERS) continue
      await write(piece)
      piece = ''
    }
    await write(piece)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
