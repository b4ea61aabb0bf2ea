/** The table of ours that says which migrations were applied: schema `honua_gitops`, which nobody else writes. */

import { SEED_VERSION } from '../../../core/kinds/index.ts'
import { MIGRATION, type Outcome } from '../../../core/migrations/index.ts'
import { makeResource } from '../../../core/resource.ts'
import { type ConcurrentIndex, indexOf, natureOf } from '../../../core/sql/nature.ts'
import { splitStatements } from '../../../core/sql/statements.ts'
import type { LiveResource } from '../../../core/vocabulary.ts'
import type { Row, Session } from './session.ts'

export const LEDGER = 'honua_gitops.migrations'

/** Two numbers that stand for our lock among the advisory locks of a database: "honu", 1. */
const LOCK = [0x686f6e75, 1] as const

const SCHEMA = 'create schema if not exists honua_gitops'
const TABLE = `create table if not exists ${LEDGER} (
  name text primary key,
  number bigint not null unique,
  checksum text not null,
  sql text not null,
  state text not null check (state in ('started', 'applied')),
  started_at timestamptz not null default clock_timestamp(),
  applied_at timestamptz
)`

/** What is recorded of one migration. */
export interface Entry {
  readonly name: string
  readonly number: number
  readonly checksum: string
  readonly sql: string
  readonly state: 'started' | 'applied'
  /** When it was applied, else begun, as the server writes it. */
  readonly at: string
}

/** Waits for our lock at most as long as the session's `lock_timeout`; it goes with the connection. Two controllers never apply at once. */
export async function takeLock(session: Session): Promise<void> {
  await session.run('select pg_catalog.pg_advisory_lock($1, $2)', LOCK)
}

/** Makes the table where it is not there. The role needs the right to create schemas for the first time only. */
export async function ensureLedger(session: Session): Promise<void> {
  if (await hasLedger(session)) return
  await session.run(SCHEMA)
  await session.run(TABLE)
}

/** Everything recorded, by number; nothing where the table is not there. */
export async function readLedger(session: Session): Promise<readonly Entry[]> {
  if (!(await hasLedger(session))) return []
  const rows = await session.run(
    `select name, number::text, checksum, sql, state, coalesce(applied_at, started_at)::text as at from ${LEDGER} order by number`,
  )
  return rows.map(entryOf)
}

export async function recordApplied(session: Session, entry: Omit<Entry, 'state' | 'at'>): Promise<void> {
  await record(session, entry, 'applied')
}

/** Written and committed before a statement that no transaction can hold. */
export async function recordStarted(session: Session, entry: Omit<Entry, 'state' | 'at'>): Promise<void> {
  await record(session, entry, 'started')
}

/** It was refused, and did nothing that counts: it may be tried again. */
export async function forget(session: Session, name: string): Promise<void> {
  await session.run(`delete from ${LEDGER} where name = $1 and state = 'started'`, [name])
}

async function record(session: Session, entry: Omit<Entry, 'state' | 'at'>, state: Entry['state']): Promise<void> {
  const { name, number, checksum, sql } = entry
  await session.run(
    `insert into ${LEDGER} (name, number, checksum, sql, state, applied_at)
     values ($1, $2, $3, $4, $5::text, case when $5::text = 'applied' then clock_timestamp() end)
     on conflict (name) do update set state = excluded.state, applied_at = excluded.applied_at
     where ${LEDGER}.state = 'started'`,
    [name, number, checksum, sql, state],
  )
}

async function hasLedger(session: Session): Promise<boolean> {
  const [row] = await session.run('select pg_catalog.to_regclass($1) is not null as found', [LEDGER])
  return row?.['found'] === true
}

function entryOf(row: Row): Entry {
  const text = (column: string) => String(row[column])
  const state = row['state'] === 'applied' ? 'applied' : 'started'
  const number = Number(row['number'])
  return { name: text('name'), number, checksum: text('checksum'), sql: text('sql'), state, at: text('at') }
}

/** What can be seen of a migration that was begun and not confirmed. `isOurs`: we hold the lock, so nobody is at it. */
export async function outcomeOf(session: Session, { sql }: Entry, isOurs: boolean): Promise<Outcome> {
  if (!isOurs && (await isLocked(session))) return 'running'
  const split = splitStatements(sql)
  const [statement] = split.ok ? split.statements : []
  if (statement === undefined) return 'unknown'
  const index = indexOf(statement)
  if (index === null) return natureOf(statement).repeatable ? 'not-done' : 'unknown'
  const found = await findIndex(session, index)
  if (index.drops) return found === null ? 'done' : 'not-done'
  if (found === null) return 'not-done'
  return found.isValid ? 'done' : 'unknown'
}

/** An index as it is in the database; `name` is SQL, with its schema. */
export interface FoundIndex {
  readonly name: string
  readonly isValid: boolean
}

export async function findIndex(session: Session, index: ConcurrentIndex): Promise<FoundIndex | null> {
  const [row] = await session.run(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name, i.indisvalid as valid
     from pg_catalog.pg_index i
     join pg_catalog.pg_class c on c.oid = i.indexrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where ${index.drops ? 'i.indexrelid = pg_catalog.to_regclass($1)' : 'c.relname = $1 and i.indrelid = pg_catalog.to_regclass($2)'}`,
    index.drops ? [index.name] : [index.name, index.table],
  )
  return row === undefined ? null : { name: String(row['name']), isValid: row['valid'] === true }
}

async function isLocked(session: Session): Promise<boolean> {
  const [row] = await session.run(
    `select exists (
       select from pg_catalog.pg_locks
       where locktype = 'advisory' and classid::bigint = $1 and objid::bigint = $2 and granted
         and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
     ) as locked`,
    LOCK,
  )
  return row?.['locked'] === true
}

/** A recorded migration as a resource, as its file declares it; one that is not known to be applied differs from that. */
export function resourceOf(entry: Entry, outcome: Outcome | null): LiveResource {
  const { name, number, checksum, sql, at } = entry
  const resource = makeResource({
    apiVersion: SEED_VERSION,
    kind: MIGRATION,
    namespace: 'default',
    name,
    metadata: {},
    spec: { number, checksum, sql, ...(outcome === null ? {} : { state: 'started', outcome }) },
  })
  return { ...resource, version: at }
}
