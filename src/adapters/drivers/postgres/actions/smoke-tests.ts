import { z } from 'zod'
import { postgresCheck } from '../../../../core/config/postgres-target.ts'
import { FailedChecks, keptOf } from '../../../../core/errors/failed-checks.ts'
import { targetErrors } from '../../../../core/errors/target.ts'
import type { JsonObject } from '../../../../core/json.ts'
import type { CheckResult } from '../../../../core/vocabulary.ts'
import type { Acted } from '../../../../ports/driver.ts'
import { checkQuery } from '../checks/query.ts'
import { checkTable } from '../checks/table.ts'
import { readLedger } from '../ledger.ts'
import { type Session, withSession } from '../session.ts'
import type { PostgresCheck } from '../settings.ts'
import type { Acting, Action } from './action.ts'

/**
 * Validation queries: inputs `checks`, else those of the configuration. Each runs in a transaction that cannot write. That no migration
 * was left half-done is always among them. Throws HONUA_TARGET_CHECK with everything that is not as it should be.
 */
export const smokeTests: Action = async (acting): Promise<Acted> => {
  const { target, deps, signal } = acting
  const given = checksOf(acting)
  const results = await withSession(target, deps, 'smoke-tests', signal, async (session) => {
    const timed = async (name: string, look: () => Promise<readonly string[]>): Promise<CheckResult> => {
      const began = deps.clock.now()
      const faults = await look()
      const message = faults.length === 0 ? 'as it should be' : faults.join('; ')
      return { name, ok: faults.length === 0, message, ms: deps.clock.now() - began }
    }
    const found = [await timed('migrations', () => unsettled(session))]
    for (const check of given) found.push(await timed(nameOf(check), () => withoutWriting(session, check)))
    return found
  })
  if (results.some(({ ok }) => !ok)) throw new FailedChecks(target.name, results)
  const message =
    given.length === 0 ? 'every migration is settled; no checks are configured' : `${given.length} checks hold`
  return { message, checks: keptOf(results) }
}

/** Why the inputs of the step are no checks; null where they are, or where there are none. */
export function checksFault({ checks }: JsonObject): string | null {
  if (checks === undefined) return null
  const parsed = checkList.safeParse(checks)
  if (parsed.success) return null
  const [issue] = parsed.error.issues
  return `the input checks cannot be read: ${issue?.message ?? 'it is not a list of checks'}`
}

const checkList = z.array(postgresCheck).min(1)

function checksOf({ target, request }: Acting): readonly PostgresCheck[] {
  const { checks } = request.inputs
  if (checks === undefined) return target.checks
  const reason = checksFault(request.inputs)
  if (reason === null) return checkList.parse(checks)
  throw targetErrors.refused({
    target: target.name,
    reason,
    remedy: 'write each as {table: …} or {sql: …, expected: "> 0"}',
  })
}

async function unsettled(session: Session): Promise<readonly string[]> {
  const entries = await readLedger(session)
  return entries.filter(({ state }) => state === 'started').map(({ name }) => `${name} was begun and never confirmed`)
}

async function withoutWriting(session: Session, check: PostgresCheck): Promise<readonly string[]> {
  await session.command('begin read only')
  const faults = await ('table' in check ? checkTable(session, check) : checkQuery(session, check))
  await session.command('rollback')
  return faults
}

function nameOf(check: PostgresCheck): string {
  return 'table' in check ? check.table : (check.name ?? check.sql.slice(0, SQL_SHOWN_MAX))
}

/** Of a query without a name, so much is told in its place. */
const SQL_SHOWN_MAX = 60
