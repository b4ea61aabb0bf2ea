import pg from 'pg'
import { Lines } from '../../../core/documents/lines.ts'
import { HonuaError } from '../../../core/errors/honua-error.ts'
import { targetErrors } from '../../../core/errors/target.ts'
import { type MigrationSpec, readSpec } from '../../../core/migrations/index.ts'
import { type ConcurrentIndex, indexOf, natureOf } from '../../../core/sql/nature.ts'
import { type Statement, splitStatements } from '../../../core/sql/statements.ts'
import type { Resource } from '../../../core/vocabulary.ts'
import {
  ensureLedger,
  findIndex,
  forget,
  outcomeOf,
  readLedger,
  recordApplied,
  recordStarted,
  takeLock,
} from './ledger.ts'
import type { Session } from './session.ts'
import { wordsOf } from './words.ts'

/** One migration, and the file that declares it. */
export interface Migration {
  readonly target: string
  readonly resource: Resource
  readonly path: string
}

/**
 * Applies a migration unless it is applied: in one transaction with its record, or, where PostgreSQL allows none, alone between two
 * records. Whoever else deploys is waited for, and what they did is seen before anything is done. Throws HONUA_TARGET_REFUSED with
 * the place in the file for what the server does not take, and what `pg` throws for everything else.
 */
export async function applyMigration(session: Session, migration: Migration): Promise<void> {
  const { target, resource, path } = migration
  const spec = readSpec(resource.spec)
  const split = spec === null ? null : splitStatements(spec.sql)
  if (spec === null || split === null || !split.ok)
    throw targetErrors.refused({ target, reason: `${path} is not a migration` })
  await takeLock(session)
  await ensureLedger(session)
  const entries = await readLedger(session)
  const known = entries.find(({ name }) => name === resource.name)
  if (known?.checksum === spec.checksum && known.state === 'applied') return
  const isOther = known !== undefined && known.checksum !== spec.checksum
  if (isOther || (known === undefined && entries.some(({ number }) => number >= spec.number)))
    throw targetErrors.stale({ target, keys: [resource.key] })
  if (known !== undefined) {
    const outcome = await outcomeOf(session, known, true)
    if (outcome === 'done') return recordApplied(session, { name: resource.name, ...spec })
    if (outcome !== 'not-done') throw targetErrors.stale({ target, keys: [resource.key] })
  }
  const [only] = split.statements
  if (only !== undefined && split.statements.length === 1 && natureOf(only).standsAlone)
    return applyAlone(session, migration, spec, only)
  await applyWhole(session, migration, spec, split.statements)
}

async function applyWhole(
  session: Session,
  migration: Migration,
  spec: MigrationSpec,
  statements: readonly Statement[],
): Promise<void> {
  await session.command('begin')
  for (const statement of statements) await told(session, migration, spec, statement, () => session.run(statement.sql))
  // A setting of the migration's own, made for the session, ends with it: each has its own connection.
  await recordApplied(session, { name: migration.resource.name, ...spec })
  const [last] = statements.slice(-1)
  const done = last === undefined ? '' : await told(session, migration, spec, last, () => session.command('commit'))
  if (done !== 'COMMIT')
    throw targetErrors.refused({ target: migration.target, reason: `${migration.path}: the transaction was undone` })
}

async function applyAlone(
  session: Session,
  migration: Migration,
  spec: MigrationSpec,
  statement: Statement,
): Promise<void> {
  const { name } = migration.resource
  const index = indexOf(statement)
  const isNew = index !== null && !index.drops && (await findIndex(session, index)) === null
  await recordStarted(session, { name, ...spec })
  try {
    await told(session, migration, spec, statement, () => session.run(statement.sql))
  } catch (error) {
    // The server said no: that is known. When the connection broke, nothing is, and the record stays for whoever looks next.
    if (error instanceof HonuaError || error instanceof pg.DatabaseError)
      await clearUp(session, name, isNew ? index : null)
    throw error
  }
  await recordApplied(session, { name, ...spec })
}

/**
 * After a refusal, takes away the half-built index that it left, and the record. Where that fails, for one because the connection ended
 * with the refusal, the record stays, which is the careful side.
 */
async function clearUp(session: Session, name: string, made: ConcurrentIndex | null): Promise<void> {
  try {
    const left = made === null ? null : await findIndex(session, made)
    if (left?.isValid === false) await session.run(`drop index concurrently ${left.name}`)
    await forget(session, name)
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}

/** Where the server points to a place in the statement, or refuses it for what it is, the file and the place are told. */
async function told<Value>(
  { secrets }: Session,
  { target, path }: Migration,
  { sql }: MigrationSpec,
  statement: Statement,
  run: () => Promise<Value>,
): Promise<Value> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !isOwnFault(error.code ?? '')) throw error
    const { line, column } = new Lines(sql).at(statement.start + offsetOf(statement.sql, error.position))
    throw targetErrors.refused({
      target,
      reason: `${path}:${line}:${column}: ${wordsOf(error, { secrets, inGit: sql })}`,
      remedy: 'correct the migration in a new commit; nothing of it was applied',
    })
  }
}

/** Classes of SQLSTATE that are about the statement, not about the server, the network or who else is there. */
function isOwnFault(state: string): boolean {
  return !/^(?:08|28|40|53|57|58|XX|55P03|55006|42501|25006)/.test(state)
}

/** `position` counts characters from 1; offsets here are UTF-16 units from 0. */
function offsetOf(sql: string, position: string | undefined): number {
  const characters = Number(position ?? 1) - 1
  return [...sql].slice(0, characters).join('').length
}
