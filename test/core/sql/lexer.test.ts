import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lex } from '../../../src/core/sql/lexer.ts'
import { splitStatements } from '../../../src/core/sql/statements.ts'

const split = (sql: string) => {
  const result = splitStatements(sql)
  return result.ok ? result.statements.map((statement) => statement.sql) : `${result.at}: ${result.what}`
}

describe('splitStatements', () => {
  it.each([
    ['select 1; select 2', ['select 1', 'select 2']],
    [';;\n;', []],
    ["select ';', 'it''s; fine'; select 2", ["select ';', 'it''s; fine'", 'select 2']],
    ["select E'a\\';b', 'c\\'; select 2", ["select E'a\\';b', 'c\\'", 'select 2']],
    ["select E'a'\n  -- more\n 'b\\';c'; select 2", ["select E'a'\n  -- more\n 'b\\';c'", 'select 2']],
    ["select e 'a\\'; select 2", ["select e 'a\\'", 'select 2']],
    ['select ";""" ; select 2', ['select ";"""', 'select 2']],
    ['select U&"a;" , u&\'b;\\\'; select 2', ['select U&"a;" , u&\'b;\\\'', 'select 2']],
    ['select $$a;b$$; select $x$ $$;$y$;$x$', ['select $$a;b$$', 'select $x$ $$;$y$;$x$']],
    ['select a$b$c; select $1; select $2$', ['select a$b$c', 'select $1', 'select $2$']],
    ['select 1 -- ; no\n; select /* ; /* ; */ ; */ 2', ['select 1', 'select /* ; /* ; */ ; */ 2']],
    ['select 1--; no\r; select 2', ['select 1', 'select 2']],
    [
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    [
      'create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3',
      [
        'create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end',
        'select 3',
      ],
    ],
    ['begin; select 1; end', ['begin', 'select 1', 'end']],
    ['select 1 + -- x', ['select 1 +']],
    ["select 'open", '7: a string that is opened here is not closed'],
    ['select $a$ open $b$', '7: a text that is opened here by $a$ is not closed'],
    ['select 1 /* /* */', '9: a comment that is opened here is not closed'],
    ['select "', '7: a quoted name that is opened here is not closed'],
    // Up to PostgreSQL 14 a number ends where a name begins, and the name takes the dollars.
    ['select 1a$$; select 2b$$', '7: a number runs into what follows it'],
    ["select 1E'\\''; select ''", '7: a number runs into what follows it'],
    ['select 0xFF, 1_000, 1.5e10, 1a from t', ['select 0xFF, 1_000, 1.5e10, 1a from t']],
  ])('%s', (sql, expected) => {
    expect(split(sql)).toEqual(expected)
  })

  it('a text in any kind of quote stays whole, whatever is in it', () => {
    const inside = fc.string({ unit: fc.constantFrom("'", '"', '$', ';', '-', '/', '*', '\\', '\n', 'a', ' ', '(') })
    const quoted = inside.chain((text) =>
      fc.constantFrom(
        `'${text.replaceAll("'", "''")}'`,
        `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
        `"${text.replaceAll('"', '""')}"`,
        `$q$${text.replaceAll('$', '')}$q$`,
        `/*${text.replace(/[*/]/g, '')}*/ x`,
        `--${text.replace(/\n/g, '')}\nx`,
      ),
    )
    fc.assert(
      fc.property(fc.array(quoted, { minLength: 1, maxLength: 5 }), (parts) => {
        const result = splitStatements(parts.map((part) => `select ${part};`).join(' '))
        expect(result.ok && result.statements).toHaveLength(parts.length)
      }),
    )
  })

  it('tokens cover any text in order, and statements are parts of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (sql) => {
        const lexed = lex(sql)
        if (!lexed.ok) return expect(lexed.at).toBeLessThan(sql.length)
        let end = 0
        for (const token of lexed.tokens) {
          expect(token.start).toBeGreaterThanOrEqual(end)
          expect(sql.slice(end, token.start).trim()).toBe('')
          end = token.end
        }
        const result = splitStatements(sql)
        for (const { sql: text, start } of result.ok ? result.statements : [])
          expect(sql.startsWith(text, start)).toBe(true)
      }),
    )
  })

  it('takes time in proportion to the text, also to one that is all openings', () => {
    const began = process.hrtime.bigint()
    for (const opening of ['/*', '$a', "'a' ", '--\n', "E'\\'", '(', '"a"', "' -- -- -- "]) {
      const lexed = lex(opening.repeat(100_000))
      expect(typeof lexed.ok).toBe('boolean')
    }
    expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(15_000)
  })
})
