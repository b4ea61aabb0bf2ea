import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDriver } from '../../../../src/adapters/drivers/index.ts'
import type { PostgresTarget } from '../../../../src/adapters/drivers/postgres/settings.ts'
import type { Resource } from '../../../../src/core/vocabulary.ts'
import type { Driver } from '../../../../src/ports/driver.ts'
import { calm } from '../../../contract/driver.requests.ts'
import { aMigration, migrate, migrationRequest } from '../../../support/postgres/migrations.ts'
import { PASSWORD, type PostgresServer, startPostgres, USER } from '../../../support/postgres/server.ts'
import { testDeps } from '../deps.ts'
import { aTarget, open } from './targets.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())

async function anEmptyDatabase(over: Partial<PostgresTarget> = {}) {
  const database = await server.database()
  const target = aTarget(server.port, database, over)
  return { database, target, driver: open(target), sql: (text: string) => server.sql(database, text) }
}

const parcels = aMigration(
  '001_parcels',
  'create table parcels (id int primary key);\ninsert into parcels values (1);\n',
)
const roads = aMigration('002_roads', 'create table roads (id int);')
const keysOf = async (driver: Driver) => (await driver.observe([], calm())).resources.map(({ key }) => key)
const objectionOf = async (driver: Driver, resource: Resource) =>
  driver.objection?.(resource, await driver.observe([], calm())) ?? null
const LEDGER = 'select name, state, applied_at is not null as at from honua_gitops.migrations order by number'

describe('migrations', () => {
  it('are applied once each, by number, and observed as their files declare them', async () => {
    const { driver, target, sql } = await anEmptyDatabase()
    expect(await keysOf(driver)).toEqual([])
    const wide = aMigration('1000_wide', 'insert into roads values (7);')
    await migrate(driver, [wide, roads, parcels])
    const { resources } = await open(target).observe([], calm())
    expect(resources.map(({ digest }) => digest).sort()).toEqual([parcels, roads, wide].map((one) => one.digest).sort())
    expect(await sql('select id from roads')).toEqual([{ id: 7 }])
    expect(await sql(LEDGER)).toEqual(
      ['001_parcels', '002_roads', '1000_wide'].map((name) => ({ name, state: 'applied', at: true })),
    )
  })

  it('that fail leave nothing, and the file with the place is told', async () => {
    const { driver, sql } = await anEmptyDatabase()
    const broken = aMigration('001_broken', "create table a (id int);\n-- ä😀\ninsert into a values ('😀', nothing);\n")
    await expect(migrate(driver, [broken])).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      retry: 'never',
      message: expect.stringContaining('environments/production/migrations/001_broken.sql:3:29: '),
    })
    expect(await sql("select to_regclass('a') as a, count(*)::int as n from honua_gitops.migrations")).toEqual([
      { a: null, n: 0 },
    ])
    await migrate(driver, [aMigration('001_broken', 'create table a (id int);')])
    expect(await keysOf(driver)).toEqual(['Migration/default/001_broken'])
  })

  it('before one that fails stay, those after it are not tried', async () => {
    const { driver } = await anEmptyDatabase()
    const wrong = aMigration('002_wrong', 'select 1/0;')
    const request = migrationRequest(driver, await driver.observe([], calm()), [
      parcels,
      wrong,
      aMigration('003_after', 'create table after (id int)'),
    ])
    await expect(driver.apply(request, calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_PARTIAL',
      message: expect.stringMatching(
        /landed: Migration\/default\/001_parcels; .*002_wrong.*division by zero.*003_after/,
      ),
    })
    expect(await keysOf(driver)).toEqual(['Migration/default/001_parcels'])
  })

  it('of two controllers at once are applied once', async () => {
    const { driver, target, sql } = await anEmptyDatabase({ lockTimeoutMs: 15_000 })
    const counted = aMigration(
      '001_counted',
      'create table t (id int); select pg_sleep(0.2); insert into t values (1);',
    )
    const request = migrationRequest(driver, await driver.observe([], calm()), [counted, roads])
    await Promise.all([driver.apply(request, calm()), open(target).apply(request, calm())])
    expect(await sql('select count(*)::int as n from t')).toEqual([{ n: 1 }])
  })

  it('wait for a lock no longer than they may, and pass once it is free', async () => {
    const { driver, database } = await anEmptyDatabase({ lockTimeoutMs: 200 })
    await migrate(driver, [parcels])
    const other = await server.connect(database)
    await other.query('begin; lock table parcels')
    const alter = aMigration('002_more', 'alter table parcels add column note text;')
    await expect(migrate(driver, [parcels, alter])).rejects.toMatchObject({ code: 'HONUA_TARGET_BUSY', retry: 'later' })
    await other.end()
    await migrate(driver, [parcels, alter])
    expect(await keysOf(driver)).toHaveLength(2)
  })

  it('that take longer than a statement may are ended by the server, and leave nothing', async () => {
    const { driver } = await anEmptyDatabase({ statementTimeoutMs: 300 })
    const slow = aMigration('001_slow', 'create table t (id int); select pg_sleep(30);')
    await expect(migrate(driver, [slow])).rejects.toMatchObject({ code: 'HONUA_TIMEOUT', retry: 'later' })
    expect(await keysOf(driver)).toEqual([])
  })

  it('do not leave their settings to the next one', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [
      aMigration('001_path', 'create schema other; set search_path to other; create table a (id int);'),
      aMigration('002_next', 'create table b (id int);'),
    ])
    expect(await sql("select to_regclass('other.a')::text as a, to_regclass('public.b')::text as b")).toEqual([
      { a: 'other.a', b: 'b' },
    ])
  })

  it('cannot end the transaction from within', async () => {
    const { driver, sql } = await anEmptyDatabase()
    const sly = aMigration('001_sly', 'create table t (id int); do $$ begin commit; end $$;')
    await expect(migrate(driver, [sly])).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(await sql("select to_regclass('t') as t")).toEqual([{ t: null }])
  })

  it('cannot have the server read texts in another way than they were judged', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    const hidden = "with a as (select '\\''), gone as (delete from parcels returning 1) select 1 --'"
    for (const setting of [
      'set standard_conforming_strings = off',
      "select set_config('standard_' || 'conforming_strings', 'off', false)",
    ])
      await expect(
        migrate(driver, [parcels, aMigration('002_hidden', `${setting};\n${hidden}`)]),
      ).rejects.toMatchObject({
        code: 'HONUA_TARGET_REFUSED',
        message: expect.stringContaining('standard_conforming_strings'),
      })
    expect(await sql('select id from parcels')).toEqual([{ id: 1 }])
  })

  it('whose checks are put off to the end fail with their file', async () => {
    const { driver } = await anEmptyDatabase()
    const deferred = aMigration(
      '001_deferred',
      'create table a (id int primary key); create table b (a int references a deferrable initially deferred); insert into b values (1);',
    )
    await expect(migrate(driver, [deferred])).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('001_deferred.sql:1:'),
    })
  })
})

describe('before anybody approves, the plan refuses', () => {
  it('another text of an applied file, and does not apply it', async () => {
    const { driver } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    const edited = aMigration('001_parcels', 'create table parcels (id bigint primary key);')
    expect(await objectionOf(driver, edited)).toContain('has applied another text of this file')
    await expect(migrate(driver, [edited])).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
  })

  it('a number that is not above those applied', async () => {
    const { driver } = await anEmptyDatabase()
    await migrate(driver, [roads])
    for (const late of ['001_late', '002_twin'])
      expect(await objectionOf(driver, aMigration(late, 'select 1;'))).toContain('has applied 002_roads already')
    expect(await objectionOf(driver, aMigration('003_next', 'select 1;'))).toBeNull()
  })

  it('what may break users of the database and does not say that it was thought of', async () => {
    const { driver } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    const drop = 'select 1;\ndrop table parcels;'
    const bare = aMigration('002_drop', drop)
    expect(await objectionOf(driver, bare)).toMatch(/^is asked at 2:1 .* drops a table; .*honua:compatibility-review/)
    const request = migrationRequest(driver, await driver.observe([], calm()), [parcels, bare])
    expect(await driver.dryRun(request, calm())).toMatchObject([{ key: 'Migration/default/002_drop' }])
    const reviewed = aMigration('002_drop', drop.replace('drop', '-- honua:compatibility-review reason=unused\ndrop'))
    expect(await objectionOf(driver, reviewed)).toBeNull()
  })
})

describe('a statement that no transaction can hold', () => {
  const index = aMigration('002_index', 'create index concurrently parcels_id on parcels (id);')
  const begun = (resource: Resource) =>
    `insert into honua_gitops.migrations (name, number, checksum, sql, state)
     values ('${resource.name}', 2, '${resource.spec['checksum']}', '${resource.spec['sql']}', 'started')`

  it('is applied between two records', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels, index])
    expect(await sql("select indisvalid from pg_index where indexrelid = 'parcels_id'::regclass")).toEqual([
      { indisvalid: true },
    ])
    expect(await sql(LEDGER)).toContainEqual({ name: '002_index', state: 'applied', at: true })
  })

  it('that the server refuses may be corrected', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    const wrong = aMigration('002_index', 'create index concurrently parcels_id on parcels (nothing);')
    await expect(migrate(driver, [parcels, wrong])).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(await sql(LEDGER)).toHaveLength(1)
    await migrate(driver, [parcels, index])
  })

  it('that the server breaks off leaves no half-built index, and may be corrected', async () => {
    const { driver, sql } = await anEmptyDatabase()
    const table = aMigration(
      '001_gis',
      'create schema gis; create table gis.t (id int); insert into gis.t values (1), (1);',
    )
    const unique = aMigration('002_unique', 'create unique index concurrently t_id on gis.t (id);')
    await expect(migrate(driver, [table, unique])).rejects.toMatchObject({ code: 'HONUA_TARGET_PARTIAL' })
    expect(
      await sql("select to_regclass('gis.t_id') as index, count(*)::int as n from honua_gitops.migrations"),
    ).toEqual([{ index: null, n: 1 }])
    await migrate(driver, [table, aMigration('002_unique', 'create index concurrently t_id on gis.t (id);')])
  })

  it('that was begun before a crash and did nothing is run again', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    await sql(begun(index))
    expect(await objectionOf(driver, index)).toBeNull()
    await migrate(driver, [parcels, index])
    expect(await sql(LEDGER)).toContainEqual({ name: '002_index', state: 'applied', at: true })
  })

  it('that was done before a crash is found done, and not run again', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    await sql(begun(index))
    await sql('create index parcels_id on parcels (id)')
    await migrate(driver, [parcels, index])
    expect(await sql(LEDGER)).toContainEqual({ name: '002_index', state: 'applied', at: true })
  })

  it('of which nobody can see what became of it waits for a person', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    const system = aMigration('002_database', 'create database more;')
    await sql(begun(system))
    expect(await objectionOf(driver, system)).toMatch(/never learned how that ended.*set state = 'applied'/)
    await expect(migrate(driver, [parcels, system])).rejects.toMatchObject({ code: 'HONUA_TARGET_STALE' })
    expect(await sql("select from pg_database where datname = 'more'")).toEqual([])
    await sql("update honua_gitops.migrations set state = 'applied' where name = '002_database'")
    expect(await driver.observe([], calm())).toMatchObject({ resources: [{}, { digest: system.digest }] })
  })

  it('that left an index which is not valid waits for a person, though its file says IF NOT EXISTS', async () => {
    const { driver, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    const again = aMigration('002_index', 'create index concurrently if not exists parcels_id on parcels (id);')
    await sql(begun(again))
    await sql(
      "create index parcels_id on parcels (id); update pg_index set indisvalid = false where indexrelid = 'parcels_id'::regclass",
    )
    expect(await objectionOf(driver, again)).toContain('never learned how that ended')
  })

  it('is not planned while another connection may be at it', async () => {
    const { driver, database, sql } = await anEmptyDatabase()
    await migrate(driver, [parcels])
    await sql(begun(index))
    const other = await server.connect(database)
    await other.query(`select pg_advisory_lock(${0x686f6e75}, 1)`)
    expect(await objectionOf(driver, index)).toContain('is applying it at this moment')
    await other.end()
    await expect.poll(() => objectionOf(driver, index)).toBeNull()
  })
})

describe('of a failure', () => {
  /** One person and her row, which nobody may read in an error; the message of a migration that fails on them. */
  async function toldOf(text: string): Promise<string> {
    const { driver, sql } = await anEmptyDatabase()
    const people = "create table people (id int primary key, name text, note text check (note <> 'none'));"
    await migrate(driver, [aMigration('001_people', people)])
    await sql("insert into people values (1, 'Ada Canary', 'note-canary'), (2, 'Ada Canary', null)")
    const failure = await migrate(driver, [aMigration('001_people', people), aMigration('002_more', text)]).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('anary')
    return String(failure)
  }

  it.each([
    ['a value', 'alter table people alter name type int using name::int;', /integer: \(hidden\) \(22P02\)/],
    [
      'a value with quotes in it',
      "select ('people\" ' || name || ' \"x')::int from people;",
      /integer: \(hidden\) \(22P02\)/,
    ],
    [
      'a double',
      'create unique index u on people (name);',
      /could not create unique index .*u.* \(23505; table public\.people/,
    ],
    ['a null', 'alter table people alter note set not null;', /column .*note.* of relation .*people.* \(23502/],
    [
      'a value that a check forbids',
      "insert into people select 3, name, 'none' from people limit 1;",
      /check constraint .*people_note_check.* \(23514/,
    ],
    [
      'a statement made of values',
      'do $$ begin execute (select name from people limit 1); end $$;',
      /hidden.* \(42601/,
    ],
    [
      'a row that a function raises',
      "do $$ begin raise exception 'no owner of parcel %', (select name from people limit 1); end $$;",
      /no owner of parcel \(hidden\) \(P0001; .*inline_code_block line 1/,
    ],
    [
      'a row that an assertion tells',
      "do $$ begin assert false, 'no owner ' || (select name from people limit 1); end $$;",
      /no owner \(hidden\) \(P0004; .*inline_code_block line 1/,
    ],
    [
      'a value that is taken for a name',
      `select ('"' || name || '"')::regclass from people;`,
      /relation \(hidden\) does not exist \(42P01\)/,
    ],
  ])('the values of rows are not told: %s', async (_, text, told) => {
    expect(await toldOf(text)).toMatch(told)
    expect(await toldOf(text)).toContain('migrations/002_more.sql:1:')
  })

  it('a text of the migration is told: it is in Git', async () => {
    expect(await toldOf("select 1,\n  'twelve'::int;")).toMatch(/002_more\.sql:2:3: .*integer: .*twelve/)
  })

  it('the server is asked to speak English, where the role may', async () => {
    const { driver, database, sql, target } = await anEmptyDatabase()
    await sql(`drop role if exists plain; create role plain login password '${PASSWORD}';
      grant create on database ${database} to plain; grant create on schema public to plain;
      alter role all in database ${database} set lc_messages to 'POSIX'`)
    const asks = aMigration('001_asks', "create table language as select current_setting('lc_messages') as one;")
    await migrate(open({ ...target, user: 'plain' }), [asks])
    expect(await sql('select one from language')).toEqual([{ one: 'POSIX' }])
    await sql('drop table language; drop schema honua_gitops cascade')
    await migrate(driver, [asks])
    expect(await sql('select one from language')).toEqual([{ one: 'C' }])
  })

  it('the target’s own secrets are told nowhere, not even by a migration that holds one', async () => {
    const { driver } = await anEmptyDatabase()
    const failure = await migrate(driver, [aMigration('001_leak', `select '${PASSWORD}'::int;`)]).catch(String)
    expect(failure).toContain('integer: "(hidden)" (22P02)')
  })

  it('a check tells no values of rows either', async () => {
    const { driver, sql, target } = await anEmptyDatabase()
    await migrate(driver, [aMigration('001_people', 'create table people (name text);')])
    await sql("insert into people values ('Ada Canary')")
    const checks = [{ name: 'count', sql: 'select count(name::int) from people', expected: '> 0' }]
    const failure = await open({ ...target, checks })
      .act?.(
        { environment: 'production', idempotencyKey: 'k', action: 'smoke-tests', inputs: {}, changed: [], desired: [] },
        calm(),
      )
      .catch(String)
    expect(failure).toContain('integer: (hidden) (22P02)')
  })
})

describe('signing in', () => {
  it('wrong credentials are told without them', async () => {
    const { target } = await anEmptyDatabase()
    const failure = await open(target, { secret: 'wrong-canary' })
      .observe([], calm())
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'HONUA_TARGET_AUTH', retry: 'after-config-change' })
    expect(String(failure)).not.toContain('canary')
  })

  it('the whole address may be a secret, and is told nowhere', async () => {
    const { database } = await anEmptyDatabase()
    const { host: _h, database: _d, user: _u, ...rest } = aTarget(server.port, database)
    const target = { ...rest, credentials: { type: 'dsn', secretRef: 'dsn' } as const }
    const at = (dsn: string) => openDriver(target, 'production', testDeps({ own: new Map([['dsn', dsn]]) }))
    const dsn = `postgres://${USER}:${PASSWORD}@127.0.0.1:${server.port}/${database}`
    expect((await at(dsn).probe(calm())).description).toMatch(/^PostgreSQL 18/)
    for (const wrong of [
      'host=canary',
      `${dsn}-canary`,
      `${dsn}?sslmode=canary`,
      dsn.replace(`:${server.port}`, ':1'),
    ]) {
      const failure = await at(wrong)
        .observe([], calm())
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: expect.stringMatching(/^HONUA_TARGET_(CONFIG|UNREACHABLE)$/) })
      expect(String(failure)).not.toMatch(/127\.0\.0\.1|password-canary/)
    }
  })

  it('a server that speaks no TLS is not talked to unless the configuration says so', async () => {
    const { target } = await anEmptyDatabase()
    await expect(open({ ...target, tls: { mode: 'verify' } }).observe([], calm())).rejects.toMatchObject({
      code: 'HONUA_TARGET_CONFIG',
    })
  })

  it('a role without rights is refused with what it lacks', async () => {
    const { target, sql } = await anEmptyDatabase()
    await sql(`drop role if exists poor; create role poor login password '${PASSWORD}'`)
    await expect(migrate(open({ ...target, user: 'poor' }), [parcels])).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('permission denied'),
    })
  })
})
