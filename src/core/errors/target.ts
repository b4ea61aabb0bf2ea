import { HonuaError, type RetryClass } from './honua-error.ts'

/** One resource that a target did not take, and the target's own words for it, already scrubbed. */
export interface Failure {
  readonly key: string
  readonly message: string
}

/** Lists are cut so that one error stays readable; the count is always given. */
const LISTED_MAX = 20

function listed(texts: readonly string[], separator = ', '): string {
  const shown = texts.slice(0, LISTED_MAX).join(separator)
  return texts.length > LISTED_MAX ? `${shown}${separator}and ${texts.length - LISTED_MAX} more` : shown
}

const told = (failures: readonly Failure[]) =>
  listed(
    failures.map((failure) => `${failure.key} (${failure.message})`),
    '; ',
  )

/** What can go wrong at a target. `target` is its name in the configuration; every text from outside is scrubbed before it comes here. */
export const targetErrors = {
  /** The configuration of a target cannot work as written. */
  config: (p: { target: string; problem: string; remedy: string }) =>
    new HonuaError('HONUA_TARGET_CONFIG', 'after-config-change', `target "${p.target}": ${p.problem}`, p.remedy),

  /** The target, or its file system, says no; asking again gives the same answer. Nothing landed. */
  refused: (p: { target: string; reason: string; remedy?: string }) =>
    new HonuaError(
      'HONUA_TARGET_REFUSED',
      'never',
      `target "${p.target}" refuses: ${p.reason}`,
      p.remedy ?? 'mend what the target names, then deploy again',
    ),

  /** Some changes landed and some did not. `retry` is never when any was refused, later when all the rest may still pass. */
  partial: (p: { target: string; landed: readonly string[]; failed: readonly Failure[]; retry: RetryClass }) =>
    new HonuaError(
      'HONUA_TARGET_PARTIAL',
      p.retry,
      `target "${p.target}" took ${p.landed.length} of ${p.landed.length + p.failed.length} changes; landed: ${listed(p.landed)}; not landed: ${told(p.failed)}`,
      'the environment is rolled back; mend the resources that did not land, then deploy again',
    ),

  /** The live state moved since it was observed; nothing was written over it. */
  stale: (p: { target: string; keys: readonly string[]; landed?: readonly string[] }) =>
    new HonuaError(
      'HONUA_TARGET_STALE',
      'later',
      `target "${p.target}" changed since the plan was made: ${listed(p.keys)}${p.landed?.length ? `; already landed: ${listed(p.landed)}` : ''}`,
      'a new plan is made from what is live now; find out who else writes to this target',
    ),

  /** No answer, or the connection broke. For a write the outcome is unknown until it is observed. */
  unreachable: (p: { target: string; host: string; reason: string; notLanded?: readonly string[] }) =>
    new HonuaError(
      'HONUA_TARGET_UNREACHABLE',
      'later',
      `target "${p.target}" (${p.host}) cannot be reached: ${p.reason}${p.notLanded?.length ? `; not landed: ${listed(p.notLanded)}` : ''}`,
      'check that the server runs and that this host may reach it; it is tried again by itself',
    ),

  /** The target is there and asks to be left alone for now (429, 5xx). */
  busy: (p: { target: string; status: number | string; doing: string; message: string }) =>
    new HonuaError(
      'HONUA_TARGET_BUSY',
      'later',
      `target "${p.target}" answered ${p.status} to ${p.doing}: ${p.message}`,
      'it is tried again by itself; see the target’s own log if it stays',
    ),

  /** The credentials are missing, wrong or not allowed to do it. */
  auth: (p: { target: string; status: number | string; doing: string; secretRef: string | null }) =>
    new HonuaError(
      'HONUA_TARGET_AUTH',
      'after-config-change',
      `target "${p.target}" answered ${p.status} to ${p.doing}: ${p.secretRef === null ? 'no credentials are configured' : `the credentials "${p.secretRef}" are not accepted`}`,
      'put a valid key with administration rights in the secret, or correct credentials.secretRef',
    ),

  /** The credentials' secret cannot be found. */
  secretMissing: (p: { target: string; secretRef: string }) =>
    new HonuaError(
      'HONUA_TARGET_SECRET_MISSING',
      'after-config-change',
      `target "${p.target}": the secret "${p.secretRef}" is absent or empty`,
      'create the file of that name in the secrets folder, or set the environment variable',
    ),

  /** What answers is no server that the driver knows, or is of another generation than it was taken for. */
  unsupported: (p: { target: string; host: string; reason: string; retry?: RetryClass; remedy?: string }) =>
    new HonuaError(
      'HONUA_TARGET_UNSUPPORTED',
      p.retry ?? 'after-config-change',
      `target "${p.target}" (${p.host}) cannot be driven: ${p.reason}`,
      p.remedy ??
        'set the target’s url to a Honua server, name its generation if probing misleads, or use another driver',
    ),

  /** The server wants a person's approval of its own before it does what it was asked. Nothing is asked twice. */
  approval: (p: { target: string; doing: string; message: string; proposal: string | null }) =>
    new HonuaError(
      'HONUA_TARGET_APPROVAL',
      'never',
      `target "${p.target}" waits for an approval of its own before ${p.doing}${p.proposal === null ? '' : ` (proposal ${p.proposal})`}: ${p.message}`,
      'decide it at the server (GET /api/v1/admin/proposals shows it), or give the controller’s key the right to do it; then deploy again',
    ),

  /** Two things bear the name by which one is declared; which is meant is not guessed. */
  ambiguous: (p: { target: string; name: string; ids: readonly string[] }) =>
    new HonuaError(
      'HONUA_TARGET_AMBIGUOUS',
      'never',
      `target "${p.target}" holds more than one layer "${p.name}": ${listed(p.ids)}`,
      'switch off or rename all but one of them at the server',
    ),

  /** A rollout of the server's own stopped and waits for a person. */
  manual: (p: { target: string; operation: string; reason: string }) =>
    new HonuaError(
      'HONUA_TARGET_MANUAL',
      'never',
      `target "${p.target}" needs a person for its deploy operation ${p.operation}: ${p.reason}`,
      'settle the operation at the server (GET /api/v1/admin/deploy/operations shows it), then deploy again',
    ),

  /** The answer was a redirect; credentials are never sent on. */
  redirect: (p: { target: string; host: string; to: string; status: number }) =>
    new HonuaError(
      'HONUA_TARGET_REDIRECT',
      'after-config-change',
      `target "${p.target}": ${p.host} answered ${p.status} and points to ${p.to}; redirects are not followed`,
      'set the target’s url to where the server really is, if that host is to be trusted',
    ),

  /** The answer is not what the driver’s protocol promises: no JSON, wrong shape, too long. Of servers, databases and programs alike. */
  answer: (p: { target: string; doing: string; problem: string }) =>
    new HonuaError(
      'HONUA_TARGET_ANSWER',
      'later',
      `target "${p.target}" gave an unusable answer to ${p.doing}: ${p.problem}`,
      'check that the target’s address or program is the right one, and that nothing else answers in its place: a proxy’s page, a sign-in page, another server',
    ),

  /** The target said yes, and reading back shows otherwise. */
  notApplied: (p: { target: string; keys: readonly string[] }) =>
    new HonuaError(
      'HONUA_TARGET_NOT_APPLIED',
      'later',
      `target "${p.target}" reported success, but these are not as written when read back: ${listed(p.keys)}`,
      'look for another writer, a read-only replica or a cache behind the target’s url',
    ),

  /** The program that drives the target cannot be started, or ended without an answer. */
  command: (p: { target: string; file: string; problem: string; retry: RetryClass }) =>
    new HonuaError(
      'HONUA_TARGET_COMMAND',
      p.retry,
      `target "${p.target}": ${p.file} ${p.problem}`,
      'try the program with `honua driver test`; it must be executable for the controller’s user',
    ),

  /** The target's disk or file system failed in a way that may pass (no space, I/O error). */
  io: (p: { target: string; path: string; reason: string }) =>
    new HonuaError(
      'HONUA_TARGET_IO',
      'later',
      `target "${p.target}": ${p.path}: ${p.reason}`,
      'free space or repair the disk; what was served before is still served',
    ),
}
