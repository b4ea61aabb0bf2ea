import { describe, expect, it } from 'vitest'
import { programWords } from '../../../../src/adapters/drivers/postgres/program-words.ts'

const FAILED = 'pg_restore: error: could not execute query'
const COPY = 'pg_restore: error: COPY failed for table "t"'

describe('of what pg_dump and pg_restore say', () => {
  it.each([
    ['COPY', `${COPY}: ERROR:  customer Ada Canary has no address`, `${COPY}: ERROR:  (hidden)`],
    ['a number', `${FAILED}: ERROR:  value "12345" is out of range for type integer`, `${FAILED}: ERROR:  (hidden)`],
    ['bytes', `${COPY}: ERROR:  invalid byte sequence for encoding "UTF8": 0xe4 0x6d`, `${COPY}: ERROR:  (hidden)`],
    ['German', `${COPY}: FEHLER:  ungültige Eingabesyntax für Typ integer: »Ada Canary«`, `${COPY}: FEHLER:  (hidden)`],
    [
      'French',
      `${FAILED}: ERREUR:  syntaxe en entrée invalide pour le type integer : « Ada Canary »`,
      `${FAILED}: ERREUR:  (hidden)`,
    ],
    ['a severity without capitals', `${FAILED}: 错误:  Ada Canary`, `${FAILED}: 错误:  (hidden)`],
    [
      'a value that is taken for a name',
      `${COPY}: ERROR:  relation "Ada Canary" does not exist`,
      `${COPY}: ERROR:  (hidden)`,
    ],
    ['the same of a role', `${COPY}: ERROR:  role "Ada Canary" does not exist`, `${COPY}: ERROR:  (hidden)`],
    [
      'names and more',
      `${COPY}: ERROR:  duplicate key value violates unique constraint "t_pkey" of Ada Canary`,
      `${COPY}: ERROR:  (hidden)`,
    ],
    [
      'a name that is taken for one with quotes',
      `${FAILED}: ERROR:  relation "a" Ada Canary "b" already exists`,
      `${FAILED}: ERROR:  (hidden)`,
    ],
    [
      'a type, and what is none of it',
      `${COPY}: ERROR:  invalid input syntax for type integer: "Ada Canary"`,
      `${COPY}: ERROR:  invalid input syntax for type integer: (hidden)`,
    ],
  ])('no value is told: %s', (_, line, told) => {
    expect(programWords(`${line}\nDETAIL:  Ada Canary\n`, [])).toBe(told)
  })

  it.each([
    `${FAILED}: ERROR:  relation "parcels" already exists`,
    `${FAILED}: ERROR:  role "gis" does not exist`,
    'pg_dump: error: connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  database "gis" does not exist',
    `${FAILED}: ERROR:  permission denied for schema public`,
    `${FAILED}: ERROR:  must be owner of table parcels`,
    `${FAILED}: ERROR:  unrecognized configuration parameter "transaction_timeout"`,
    `${COPY}: ERROR:  duplicate key value violates unique constraint "t_pkey"`,
    `${COPY}: ERROR:  insert or update on table "t" violates foreign key constraint "t_owner"`,
    'pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout',
    'pg_dump: error: connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user "honua"',
    'pg_dump: error: connection to server at "db" (10.0.0.1), port 5432 failed: Connection refused',
    'pg_restore: error: could not find a "pg_dump" to execute',
  ])('names are told: %s', (line) => {
    expect(programWords(`${line}\nCommand was: …\n`, [])).toBe(line)
  })

  it('the target’s own secrets are not told, and no other line than theirs', () => {
    expect(
      programWords('CONTEXT: canary\npg_dump: error: canary-secret is bad\npg_dump: hint: canary', ['canary-secret']),
    ).toBe('pg_dump: error: (hidden) is bad')
  })
})
