/** What a target of driver `postgres` is told. */
import { z } from 'zod'
import { parseExpectation } from '../checks/index.ts'
import { CALL, duration, secretRef, text } from './fields.ts'

const identifier = z
  .string()
  .regex(/^[^\0.]+(\.[^\0.]+)?$/, { error: 'expected a table such as parcels or gis.parcels' })
  .describe('Table, with its schema where it is not public; as it is spelled in the database.')

/** How the controller signs in at a database. */
export const postgresCredentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('password').describe('secretRef is the password of `user`.'), secretRef }),
  z.strictObject({
    type: z.literal('dsn').describe('secretRef is the whole address: postgres://user:password@host:port/database.'),
    secretRef,
  }),
  z.strictObject({ type: z.literal('none').describe('The server trusts the user, or tells it by its certificate.') }),
])

export const postgresTls = z
  .strictObject({
    mode: z
      .enum(['verify', 'off'])
      .default('verify')
      .describe(
        'verify: encrypted, and the server’s certificate is checked; off: in the clear. A Unix socket needs none.',
      ),
    ca: text('File (PEM) of certificates to trust instead of the machine’s own.').exactOptional(),
    client: z
      .strictObject({ certificate: text('File (PEM) with the client certificate and its chain.'), secretRef })
      .exactOptional()
      .describe('The certificate to call with; secretRef is its key.'),
  })
  .prefault({})
  .describe('How the connection is kept from others.')

const expectation = z
  .string()
  .refine((text) => parseExpectation(text) !== null || /^\s*!?=\s*\S/.test(text), {
    error: 'expected a comparison such as "> 0", "!= 0" or "= ready"',
  })
  .describe('What the first value of the first row must be, such as `> 0`.')

const tableCheck = z.strictObject({
  table: identifier,
  geometryColumn: text('Column that must be a geometry.').exactOptional(),
  geometryType: text('Its type, such as MULTIPOLYGON; needs PostGIS.').exactOptional(),
  srid: z.int().min(0).max(999_999).exactOptional().describe('Its SRID; needs PostGIS.'),
  minRows: z.int().min(0).exactOptional().describe('Rows that the table has at least.'),
})
const sqlCheck = z.strictObject({
  name: text('Called so in messages.').exactOptional(),
  sql: text('One query; it runs in a transaction that cannot write.'),
  expected: expectation,
})

/** A validation query of `smoke-tests`. */
export const postgresCheck = z.union([tableCheck, sqlCheck], { error: 'must have table, or sql and expected' })

export const postgresBackup = z
  .strictObject({
    folder: text('Folder of the backups; `{environment}` is filled in. Nobody else writes there.'),
    keep: z.int().min(1).max(1000).default(5).describe('Backups kept.'),
    tables: z
      .array(identifier)
      .default([])
      .describe('Tables that are copied where pg_dump is not there or older than the server; none: then it fails.'),
    pgDump: z
      .string()
      .regex(/^\//, { error: 'expected the absolute path of a program' })
      .exactOptional()
      .describe(
        'pg_dump by its absolute path; pg_restore lies beside it. Default: the one in /usr/bin or /usr/local/bin.',
      ),
  })
  .describe('What `create-backup` makes; without it the target cannot do that step.')

export const postgresFields = {
  host: text('Host, or the folder of a Unix socket; `{environment}` is filled in.').exactOptional(),
  port: z.int().min(1).max(65_535).default(5432).describe('TCP port.'),
  database: text('Database; `{environment}` is filled in.').exactOptional(),
  user: text('Role to sign in as; `{environment}` is filled in.').exactOptional(),
  credentials: postgresCredentials.prefault({ type: 'none' }).describe('How the controller signs in.'),
  tls: postgresTls,
  connectTimeout: duration('For a connection to stand.', CALL).prefault('10s'),
  lockTimeout: duration('A migration waits so long for a lock, then it is tried again later.', CALL).prefault('5s'),
  statementTimeout: duration('For one statement of a migration, check or step.', CALL).prefault('5m'),
  backup: postgresBackup.exactOptional(),
  analyze: z.array(identifier).default([]).describe('Tables for `analyze-tables`; none: the whole database.'),
  reindex: z
    .array(identifier)
    .default([])
    .describe('Tables whose indexes `rebuild-indexes` builds anew; none: only those that are broken.'),
  checks: z.array(postgresCheck).default([]).describe('Validation queries for `smoke-tests`.'),
}

interface Place {
  readonly host?: string
  readonly database?: string
  readonly user?: string
  readonly credentials: { readonly type: string }
  readonly environments?: readonly string[] | undefined
}

/** What is wrong with where the database is said to be. */
export function postgresFaults({ host, database, user, credentials, environments }: Place): readonly {
  readonly path: string
  readonly message: string
}[] {
  const given = { host, database, user }
  const whole = credentials.type === 'dsn'
  const faults = Object.entries(given).flatMap(([path, value]) => {
    if (whole && value !== undefined) return [{ path, message: 'it stands in the secret; leave it out' }]
    return !whole && value === undefined ? [{ path, message: 'it is missing' }] : []
  })
  const isOwn = [host, database].some((value) => value?.includes('{environment}')) || environments?.length === 1
  if (isOwn) return faults
  const message = 'two environments would share one database; put {environment} into it, or name one environment'
  return [...faults, { path: whole ? 'environments' : 'database', message }]
}
