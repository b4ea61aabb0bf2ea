import { describe, expect, it } from 'vitest'
import { indexOf, natureOf } from '../../../src/core/sql/nature.ts'
import { destructionIn, isReviewed } from '../../../src/core/sql/review.ts'
import { type Statement, splitStatements } from '../../../src/core/sql/statements.ts'

function statementsOf(sql: string): readonly Statement[] {
  const split = splitStatements(sql)
  if (!split.ok) throw new Error(split.what)
  return split.statements
}
function one(sql: string): Statement {
  const [statement] = statementsOf(sql)
  if (statement === undefined) throw new Error('no statement')
  return statement
}

describe('what may break users of the database', () => {
  it.each([
    ['drop table t', 'drops a table'],
    ['DROP /* x */ MATERIALIZED VIEW v', 'drops a materialized view'],
    ['drop schema s cascade', 'drops a schema'],
    ['drop owned by x', 'drops a owned'],
    ['truncate t', 'truncates a table'],
    ['revoke select on t from public', 'revokes rights'],
    ['alter table t drop c', 'drops a column'],
    ['alter table only "s"."t" add a int, drop column if exists c', 'drops a column'],
    ['alter table if exists s.t * drop column c', 'drops a column'],
    ['alter table t alter c type bigint', 'changes the type of a column'],
    ['alter table t alter column "type" set data type text using (c::text)', 'changes the type of a column'],
    ['alter table t alter c set not null', 'takes no more empty values in a column'],
    ['alter table t rename to u', 'renames a table or a part of one'],
    ['alter table t rename column a to b', 'renames a table or a part of one'],
    ['alter table t set schema other', 'moves a table to another schema'],
    ['alter table t detach partition p', 'detaches a partition'],
    ['alter view v rename to w', 'renames a view'],
    ['alter type ty drop attribute a', 'changes a type'],
    ['delete from t', 'deletes every row of a table'],
    ['delete from t where true', 'deletes every row of a table'],
    ['delete from t where 1 = 1', 'deletes every row of a table'],
    ['with gone as (delete from t returning *) select * from gone where id = 1', 'deletes every row of a table'],
    ['update t set a = 1', 'overwrites every row of a table'],
    ['explain analyze delete from t', 'deletes every row of a table'],
    ['merge into t using u on t.id = u.id when matched then delete', 'deletes rows by MERGE'],
    ['do $$ begin drop table t; end $$', 'runs a block of code with DROP in it'],
    ["do 'begin execute ''x''; end'", 'runs a block of code with EXECUTE in it'],
    ["do e'begin dr\\157p table x; end'", 'runs a block of code that cannot be judged'],
    ["do u&'begin dr\\006fp table x; end'", 'runs a block of code that cannot be judged'],
    ["do 'begin dr'\n'op table x; end'", 'runs a block of code that cannot be judged'],
    ['explain analyze update t set a = 1', 'overwrites every row of a table'],
    ['prepare p as update t set a = 1', 'overwrites every row of a table'],
    ['do $b$ begin update t set a = 1; end $b$', 'runs a block of code that may empty or overwrite a table'],
  ])('%s', (sql, expected) => {
    expect(destructionIn(one(sql))).toBe(expected)
  })

  it.each([
    "create table t (id int, type text, drop_me text default 'drop table t')",
    'create index i on t (id)',
    'drop index i',
    'alter table t add column type text, add constraint c check (id > 0)',
    'alter table t drop constraint c, alter a drop not null, alter b drop default',
    'alter table t alter c set default 1',
    "alter type ty add value 'x'",
    'delete from t where id = 1',
    'update t set a = 1 where (select true) and id in (1)',
    'with x as (select 1) update t set a = 1 where id = 2',
    'insert into t values (1) on conflict (id) do update set a = 1',
    'create trigger g before update or delete on t for each row execute function f()',
    'create table u (id int references t on delete cascade on update cascade)',
    'select * from t for update',
    "insert into log values ('drop table t; truncate x') -- drop table t",
    'create function f() returns void language sql as $$ delete from t $$',
    'do $$ begin update t set a = 1 where id = 2; delete from t where id = 3; end $$',
    'grant select on t to public',
    'comment on table t is $$drop table t$$',
  ])('not: %s', (sql) => {
    expect(destructionIn(one(sql))).toBeNull()
  })

  it('is reviewed by a marker with a reason before the statement or in it, of that statement alone', () => {
    const marks = (sql: string) => statementsOf(sql).map(isReviewed)
    expect(marks('-- honua:compatibility-review reason=unused since May\ndrop table a; drop table b')).toEqual([
      true,
      false,
    ])
    expect(marks('drop table a; -- honua:compatibility-review reason=x\ndrop table b')).toEqual([false, false])
    expect(marks('drop table a -- honua:compatibility-review reason="x"\n;')).toEqual([true])
    expect(marks('-- honua:compatibility-review\ndrop table a')).toEqual([false])
    expect(marks('-- honua:compatibility-review reason= \ndrop table a')).toEqual([false])
    expect(marks("select '-- honua:compatibility-review reason=x'; drop table a")).toEqual([false, false])
    expect(marks('/* -- honua:compatibility-review reason=x */ drop table a')).toEqual([false])
  })
})

describe('what care a statement needs', () => {
  it.each([
    'begin',
    'START TRANSACTION',
    'commit',
    'end',
    'rollback to x',
    'abort',
    'savepoint s',
    'release s',
    "prepare transaction 'x'",
    "commit prepared 'x'",
    'set transaction read only',
    'set session characteristics as transaction read only',
  ])('%s begins or ends a transaction', (sql) => expect(natureOf(one(sql)).controlsTransaction).toBe(true))

  it.each([
    'prepare p as select 1',
    'set search_path to x',
    'create table "begin" (id int)',
    "comment on table t is 'commit'",
  ])('%s does not', (sql) => expect(natureOf(one(sql)).controlsTransaction).toBe(false))

  it.each([
    ['create unique index concurrently i on t (a)', false],
    ['create index concurrently if not exists i on t (a)', true],
    ['drop index concurrently if exists i', true],
    ['reindex (concurrently) table t', true],
    ['reindex (verbose) database d', true],
    ['vacuum analyze t', true],
    ['create database d', false],
    ["alter system set work_mem = '1MB'", true],
    ['alter table p detach partition q concurrently', false],
    ['cluster', true],
  ])('%s stands alone; it may be run twice: %s', (sql, repeatable) => {
    expect(natureOf(one(sql))).toEqual({ controlsTransaction: false, standsAlone: true, repeatable })
  })

  it.each([
    'create index i on t (a)',
    'alter table t add a int',
    'refresh materialized view concurrently v',
    "alter type ty add value 'x'",
    'cluster t using i',
    'analyze t',
  ])('%s does not stand alone', (sql) => expect(natureOf(one(sql)).standsAlone).toBe(false))

  it.each([
    ['create index concurrently My_i on t (a)', { name: 'my_i', table: 't', drops: false }],
    [
      'create unique index concurrently if not exists "My ""i" on only Gis."T" (a)',
      { name: 'My "i', table: 'gis."T"', drops: false },
    ],
    ['drop index concurrently if exists s."I"', { name: 's."I"', drops: true }],
    ['drop index concurrently a, b', null],
    ['create index concurrently on t (a)', null],
    ['vacuum t', null],
  ])('%s is about the index %o', (sql, expected) => {
    expect(indexOf(one(sql))).toEqual(expected)
  })
})
