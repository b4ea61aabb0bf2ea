/** pg_dump and pg_restore, where they are there and not older than the server. */
import { access, constants } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { targetErrors } from '../../../../core/errors/target.ts'
import { PROGRAM_FOLDERS, runGroup } from '../../../process/run-group.ts'
import type { Acting } from '../actions/action.ts'
import { type Address, addressOf } from '../address.ts'
import { failureOf } from '../failures.ts'
import { judgedAddresses } from '../judged.ts'
import { programWords } from '../program-words.ts'

/** The two programs, which lie in one folder. */
export interface DumpPrograms {
  readonly dump: string
  readonly restore: string
}

/** Those that can read a server of `serverMajor`; null where there are none. */
export async function dumpPrograms(acting: Acting, serverMajor: number): Promise<DumpPrograms | null> {
  const { target } = acting
  // The key of a client certificate is a secret, and libpq reads such a key from files only.
  if (target.tls.client !== undefined) return null
  const named = target.backup?.pgDump
  const places = named === undefined ? PROGRAM_FOLDERS.map((folder) => join(folder, 'pg_dump')) : [named]
  for (const dump of places) {
    const restore = join(dirname(dump), 'pg_restore')
    if (!(await isProgram(dump)) || !(await isProgram(restore))) continue
    const version = /\) (\d+)/.exec(await run(acting, dump, ['--version'], {}))?.[1]
    if (version !== undefined && Number(version) >= serverMajor) return { dump, restore }
  }
  return null
}

/** Writes the whole database into one file. */
export async function dumpTo(acting: Acting, { dump }: DumpPrograms, path: string): Promise<void> {
  await runConnected(acting, dump, ['--format=custom', '--no-password', `--file=${path}`])
}

/** What a dump holds can be listed: it is whole enough to be read. */
export async function listDump(acting: Acting, { restore }: DumpPrograms, path: string): Promise<void> {
  await run(acting, restore, ['--list', path], {})
}

/** Puts a dump back over what is there, in one transaction. */
export async function restoreFrom(acting: Acting, { restore }: DumpPrograms, path: string): Promise<void> {
  const { database } = await addressOf(acting.target, acting.deps)
  const how = ['--clean', '--if-exists', '--single-transaction', '--exit-on-error', '--no-password']
  await runConnected(acting, restore, [...how, `--dbname=${database}`, path])
}

async function runConnected(acting: Acting, file: string, args: readonly string[]): Promise<void> {
  const { target, deps } = acting
  const address = await addressOf(target, deps)
  const { port, database, user, password, ssl, secrets } = address
  const env = {
    ...(await placeOf(acting, address)),
    ...{ PGPORT: String(port), PGDATABASE: database, PGUSER: user, PGPASSWORD: password },
    PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(target.connectTimeoutMs / 1000))),
    PGSSLMODE: ssl === false ? 'disable' : 'verify-full',
    ...(ssl === false ? {} : { PGSSLROOTCERT: target.tls.ca ?? 'system' }),
    // As long as anybody waits for them, and no longer for a lock than a migration would.
    PGOPTIONS: `-c lock_timeout=${target.lockTimeoutMs}`,
  }
  await run(acting, file, args, env, secrets)
}

/** The addresses that were judged, and for each of them the name that its certificate must be for. */
async function placeOf({ target, signal }: Acting, address: Address): Promise<Readonly<Record<string, string>>> {
  const { host } = address
  try {
    const addresses = await judgedAddresses(host)
    signal.throwIfAborted()
    if (addresses.length === 0) return { PGHOST: host }
    return { PGHOST: addresses.map(() => host).join(','), PGHOSTADDR: addresses.join(',') }
  } catch (error) {
    signal.throwIfAborted()
    const { name, statementTimeoutMs } = target
    throw failureOf(error, { target: name, address, doing: 'finding the server', statementTimeoutMs })
  }
}

async function run(
  { target: { name }, deps, signal }: Acting,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): Promise<string> {
  const result = await runGroup({
    file,
    args,
    env: { PATH: PROGRAM_FOLDERS.join(':'), HOME: '/nonexistent', LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env },
    cwd: '/',
    secret: null,
    stdoutBytesMax: STDOUT_BYTES_MAX,
    timeoutMs: DUMP_MS_MAX,
    clock: deps.clock,
    signal,
  })
  if (result.ended === 'exit' && result.code === 0) return result.stdout
  const words = programWords(result.stderr, secrets)
  const how =
    result.ended === 'exit' ? `ended with ${result.code ?? result.killedBy}: ${words}` : `did not end: ${result.ended}`
  throw targetErrors.command({ target: name, file, problem: how, retry: 'later' })
}

/** The step's own time-out comes before, by the signal. */
const DUMP_MS_MAX = 6 * 3_600_000
/** A list of what a dump holds may be long. */
const STDOUT_BYTES_MAX = 64 * 1024 * 1024

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
