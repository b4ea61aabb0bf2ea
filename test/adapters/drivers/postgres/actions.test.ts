import { mkdtempSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAsExpected } from '../../../../src/adapters/drivers/postgres/checks/query.ts'
import type { PostgresTarget } from '../../../../src/adapters/drivers/postgres/settings.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { calm } from '../../../contract/driver.requests.ts'
import { aMigration, migrate } from '../../../support/postgres/migrations.ts'
import { PASSWORD, type PostgresServer, startPostgres } from '../../../support/postgres/server.ts'
import { aTarget, open } from './targets.ts'

let server: PostgresServer
let database: string
let folder: string
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())
beforeEach(async () => {
  database = await server.database()
  folder = mkdtempSync(join(tmpdir(), 'honua-backups-'))
  return () => rm(folder, { recursive: true, force: true })
})

const sql = (text: string) => server.sql(database, text)
const backup = () => ({ folder, keep: 2, tables: ['odd.Names', 'plain'] })

async function act(action: string, inputs: JsonObject = {}, over: Partial<PostgresTarget> = {}, key = action) {
  const driver = open(aTarget(server.port, database, { backup: backup(), ...over }))
  const request = { environment: 'production', idempotencyKey: key, action, inputs, changed: [], desired: [] }
  const done = await driver.act?.(request, calm())
  return done?.message ?? 'it cannot act'
}

describe('backups of rows', () => {
  beforeEach(async () => {
    await sql(`create schema odd;
      create table odd."Names" (id int generated always as identity, "a ""b" text, at timestamptz, raw bytea, doubled int generated always as (n * 2) stored, n int, list text[]);
      insert into odd."Names" ("a ""b", at, raw, n, list) select 'x' || chr(10) || '\\ "é😀' || i, timestamp '2024-02-29' + i * interval '1 hour', '\\x00ff', i, array['a,b', null, '{}'] from generate_series(1, 1203) i;
      create table plain (v float8); insert into plain values ('NaN'), (0.1), (null), ('-Infinity')`)
  })
  const all = () =>
    sql(
      `select md5(string_agg(t::text, '|' order by t::text)) as sum from odd."Names" t union all select md5(string_agg(p::text, '|' order by p::text)) from plain p`,
    )

  it('come back as they were, in one transaction, and only when a person names one', async () => {
    const before = await all()
    expect(await act('create-backup')).toMatch(/^backup \d{8}T\d{6}Z-[0-9a-f]{12} of odd\.Names, plain \(rows alone\)$/)
    await sql(`update plain set v = 7; delete from odd."Names" where n > 5`)
    await expect(act('restore-backup')).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    await expect(act('restore-backup', { backup: '../../etc' })).rejects.toMatchObject({ code: 'HONUA_TARGET_REFUSED' })
    const [id = ''] = await readdir(folder)
    expect(await act('restore-backup', { backup: id })).toContain('restored 1207 rows')
    expect(await all()).toEqual(before)
  })

  it('are told with what they would bring back, and a wrong id with those that are there', async () => {
    await act('create-backup')
    const [id = ''] = await readdir(folder)
    const driver = open(aTarget(server.port, database, { backup: backup() }))
    expect(await driver.backup?.(id, calm())).toEqual({
      id,
      madeAt: expect.any(Number),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      loses: [
        'only the rows of odd.Names, plain come back; everything written to them since then is lost',
        'migrations stay applied, and what they did to these rows since then is lost',
      ],
    })
    for (const wrong of ['../../etc', '20000101T000000Z-000000000000'])
      await expect(driver.backup?.(wrong, calm())).rejects.toMatchObject({
        code: 'HONUA_TARGET_REFUSED',
        remedy: `name one of ${id}`,
      })
  })

  it('are put back once for one piece of work: asked for again, it is said, and what was written since stays', async () => {
    await act('create-backup')
    const [id = ''] = await readdir(folder)
    expect(await act('restore-backup', { backup: id }, {}, 'one')).not.toContain('done before')
    await sql('update plain set v = 7')
    const later = await all()
    expect(await act('restore-backup', { backup: id }, {}, 'one')).toMatch(/^restored 1207 rows .* \(done before\)$/)
    expect(await all()).toEqual(later)
    await act('restore-backup', { backup: id }, {}, 'another')
    expect(await all()).not.toEqual(later)
  })

  it('are not put back again where it was begun and nobody knows how it ended: what is seen is told', async () => {
    await act('create-backup')
    const [id = ''] = await readdir(folder)
    await act('restore-backup', { backup: id }, {}, 'one')
    const [name = ''] = await readdir(join(folder, 'restores'))
    const relations = await sql(`select 'plain'::regclass::oid || '/' || pg_relation_filenode('plain') as file`)
    const before = [...relations.map(({ file }) => String(file)), '1/1']
    await writeFile(join(folder, 'restores', name), JSON.stringify({ state: 'begun', backup: id, relations: before }))
    await sql('update plain set v = 7')
    const later = await all()
    await expect(act('restore-backup', { backup: id }, {}, 'one')).rejects.toThrow(
      /how it ended is not known: 1 of 2 tables, views and sequences from before are gone, or were emptied or made anew. It is not done again/,
    )
    await writeFile(join(folder, 'restores', name), '{')
    await expect(act('restore-backup', { backup: id }, {}, 'one')).rejects.toThrow(/does not tell whether/)
    expect(await all()).toEqual(later)
  })

  it('are made once for one piece of work, and the oldest go', async () => {
    await act('create-backup', {}, {}, 'one')
    expect(await act('create-backup', {}, {}, 'one')).toMatch(/was made already/)
    await act('create-backup', {}, {}, 'two')
    expect(await act('create-backup', {}, {}, 'three')).toContain('1 older removed')
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('leave nothing behind when they fail', async () => {
    await expect(act('create-backup', { tables: ['plain', 'nothing'] })).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining('nothing'),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('are verified by their content, and a changed one is found and not put back', async () => {
    await expect(act('verify-backups')).rejects.toThrow(/there is no backup/)
    await act('create-backup')
    expect(await act('verify-backups', { maxAge: '1h' })).toContain('is as it was made')
    const [id = ''] = await readdir(folder)
    const file = join(folder, id, '1.rows')
    await writeFile(file, (await readFile(file, 'utf8')).replace('0.1', '0.2'))
    await expect(act('verify-backups')).rejects.toThrow(/has another 1\.rows than was written/)
    await expect(act('restore-backup', { backup: id })).rejects.toThrow(/has another 1\.rows/)
  })

  it('are put back only as they were when that was approved', async () => {
    await act('create-backup')
    const [id = ''] = await readdir(folder)
    const approved = await open(aTarget(server.port, database, { backup: backup() })).backup?.(id, calm())
    await sql('update plain set v = 7')
    const before = await all()
    await expect(act('restore-backup', { backup: id, digest: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining(`the backup ${id} is another than was approved`),
    })
    expect(await all()).toEqual(before)
    expect(await act('restore-backup', { backup: id, digest: approved?.digest ?? '' })).toContain('restored 1207 rows')
  })

  it('cannot be made without pg_dump and without tables, and a target without a folder cannot do the step', async () => {
    await expect(act('create-backup', {}, { backup: { ...backup(), tables: [] } })).rejects.toThrow(
      /no pg_dump for PostgreSQL 18/,
    )
    const driver = open(aTarget(server.port, database))
    expect((await driver.probe(calm())).abilities.actions).toEqual(['analyze-tables', 'rebuild-indexes', 'smoke-tests'])
  })

  it('of what pg_dump says, the values of rows are not told', async () => {
    const programs = await mkdtemp(join(tmpdir(), 'honua-programs-'))
    const says = [
      'pg_dump: error: query failed: ERROR:  invalid input syntax for type integer: "Ada Canary"',
      'DETAIL:  Key (name)=(Ada Canary) already exists.',
      'pg_dump: detail: Query was: select Canary',
      'CONTEXT:  COPY people, line 1: "1 Ada Canary"',
    ].join('\n')
    const program = `#!/bin/sh\nif [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) 99.0'; exit; fi\ncat >&2 <<'END'\n${says}\nEND\nexit 1\n`
    for (const name of ['pg_dump', 'pg_restore']) await writeFile(join(programs, name), program, { mode: 0o755 })
    const failure = await act(
      'create-backup',
      {},
      { backup: { ...backup(), pgDump: join(programs, 'pg_dump') } },
    ).catch(String)
    expect(failure).toContain('pg_dump: error: query failed: ERROR:  invalid input syntax for type integer: (hidden)')
    expect(failure).not.toContain('Canary')
    await rm(programs, { recursive: true })
  })

  it('pg_dump connects to the addresses that were judged, and checks certificates against the name', async () => {
    const programs = await mkdtemp(join(tmpdir(), 'honua-programs-'))
    const program = `#!/bin/sh\nif [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) 99.0'; exit; fi\necho "pg_dump: $PGHOST is $PGHOSTADDR" >&2\nexit 1\n`
    for (const name of ['pg_dump', 'pg_restore']) await writeFile(join(programs, name), program, { mode: 0o755 })
    const over = { host: 'localhost', backup: { ...backup(), pgDump: join(programs, 'pg_dump') } }
    expect(await act('create-backup', {}, over).catch(String)).toMatch(
      /pg_dump: (?:localhost is 127\.0\.0\.1|localhost,localhost is (?:::1,127\.0\.0\.1|127\.0\.0\.1,::1))$/m,
    )
    await rm(programs, { recursive: true })
  })

  it('hold no password', async () => {
    await act('create-backup')
    for (const name of await readdir(folder, { recursive: true }))
      if (/json|rows/.test(name)) expect(await readFile(join(folder, name), 'utf8')).not.toContain(PASSWORD)
  })
})

describe('what another role has made in a schema on the search path', () => {
  beforeEach(() =>
    sql(`create table ran (what text); create table plain (v int); create index plain_v on plain (v);
      create function public.quote_ident(name) returns text language plpgsql as $$
        begin insert into public.ran values ('quote_ident'); return pg_catalog.quote_ident($1::text); end $$;
      create function public.glue(name, name) returns text language plpgsql as $$
        begin insert into public.ran values ('||'); return $1::text || $2::text; end $$;
      create operator public.|| (leftarg = name, rightarg = name, function = public.glue);
      create function public.differs(name, name) returns boolean language plpgsql as $$
        begin insert into public.ran values ('!~'); return true; end $$;
      create operator public.!~ (leftarg = name, rightarg = name, function = public.differs);
      update pg_index set indisvalid = false where indexrelid = 'plain_v'::regclass`),
  )

  it('is never run with our rights in place of the functions and operators of PostgreSQL', async () => {
    const only = { folder, keep: 1, tables: ['plain'] }
    expect(await act('rebuild-indexes')).toBe('rebuilt public.plain_v')
    await act('create-backup', {}, { backup: only })
    const [id = ''] = await readdir(folder)
    await act('restore-backup', { backup: id }, { backup: only })
    const index = [aMigration('001_other', 'create index concurrently other on plain (v)')]
    await migrate(open(aTarget(server.port, database)), index)
    expect(await sql('select * from ran')).toEqual([])
  })
})

describe('analyze-tables and rebuild-indexes', () => {
  it('do the tables that are named, or all that need it', async () => {
    await sql('create table a (id int primary key); create table b (id int); create index b_id on b (id)')
    expect(await act('analyze-tables', { tables: ['a'] })).toBe('analysed a')
    expect(await act('analyze-tables')).toBe('analysed the whole database')
    expect(await act('rebuild-indexes')).toBe('no index needed it')
    await sql("update pg_index set indisvalid = false where indexrelid = 'b_id'::regclass")
    expect(await act('rebuild-indexes', { tables: ['a'] })).toBe('rebuilt the indexes of a, public.b_id')
    expect(await sql("select indisvalid as ok from pg_index where indexrelid = 'b_id'::regclass")).toEqual([
      { ok: true },
    ])
    await expect(act('analyze-tables', { tables: ['a; drop table a'] })).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
    })
    await expect(act('analyze-tables', { tables: 'a' })).rejects.toThrow(/not a list of tables/)
  })
})

describe('smoke-tests', () => {
  const fails = (checks: JsonObject[]) =>
    act('smoke-tests', { checks }).then(
      () => 'they hold',
      (error: unknown) => String(error instanceof Error ? error.message : error),
    )

  it('pass where everything is as expected, by the configuration or the step', async () => {
    await sql('create table t (id int, spot point); insert into t values (1), (2)')
    const checks = [
      { table: 't', geometryColumn: 'spot', minRows: 2 },
      { sql: 'select count(*) from t', expected: '>= 2' },
    ]
    expect(await act('smoke-tests', {}, { checks })).toBe('2 checks hold')
    expect(await act('smoke-tests', { checks })).toBe('2 checks hold')
    expect(await act('smoke-tests')).toContain('no checks are configured')
  })

  it('name each thing that is not', async () => {
    await sql('create table t (id int); insert into t values (1)')
    expect(
      await fails([{ table: 'gone' }, { table: 't', minRows: 3 }, { table: 't', geometryColumn: 'geom' }]),
    ).toMatch(
      /fails 3 of 4 checks: gone: gone is not there; t: t has 1 rows, at least 3 are expected; t: t has no column geom/,
    )
    expect(await fails([{ table: 't', geometryColumn: 'id' }])).toContain('t.id is no geometry')
    expect(await fails([{ table: 't', geometryColumn: 'id', srid: 4326 }])).toContain('PostGIS is not installed')
    expect(await fails([{ name: 'rows', sql: 'select count(*) from t', expected: '> 5' }])).toContain(
      'rows: it gives 1, > 5 is expected',
    )
    expect(await fails([{ sql: 'select 1', expected: 'nonsense' }])).toContain('cannot be read')
  })

  it('cannot write, and end in time', async () => {
    await sql('create table t (id int)')
    expect(await fails([{ sql: 'insert into t values (1) returning id', expected: '= 1' }])).toContain(
      'read-only transaction',
    )
    await expect(
      act('smoke-tests', { checks: [{ sql: 'select pg_sleep(30)', expected: '= 1' }] }, { statementTimeoutMs: 200 }),
    ).rejects.toMatchObject({ code: 'HONUA_TIMEOUT' })
    expect(await sql('select count(*)::int as n from t')).toEqual([{ n: 0 }])
  })

  it.each([
    ['bytes', "select repeat('x', 1000000) from generate_series(1, 200)", '128 MB'],
    ['rows', 'select from generate_series(1, 1100000)', '1000000 rows'],
  ])('do not take in an answer of too many %s', async (_, query, limit) => {
    const checks = [{ sql: query, expected: '= x' }]
    await expect(act('smoke-tests', { checks })).rejects.toMatchObject({
      code: 'HONUA_TARGET_REFUSED',
      message: expect.stringContaining(`more than ${limit}`),
    })
  })

  it('find a migration that was left half-done', async () => {
    await migrate(open(aTarget(server.port, database)), [aMigration('001_a', 'select 1;')])
    await sql("update honua_gitops.migrations set state = 'started'")
    expect(await fails([{ sql: 'select 1', expected: '= 1' }])).toContain('001_a was begun and never confirmed')
  })

  it.each([
    ['10', '> 9', true],
    ['10', '>9', true],
    ['-1', '< 0', true],
    ['10', '< 9', false],
    ['b', '> 1', false],
    ['b', '!= a', true],
    ['ready', '= ready', true],
    [null, '!= 1', false],
    ['1.0', '= 1', true],
    ['', '= 0', false],
  ])('%s is held against %s: %s', (found, expected, holds) => {
    expect(isAsExpected(found, expected)).toBe(holds)
  })
})
