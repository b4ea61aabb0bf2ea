/** Steps of a topology that a database can do, by the names of the step library. */
import { RESTORE_BACKUP } from '../../../../core/plan/risk.ts'
import type { PostgresTarget } from '../settings.ts'
import type { Action } from './action.ts'
import { analyzeTables } from './analyze.ts'
import { createBackup, verifyBackups } from './backup.ts'
import { rebuildIndexes } from './reindex.ts'
import { restoreBackup } from './restore.ts'
import { smokeTests } from './smoke-tests.ts'

/** What this target can do; backups only where it is told where they go. */
export function actionsOf(target: PostgresTarget): ReadonlyMap<string, Action> {
  const always: readonly (readonly [string, Action])[] = [
    ['analyze-tables', analyzeTables],
    ['rebuild-indexes', rebuildIndexes],
    ['smoke-tests', smokeTests],
  ]
  const withFolder: readonly (readonly [string, Action])[] = [
    ['create-backup', createBackup],
    ['verify-backups', verifyBackups],
    [RESTORE_BACKUP, restoreBackup],
  ]
  return new Map(target.backup === undefined ? always : [...always, ...withFolder])
}
