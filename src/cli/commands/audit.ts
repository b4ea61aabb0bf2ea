import { resolve } from 'node:path'
import type { AuditView } from '../../api/contract.ts'
import { auditHash, ZERO_HASH } from '../../core/chain.ts'
import { cliErrors } from '../../core/errors/cli.ts'
import { visible } from '../../core/render/index.ts'
import { EXIT } from '../exit-codes.ts'
import { readText } from '../files.ts'
import { positive } from '../parse.ts'
import type { AddCommand, Run, Session } from '../session.ts'
import { iso } from '../times.ts'

interface ListOptions {
  readonly from: number
}
interface VerifyOptions {
  readonly file: string | null
}

export const addAuditList: AddCommand = (parent, choose) => {
  parent
    .command('list')
    .description('who did what, when and why; the oldest first')
    .option('--from <number>', 'begin at this entry', positive, 1)
    .addHelpText('after', '\nExamples:\n  honua audit list\n  honua audit list -o json > audit.ndjson')
    .action((options: ListOptions) => choose('audit list', { from: options.from }, listAudit))
}

export const addAuditVerify: AddCommand = (parent, choose) => {
  parent
    .command('verify')
    .description('recompute the chain of hashes over the whole log: finds every change, removal and reordering')
    .option('--file <file>', 'of a log written by audit list -o json; needs no controller')
    .addHelpText('after', '\nExamples:\n  honua audit verify\n  honua audit verify --file audit.ndjson')
    .action(({ file }: { readonly file?: string }) => choose('audit verify', { file: file ?? null }, verifyAudit))
}

const listAudit: Run<ListOptions> = async ({ from }, { api, out }) => {
  for await (const entry of api.audit(from)) await out.entry(entry, () => entryLine(entry))
  return EXIT.ok
}

/** The hashes are computed here, not by the controller whose log it is. */
const verifyAudit: Run<VerifyOptions> = async ({ file }, session) => {
  let previous = ZERO_HASH
  let count = 0
  for await (const entry of entriesOf(file, session)) {
    const reason = faultIn(entry, count + 1, previous)
    if (reason !== null) throw cliErrors.auditBroken({ sequence: count + 1, reason })
    previous = entry.hash
    count += 1
  }
  session.out.result({ entries: count, hash: previous, intact: true }, () => [
    count === 0 ? 'the audit log is empty' : `${count} entries, intact; the last hash is ${previous}`,
  ])
  return EXIT.ok
}

function faultIn(entry: AuditView, sequence: number, previous: string): string | null {
  if (entry.sequence !== sequence) return `its number is ${entry.sequence}: entries are missing, doubled or reordered`
  if (entry.previous !== previous) return 'it does not follow the entry before it'
  return auditHash(entry) === entry.hash ? null : 'its content is not what was written'
}

async function* entriesOf(file: string | null, { api, io }: Session): AsyncIterable<AuditView> {
  if (file === null) yield* api.audit(1)
  else
    for (const [at, line] of (await readText(resolve(io.cwd, file))).split('\n').entries()) {
      if (line.trim() === '') continue
      const entry = parseEntry(line)
      if (entry === null)
        throw cliErrors.auditBroken({ sequence: at + 1, reason: `line ${at + 1} of ${file} is no audit entry` })
      yield entry
    }
}

function parseEntry(line: string): AuditView | null {
  try {
    const entry: Partial<AuditView> | null = JSON.parse(line)
    const { sequence, at, stream, actor, action, details, previous, hash } = entry ?? {}
    if (sequence === undefined || at === undefined || stream === undefined || actor === undefined) return null
    if (action === undefined || details === undefined || previous === undefined || hash === undefined) return null
    return { sequence, at, stream, actor, action, details, previous, hash }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function entryLine({ sequence, at, stream, actor, action, details }: AuditView): string {
  const about = Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [String(sequence), iso(at), String(actor['name'] ?? ''), action, stream, about.join(' ')]
    .map(visible)
    .join('\t')
}
