import { canonicalJson, digestOf, sha256 } from '../canonical.ts'
import { asJson } from '../json.ts'
import type { CommitId, DatabaseBackup, Digest, EnvironmentSettings, LiveState, Plan } from '../vocabulary.ts'
import { liveDigest } from './index.ts'
import { RESTORE_BACKUP } from './risk.ts'

/** How long a backup may take to be put back, in ms: a server that hangs must still end. */
export const RECOVERY_MS_MAX = 7_200_000

export interface RecoveryInput {
  readonly environment: string
  /** What is deployed: it stays what the environment is compared with. */
  readonly commit: CommitId
  readonly release: Digest
  readonly target: string
  readonly backup: DatabaseBackup
  /** What the target holds now. */
  readonly live: LiveState
  readonly settings: EnvironmentSettings
}

/**
 * The plan that puts a backup back: one step, nothing else. It is another plan when the backup, what the target holds, or the
 * environment's settings are others; neither a newer commit nor another target changes it.
 */
export function planRecovery(input: RecoveryInput): Plan {
  const { environment, commit, release, target, backup, live, settings } = input
  const action = {
    ...({
      phase: 'recovery',
      step: RESTORE_BACKUP,
      means: 'act',
      component: target,
      instance: target,
      target,
    } as const),
    ...({
      inputs: { backup: backup.id, digest: backup.digest },
      timeoutMs: RECOVERY_MS_MAX,
      tries: 1,
      undo: 'nothing',
    } as const),
  }
  const madeAt = new Date(backup.madeAt).toISOString()
  const plan: Omit<Plan, 'digest'> = {
    ...{ environment, reason: 'recovery', commit, release },
    trees: { environment: null, common: null, gitops: null },
    live: liveDigest([live]),
    policy: digestOf(asJson(settings)),
    changes: [],
    steps: [{ wave: 0, target, changes: [], action }],
    retained: [],
    unchanged: 0,
    breaking: true,
    risk: 'Critical',
    rollback: 'manual',
    deletePercent: 0,
    notes: [
      `${target} goes back to its backup ${backup.id}, made at ${madeAt} (sha256 ${backup.digest})`,
      ...backup.loses.map((one) => `${target}: ${one}`),
    ],
  }
  return { ...plan, digest: sha256(canonicalJson(asJson(plan))) }
}
