import type { CommitId, Digest } from '../vocabulary.ts'
import { HonuaError } from './honua-error.ts'

/** What can go wrong between the charts and the world. */
export const runtimeErrors = {
  timeout: (p: { what: string; ms: number }) =>
    new HonuaError(
      'HONUA_TIMEOUT',
      'later',
      `${p.what} took longer than ${p.ms} ms`,
      'see whether the target is up; it is tried again by itself',
    ),
  contentMissing: (p: { what: string; digest: Digest }) =>
    new HonuaError(
      'HONUA_CONTENT_MISSING',
      'never',
      `${p.what} ${p.digest.slice(0, 12)} is not in the store`,
      'restore the data directory from a backup, or let a newer commit be deployed',
    ),
  noTarget: (p: { environment: string }) =>
    new HonuaError(
      'HONUA_TARGET_NONE',
      'after-config-change',
      `no target is configured for environment "${p.environment}"`,
      'add one to spec.targets (without `environments`, or naming this one)',
    ),
  stepFailed: (p: { step: string; target: string; cause: unknown }) => {
    const { cause } = p
    const known = cause instanceof HonuaError ? cause : null
    return new HonuaError(
      'HONUA_STEP_FAILED',
      known?.retry ?? 'later',
      `the step ${p.step} on "${p.target}" failed: ${known?.message ?? String(cause)}`,
      known?.remedy ?? "see the target's own log",
    )
  },
  cannotAct: (p: { step: string; target: string }) =>
    new HonuaError(
      'HONUA_STEP_UNKNOWN',
      'never',
      `target "${p.target}" cannot do the step ${p.step}`,
      'take the step out of the topology, or give the component another target',
    ),
  notHealthy: (p: { target: string; message: string }) =>
    new HonuaError(
      'HONUA_TARGET_UNHEALTHY',
      'later',
      `target "${p.target}" is not healthy: ${p.message}`,
      "see the target's own log",
    ),
  notAsPlanned: (p: { target: string; keys: readonly string[] }) =>
    new HonuaError(
      'HONUA_TARGET_NOT_APPLIED',
      'never',
      `target "${p.target}" does not hold what was written: ${p.keys.slice(0, 5).join(', ')}${p.keys.length > 5 ? ` and ${p.keys.length - 5} more` : ''}`,
      "see the target's own log; something may undo or refuse the change",
    ),
  planDiffers: (p: { environment: string; commit: CommitId }) =>
    new HonuaError(
      'HONUA_PLAN_STALE',
      'later',
      `what would change in "${p.environment}" at ${p.commit.slice(0, 12)} is no longer what was planned`,
      'a new plan is made by itself',
    ),
  windowClosed: (p: { reason: string }) =>
    new HonuaError(
      'HONUA_PLAN_STALE',
      'later',
      `the deployment may not start now: ${p.reason}`,
      'it is decided anew by itself',
    ),
  settingsChanged: (p: { environment: string }) =>
    new HonuaError(
      'HONUA_PLAN_STALE',
      'later',
      `the settings of "${p.environment}" changed while its plan was looked at again`,
      'a new plan is made by itself',
    ),
  nothingSeen: (p: { environment: string }) =>
    new HonuaError(
      'HONUA_STATE_REFUSES',
      'later',
      `nothing is known of "${p.environment}" yet`,
      `see: honua env show ${p.environment}`,
    ),
  targetUnknown: (p: { target: string; environment: string; known: readonly string[] }) =>
    new HonuaError(
      'HONUA_TARGET_UNKNOWN',
      'never',
      `"${p.environment}" has no target "${p.target}"`,
      `name one of ${p.known.join(', ')}`,
    ),
  cannotRecover: (p: { target: string }) =>
    new HonuaError(
      'HONUA_TARGET_NO_BACKUPS',
      'never',
      `target "${p.target}" puts no backups back`,
      'name a database whose target has backup.folder',
    ),
  recoveryDiffers: (p: { target: string; backup: string }) =>
    new HonuaError(
      'HONUA_PLAN_STALE',
      'later',
      `the backup ${p.backup}, what "${p.target}" holds, or the settings are not those that were approved`,
      'ask for it again: honua restore',
    ),
  snapshotForeign: (p: { stream: string; version: number; expected: number }) =>
    new HonuaError(
      'HONUA_SNAPSHOT_VERSION',
      'never',
      `the state of "${p.stream}" was written by version ${p.version} of its statechart; this program has version ${p.expected}`,
      'run the program version that wrote it, or a newer one that knows it',
    ),
  internal: (p: { what: string }, cause: unknown) =>
    new HonuaError(
      'HONUA_INTERNAL',
      'later',
      `${p.what} failed unexpectedly: ${cause instanceof Error ? cause.message : String(cause)}`,
      'please report this with the log around it',
    ),
} as const
