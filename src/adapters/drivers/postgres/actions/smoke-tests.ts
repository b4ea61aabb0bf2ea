import { z } from 'zod'
import { postgresCheck } from '../../../../core/config/postgres-target.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import { checkQuery } from '../checks/query.ts'
import { checkTable } from '../checks/table.ts'
import { readLedger } from '../ledger.ts'
import { type Session, withSession } from '../session.ts'
import type { PostgresCheck } from '../settings.ts'
import type { Acting, Action } from './action.ts'

/**
 * Validation queries: inputs `checks`, else those of the configuration. Each runs in a transaction that cannot write. That no migration
 * was left half-done is always among them. Throws HONUA_TARGET_REFUSED naming every one that is not as it should be.
 */
export const smokeTests: Action = async (acting) => {
  const { target, deps, signal } = acting
  const checks = checksOf(acting)
  const faults = await withSession(target, deps, 'smoke-tests', signal, async (session) => {
    const found: string[] = await unsettled(session)
    for (const check of checks) {
      await session.command('begin read only')
      found.push(...(await faultsOf(session, check)))
      await session.command('rollback')
    }
    return found
  })
  if (faults.length > 0)
    throw targetErrors.refused({
      target: target.name,
      reason: faults.join('; '),
      remedy: 'see what the deployment did to these; the database is not put back by itself',
    })
  return checks.length === 0 ? 'every migration is settled; no checks are configured' : `${checks.length} checks hold`
}

async function unsettled(session: Session): Promise<string[]> {
  const entries = await readLedger(session)
  return entries.filter(({ state }) => state === 'started').map(({ name }) => `${name} was begun and never confirmed`)
}

function checksOf({ target, request }: Acting): readonly PostgresCheck[] {
  const given = request.inputs['checks']
  if (given === undefined) return target.checks
  const parsed = z.array(postgresCheck).min(1).safeParse(given)
  if (parsed.success) return parsed.data
  throw targetErrors.refused({
    target: target.name,
    reason: `the input checks of ${request.action} cannot be read: ${parsed.error.issues[0]?.message ?? 'it is not a list of checks'}`,
    remedy: 'write each as {table: …} or {sql: …, expected: "> 0"}',
  })
}

async function faultsOf(session: Session, check: PostgresCheck): Promise<readonly string[]> {
  return 'table' in check ? checkTable(session, check) : checkQuery(session, check)
}
