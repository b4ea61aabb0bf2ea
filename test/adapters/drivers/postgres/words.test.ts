import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../../src/adapters/drivers/postgres/words.ts'

/** What is told of an error whose migration is `inGit`. */
function told(message: string, fields: Partial<pg.DatabaseError>, inGit = ''): string {
  const error = Object.assign(new pg.DatabaseError(message, message.length, 'error'), fields)
  return wordsOf(error, { secrets: [], inGit })
}

describe('of a server that does not speak English', () => {
  it.each([
    ['German', 'FEHLER', 'ungültige Eingabesyntax für Typ integer: »Ada Canary«'],
    ['German, the other way', 'FEHLER', 'ungültige Eingabesyntax für Typ integer: „Ada Canary“'],
    ['French', 'ERREUR', 'syntaxe en entrée invalide pour le type integer : « Ada Canary »'],
    ['Spanish', 'ERROR', 'la sintaxis de entrada no es válida para tipo integer: «Ada Canary»'],
    ['Spanish without accents', 'ERROR', 'el valor «Ada Canary» se sale del rango del tipo integer'],
    ['Japanese', 'ERROR', '型integerの入力構文が不正です: "Ada Canary"'],
    ['a translation without quotes', 'FEL', 'felaktig indatasyntax: Ada Canary'],
    ['one within quotes of another kind', 'ERROR', 'invalid: "a" \'Ada Canary\''],
  ])('no value is told: %s', (_, severity, message) => {
    const text = told(message, { severity, code: '22P02', dataType: 'integer' })
    expect(text).not.toContain('anary')
    expect(text).toMatch(/\(22P02/)
    expect(text).toContain('integer')
  })

  it('what a function raises is known by the routine, whatever its SQLSTATE and its CONTEXT say', () => {
    const where = 'PL/pgSQL-Funktion check_it() Zeile 4 bei RAISE'
    const raised = { severity: 'FEHLER', code: '23514', where, routine: 'exec_stmt_raise', table: 'people' }
    expect(told('customer Ada Canary has no address', raised, "raise 'customer % has no address'")).toBe(
      'customer (hidden) has no address (23514; table people)',
    )
  })

  it('what failed in a function of which nobody says how is taken for raised', () => {
    const where = 'PL/pgSQL-Funktion check_it() Zeile 4 bei RAISE'
    expect(told('customer Ada Canary has no address', { code: '23514', where })).toBe('(hidden) (23514)')
  })

  it('names of the migration are told', () => {
    const fields = { severity: 'ERREUR', code: '42P07', routine: 'heap_create_with_catalog' }
    const message = 'la relation « parcels » existe déjà'
    expect(told(message, fields, 'create table Parcels (id int)')).toBe(`${message} (42P07)`)
    expect(told(message, fields)).toBe('(hidden) (42P07)')
  })
})

describe('of a server that speaks English', () => {
  const severity = 'ERROR'

  it('what an assertion says is taken for raised', () => {
    const where = 'PL/pgSQL function inline_code_block line 4 at ASSERT'
    const message = 'customer Ada Canary has no address'
    for (const fields of [
      { code: 'P0004', where, routine: 'exec_stmt_assert' },
      { code: 'P0004', where },
      { code: 'P0004' },
    ])
      expect(told(message, { severity, ...fields })).toMatch(/^\(hidden\) \(P0004/)
  })

  it.each(['exec_stmt_raise', 'exec_stmt_assert', 'PLy_output', 'do_util_elog', 'pltcl_elog'])(
    'what %s says is taken for raised',
    (routine) => {
      expect(told('Ada Canary is unknown', { severity, code: '42704', routine }, 'is unknown')).toBe(
        '(hidden) is unknown (42704)',
      )
    },
  )

  it.each([
    ['value "12345" is out of range for type integer', '22003', 'value (hidden) is out of range for type integer'],
    ['value too long for type character varying(10)', '22001', 'value too long for type character varying(10)'],
    ['bit index 12345 out of valid range', '2202E', 'bit index (hidden) out of valid range'],
    [
      'requested character too large for encoding: 12345',
      '54000',
      'requested character too large for encoding: (hidden)',
    ],
    [
      'invalid byte sequence for encoding "UTF8": 0xe4 0x6d',
      '22021',
      'invalid byte sequence for encoding (hidden): (hidden)',
    ],
    ['relation "12345" does not exist', '42P01', 'relation (hidden) does not exist'],
  ])('%s', (message, code, safe) => {
    expect(told(message, { severity, code })).toBe(`${safe} (${code})`)
  })

  it('what is wrong in the statement itself is told whole, and so are the constraints that rows break', () => {
    const unknown = 'column "titel" does not exist'
    expect(told(unknown, { severity, code: '42703', position: '8' })).toBe(`${unknown} (42703)`)
    const broken = 'update or delete on table "people" violates foreign key constraint "owner" on table "parcels"'
    expect(told(broken, { severity, code: '23503', table: 'parcels' })).toBe(`${broken} (23503)`)
  })
})
